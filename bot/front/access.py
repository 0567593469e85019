"""Access codes in a client's chat: /unlock, /lock, and a generated code in a message.

What a code opens is decided, counted and noted in the event's own transaction; the words around it
are then answered by whoever the chat talks to afterwards.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

from bot.core.secrets import SecretKind, without
from bot.core.spellings import beginning
from bot.core.texts import say
from bot.core.texts.client import Access as Say
from bot.front.answers import Answers
from bot.front.event import ClientEvent
from bot.front.here import profile_of
from bot.ports import Channel, Clock
from bot.turns.redact import Redaction
from db.chats import ChatWork
from db.codes import gives_codes, matching
from db.records import PUBLIC, Draft
from db.tenants import tenant_by_id
from db.unlocking import Tried, UseCode
from tenants.profile import Profile


@dataclass(frozen=True, slots=True)
class Reading:
    """What may be the code in what was typed, by its hashes, and what is asked beside it.

    `asked` is the update as a message; None: nothing.
    """

    digests: tuple[str, ...] = field(repr=False)
    asked: str | None


@dataclass(frozen=True, slots=True)
class AccessCodes:
    """For everybody."""

    answers: Answers
    redaction: Redaction
    clock: Clock

    async def unlock(self, event: ClientEvent) -> None:
        """`/unlock CODE`, and perhaps a question behind it."""
        channel, address = self._channel(event), event.stored.address
        said = "".join(channel.words(event.stored.payload).said[:1])
        blank = not said.split()[1:]
        if blank or address is None or not channel.is_private(address):
            answer = await self.answers.say(event, Say.HOW if blank else Say.IN_PRIVATE)
            await self.answers.events.handle(event.stored, lambda _: answer)
        else:
            argument = await self.redaction.first(event.stored.row, SecretKind.ARGUMENT)
            await self._try(event, await self._readings(event, argument))

    async def code(self, event: ClientEvent) -> bool:
        """A generated code in a message: whatever else this says is answered in any case.

        The result is whether the message that held it is better deleted.
        """
        code = await self.redaction.first(event.stored.row, SecretKind.CODE)
        payload, channel = event.stored.payload, self._channel(event)
        rest = without("".join(channel.words(payload).said[:1]), code)
        asked = channel.say_instead(payload, rest) if rest else None
        reading = Reading(self.redaction.digests_of(code), asked)
        tried = await self._try(event, [reading], refused=asked, unless=payload)
        return tried is None or not tried.wait_seconds  # else perhaps it was an order number

    async def lock(self, event: ClientEvent) -> None:
        """Back to the assistant that everybody may talk to."""
        language = await self.answers.here.speaks(event)

        def work(chat: ChatWork) -> Sequence[Draft]:
            now_on = chat.current()
            if now_on.assistant == PUBLIC:
                return self.answers.drafts(event, say(Say.NOT_OPEN, language))
            chat.switch(now_on.tenant)
            return self.answers.drafts(event, say(Say.LOCKED, language))

        await self.answers.obey(event, work)

    async def _readings(self, event: ClientEvent, argument: str) -> Sequence[Reading]:
        """All of it, its first word, or as much as makes a generated code, however written."""
        redaction = self.redaction
        first, rest = (*argument.split(maxsplit=1), "", "")[:2]
        start = beginning(argument)
        readings = [Reading(redaction.digests(argument), None)]
        readings.append(Reading(redaction.digests(first), await self._asked(event, rest)))
        if start:
            behind = await self._asked(event, argument[len(start) :])
            readings.append(Reading(redaction.digests_of(start), behind))
        return readings

    async def _asked(self, event: ClientEvent, rest: str) -> str | None:
        if not re.search(r"\w", rest):
            return None
        instead = self._channel(event).say_instead(event.stored.payload, rest.strip())
        return await self.redaction.rest(event.stored.address, instead)

    async def _try(
        self,
        event: ClientEvent,
        readings: Sequence[Reading],
        *,
        refused: str | None = None,
        unless: str | None = None,
    ) -> Tried | None:
        """Use the code, unless that was done before: then the result is None.

        Who asks nothing beside it is greeted. `refused` is asked if it opens nothing. `unless`: the
        message that this is where the company gives no codes out, so that none was meant.
        """
        language, now = await self.answers.here.speaks(event), self.clock.now()
        place = await self.redaction.first(event.stored.row, SecretKind.PLACE)
        outcome: list[Tried] = []

        def work(chat: ChatWork) -> Sequence[Draft]:
            tenant = chat.current().tenant
            if unless and not chat.read(gives_codes, [tenant]):
                chat.ask_again(unless)
                return ()
            row = chat.read(tenant_by_id, tenant)
            company = profile_of(row) if row else Profile()
            use = UseCode(
                tenant=tenant,
                chat=chat.chat,
                digests=tuple(digest for one in readings for digest in one.digests),
                assistants=frozenset(company.assistants),
                actor=event.actor,
                now=now,
                place=place or None,
            )
            asked = next((one.asked for one in readings if _fits(chat, tenant, one)), None)
            tried: Tried = chat.do(use)
            outcome[:] = [tried]
            if tried.assistant:
                chat.switch(tenant, assistant=tried.assistant)
            told = [_told(tried, language)]
            if left := asked if tried.assistant else refused:
                chat.ask_again(left)
            elif tried.assistant:
                told.append(company.assistant(tried.assistant).text_for("welcome", language))
            return self.answers.drafts(event, *told)

        await self.answers.events.handle(event.stored, work)
        return outcome[0] if outcome else None

    def _channel(self, event: ClientEvent) -> Channel:
        return self.answers.channels[event.channel]


def _told(tried: Tried, language: str) -> str:
    if tried.assistant:
        return say(Say.OPENED, language)
    if tried.wait_seconds:
        return say(Say.WAIT, language, count=ceil(tried.wait_seconds / 60))
    return say(Say.REFUSED, language)


def _fits(chat: ChatWork, tenant: int, reading: Reading) -> bool:
    return bool(chat.read(matching, tenant, reading.digests))
