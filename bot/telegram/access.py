"""Access codes in a client's chat: /unlock, /lock, and a generated code in a message.

What a code opens is decided, counted and noted in the update's own transaction; the words
around it are then answered by whoever the chat talks to afterwards.
"""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from telegram import Message, Update
from telegram.ext import CommandHandler

from bot.core.secrets import (
    MARK,
    SecretKind,
    find,
    redact,
    say_instead,
    spoken,
    without,
)
from bot.core.texts import say
from bot.core.texts.access import Access as Say
from bot.ports import Clock
from bot.telegram.events import Dispatcher, TelegramApplication, texts
from bot.telegram.presses import best_effort
from bot.telegram.secrets import Secrets
from db.chats import PUBLIC, ChatWork
from db.journal import apply
from db.records import Actor, Draft
from db.tenants import tenant_by_id
from db.unlocking import Tried, UseCode

Handler = Callable[[Update, Any], Awaitable[None]]


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
        application.add_handler(CommandHandler("lock", self.lock))

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
            first, rest = (*argument.split(maxsplit=1), "", "")[:2]
            asked = _redacted(say_instead(self.dispatcher.payload(update), rest)) if rest else None
            digests = self.secrets.redaction.digests
            readings = (*digests(argument), *digests(first))
            await self._try(update, readings, opened=asked, refused=None)
        if not blank:
            await best_effort(message.delete)

    async def _code(self, update: Update, message: Message) -> None:
        """A generated code in a message: whatever else this says is answered in any case."""
        code = await self.secrets.first(update, SecretKind.CODE)
        payload = self.dispatcher.payload(update)
        rest = without(spoken(payload), code)
        asked = say_instead(payload, rest) if rest else None
        digests = self.secrets.redaction.digests(code)
        tried = await self._try(update, digests, opened=asked, refused=asked)
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

        await self.dispatcher.handle(update, work)

    async def _try(
        self,
        update: Update,
        digests: tuple[str, ...],
        *,
        opened: str | None,
        refused: str | None,
    ) -> Tried | None:
        """Use the code, unless that was done before: then the result is None.

        What is asked afterwards is the update as a message, None: nothing.
        """
        language, actor, now = await self.speaks(update), _actor(update), self.clock.now()
        outcome: list[Tried] = []

        def work(chat: ChatWork) -> Sequence[Draft]:
            tenant = chat.current().tenant
            use = UseCode(
                tenant=tenant,
                chat=chat.chat,
                digests=digests,
                assistants=_assistants(chat, tenant),
                actor=actor,
                now=now,
            )
            tried: Tried = apply(chat.connection, [use])[0]
            outcome[:] = [tried]
            if tried.assistant:
                chat.switch(tenant, assistant=tried.assistant)
            if asked := opened if tried.assistant else refused:
                chat.ask_again(asked)
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
    user = update.effective_user
    return Actor(user.id, user.full_name) if user else Actor(None, "client")


def _assistants(chat: ChatWork, tenant: int) -> frozenset[str]:
    row = tenant_by_id(chat.connection, tenant)
    return frozenset(json.loads(row.body).get("assistants", ())) if row else frozenset()


def _told(tried: Tried, language: str) -> str:
    if tried.assistant:
        return say(Say.OPENED, language)
    if tried.wait_seconds:
        return say(Say.WAIT, language, count=ceil(tried.wait_seconds / 60))
    return say(Say.REFUSED, language)


def _redacted(payload: str) -> str:
    """What stood behind a code is stored with as little as any other message."""
    held = find(payload)
    return redact(payload, held) if held else payload
