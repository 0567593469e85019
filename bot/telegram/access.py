"""Access codes in a client's chat: /unlock, /lock, and a generated code in a message.

What a code opens is decided, counted and noted in the update's own transaction; the words
around it are then answered by whoever the chat talks to afterwards.
"""

import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from telegram import Message, Update
from telegram.ext import CommandHandler

from bot.core.secrets import MARK, SecretKind, without
from bot.core.spellings import beginning
from bot.core.texts import say
from bot.core.texts.client import Access as Say
from bot.ports import Clock
from bot.telegram.captions import Handler, command_handlers
from bot.telegram.events import Dispatcher, TelegramApplication, texts
from bot.telegram.person import full_name, person
from bot.telegram.presses import best_effort
from bot.telegram.read import say_instead, words_in
from bot.telegram.secrets import Secrets
from db.chats import PUBLIC, ChatWork
from db.codes import gives_codes, matching
from db.records import Actor, Draft
from db.tenants import tenant_by_id
from db.unlocking import Tried, UseCode


@dataclass(frozen=True, slots=True)
class Reading:
    """What may be the code in what was typed, by its hashes, and what is asked beside it.

    `asked` is the update as a message; None: nothing.
    """

    digests: tuple[str, ...] = field(repr=False)
    asked: str | None


@dataclass(frozen=True, slots=True)
class Access:
    """Handlers for everybody. `speaks` gives the language in which an update is answered."""

    dispatcher: Dispatcher
    secrets: Secrets
    clock: Clock
    speaks: Callable[[Update], Awaitable[str]]
    otherwise: Handler  # takes a message in which there is no code

    def register(self, application: TelegramApplication) -> None:
        """Add the handlers of the commands; messages come through the desk."""
        application.add_handler(CommandHandler("unlock", self.unlock))
        application.add_handlers(command_handlers("lock", self.lock))

    async def message(self, update: Update, context: Any) -> None:
        """A message that answers nothing that was asked."""
        if update.message and SecretKind.CODE in update.api_kwargs.get(MARK, ()):
            await self._code(update, update.message)
        else:
            await self.otherwise(update, context)

    async def unlock(self, update: Update, _: Any) -> None:
        """`/unlock CODE`, and perhaps a question behind it."""
        message, argument = _said(update), await self.secrets.first(update, SecretKind.ARGUMENT)
        blank = not (message.text or "").split()[1:]
        if message.chat.type != "private" or blank:
            text = Say.HOW if blank else Say.IN_PRIVATE
            await self._say(update, text)
        else:
            await self._try(update, await self._readings(update, argument))
        if not blank:
            await best_effort(message.delete)

    async def _readings(self, update: Update, argument: str) -> Sequence[Reading]:
        """All of it, its first word, or as much as makes a generated code, however written."""
        redaction = self.secrets.redaction
        first, rest = (*argument.split(maxsplit=1), "", "")[:2]
        start = beginning(argument)
        readings = [Reading(redaction.digests(argument), None)]
        readings.append(Reading(redaction.digests(first), await self._asked(update, rest)))
        if start:
            behind = await self._asked(update, argument[len(start) :])
            readings.append(Reading(redaction.digests_of(start), behind))
        return readings

    async def _asked(self, update: Update, rest: str) -> str | None:
        if not re.search(r"\w", rest):
            return None
        instead = say_instead(self.dispatcher.payload(update), rest.strip())
        return await self.secrets.redaction.rest(self.dispatcher.address(update), instead)

    async def _code(self, update: Update, message: Message) -> None:
        """A generated code in a message: whatever else this says is answered in any case."""
        code = await self.secrets.first(update, SecretKind.CODE)
        payload = self.dispatcher.payload(update)
        rest = without(next(iter(words_in(payload).said), ""), code)
        asked = say_instead(payload, rest) if rest else None
        reading = Reading(self.secrets.redaction.digests_of(code), asked)
        tried = await self._try(update, [reading], refused=asked, unless=payload)
        if tried is None or not tried.wait_seconds:  # else perhaps it was an order number
            await best_effort(message.delete)

    async def lock(self, update: Update, _: Any) -> None:
        """Back to the assistant that everybody may talk to."""
        language = await self.speaks(update)

        def work(chat: ChatWork) -> Sequence[Draft]:
            now_on = chat.current()
            if now_on.assistant == PUBLIC:
                return texts(say(Say.NOT_OPEN, language))
            chat.switch(now_on.tenant)
            return texts(say(Say.LOCKED, language))

        await self.dispatcher.obey(update, work)

    async def _try(
        self,
        update: Update,
        readings: Sequence[Reading],
        *,
        refused: str | None = None,
        unless: str | None = None,
    ) -> Tried | None:
        """Use the code, unless that was done before: then the result is None.

        `refused` is asked if it opens nothing. `unless`: the message that this is where the company
        gives no codes out, so that none was meant.
        """
        language, actor, now = await self.speaks(update), _actor(update), self.clock.now()
        outcome: list[Tried] = []

        def work(chat: ChatWork) -> Sequence[Draft]:
            tenant = chat.current().tenant
            if unless and not chat.read(gives_codes, [tenant]):
                chat.ask_again(unless)
                return ()
            use = UseCode(
                tenant=tenant,
                chat=chat.chat,
                digests=tuple(digest for one in readings for digest in one.digests),
                assistants=_assistants(chat, tenant),
                actor=actor,
                now=now,
            )
            asked = next((one.asked for one in readings if _fits(chat, tenant, one)), None)
            tried: Tried = chat.do(use)
            outcome[:] = [tried]
            if tried.assistant:
                chat.switch(tenant, assistant=tried.assistant)
            if left := asked if tried.assistant else refused:
                chat.ask_again(left)
            return texts(_told(tried, language))

        await self.dispatcher.handle(update, work)
        return outcome[0] if outcome else None

    async def _say(self, update: Update, text: Say) -> None:
        answer = texts(say(text, await self.speaks(update)))
        await self.dispatcher.handle(update, lambda _: answer)


def _said(update: Update) -> Message:
    if update.effective_message is None:
        raise ValueError("nobody said anything")
    return update.effective_message


def _actor(update: Update) -> Actor:
    user = person(update)
    return Actor(user.id, full_name(user)) if user else Actor(None, "client")


def _assistants(chat: ChatWork, tenant: int) -> frozenset[str]:
    row = chat.read(tenant_by_id, tenant)
    return frozenset(json.loads(row.body).get("assistants", ())) if row else frozenset()


def _told(tried: Tried, language: str) -> str:
    if tried.assistant:
        return say(Say.OPENED, language)
    if tried.wait_seconds:
        return say(Say.WAIT, language, count=ceil(tried.wait_seconds / 60))
    return say(Say.REFUSED, language)


def _fits(chat: ChatWork, tenant: int, reading: Reading) -> bool:
    return bool(chat.read(matching, tenant, reading.digests))
