"""Somebody could not be helped: people of the company are told of it, and shown how it stands."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from bot.core.labels import one_line
from bot.core.texts import Text, say
from bot.core.texts.people import Wanted as Say
from bot.errors import RetryLater, SportelloError
from bot.ports import AnswerKey, Channel, Clock, Outgoing, Telemetry
from bot.turns.door import day
from bot.turns.duty import is_on_duty
from bot.turns.hosts import Hosts
from bot.turns.lanes import Lanes
from bot.turns.zones import clock_of
from db.attention import Asked, Case, Outdated, Rewritten, TellPeople, outdated, untold
from db.engine import Database
from db.journal import Journal
from db.records import TELEGRAM, Draft, OutboxKind, Pinned
from db.talks import FromClient, Talk
from db.tenants import tenant_by_id
from tenants.permissions import Action, Role, may
from tenants.profile import Profile
from tenants.registry import Registry

LOOK_SECONDS: Final = 30.0  # for what another process left
SOON_SECONDS: Final = 2.0  # until a message on its way has arrived
ASKED_CHARACTERS, LINE_CHARACTERS = 300, 200
MOST_ASKED, MOST_LINES = 8, 8
READERS: Final = frozenset(role for role in Role if may(role, Action.CHATS))
READERS_OF_PRIVATE: Final = frozenset(one for one in READERS if may(one, Action.ASSISTANTS))


@dataclass(slots=True)
class Attention:
    """Tells what the end of a turn wrote down: once, whatever dies in between.

    `bots`: those for which this process speaks.
    """

    journal: Journal
    database: Database
    registry: Registry
    channels: Mapping[str, Channel]
    lanes: Lanes
    hosts: Hosts
    clock: Clock
    telemetry: Telemetry
    bots: set[int] = field(default_factory=set)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """There is something to tell, or to show."""
        self._wake.set()

    async def keep(self) -> None:
        """Tell and show what there is until cancelled."""
        while True:
            self._wake.clear()
            wait = LOOK_SECONDS
            try:
                wait = await self.once()
            except Exception as error:
                self.telemetry.warn("people not told", error=type(error).__name__, exc_info=error)
            timer = self.clock.call_later(wait, self.wake)
            await self._wake.wait()
            timer.cancel()

    async def once(self) -> float:
        """Do what there is now; the result is when to look again, in seconds."""
        for talk in await self.database.read(untold):
            await self._tell(talk)
        now = self.clock.now()
        soon = False
        for shown in await self.database.read(outdated, tuple(self.bots), now=now):
            soon = await self._show(shown) or soon
        return SOON_SECONDS if soon else LOOK_SECONDS

    # ---------------------------------------------------------------- telling

    async def _tell(self, talk: Talk) -> None:
        profile = await self._profile(talk)
        if profile is None:
            return
        now = self.clock.now()
        local = datetime.fromtimestamp(now, clock_of(profile.time_zone))
        tell = TellPeople(
            talk,
            self.lanes.delivery.owner,
            frozenset(self.bots),
            READERS_OF_PRIVATE if talk.is_private else READERS,
            now,
            lambda case, language: self._draft(case, profile, language),
            lambda hours: is_on_duty(hours, local),
        )
        told = await self.journal.do(tell)
        if told.nobody:
            await self._tell_hosts(talk, profile)
            told = await self.journal.do(replace(tell, though_nobody=True))
        self.lanes.add(told.rows, {})
        self.telemetry.record("people told", talk=talk.row, messages=len(told.rows))

    async def _tell_hosts(self, talk: Talk, profile: Profile) -> None:
        """Once a day for each company: nobody there can be reached."""
        key = f"nobody told {talk.tenant} {day(self.clock.now())}"
        bot_id, company = talk.address.bot_id, profile.company_name or str(talk.tenant)
        await self.hosts.inform((), Text.HOST_NOBODY_TOLD, bot_id, key=key, company=company)

    async def _profile(self, talk: Talk) -> Profile | None:
        tenant = await self.database.read(tenant_by_id, talk.tenant)
        if tenant is None:
            return None
        return await self.registry.profile(tenant.id, Pinned(tenant.version))

    def _draft(self, case: Case, profile: Profile, language: str | None) -> Draft:
        text, markup = self._notice(case, profile, language)
        return Draft(OutboxKind.NOTICE, 0, text, markup=markup)

    # ---------------------------------------------------------------- showing

    async def _show(self, shown: Outdated) -> bool:
        """Make a message say how it stands; whether it has to be tried again soon."""
        now, again = self.clock.now(), None
        if shown.message_id is None:
            again = None if shown.lost else now + SOON_SECONDS
        else:
            try:
                await self._rewrite(shown, shown.message_id)
            except RetryLater as error:
                again = now + max(error.after, SOON_SECONDS)
            except SportelloError:
                again = None  # what Telegram no longer lets us change stays as it is
        await self.journal.do(Rewritten(shown.quote, shown.asked_at, again))
        return again is not None

    async def _rewrite(self, shown: Outdated, message_id: str) -> None:
        text, markup = say(Say.ERASED, shown.language), None
        if shown.case:
            profile = await self._profile(shown.case.talk)
            if profile:
                text, markup = self._notice(shown.case, profile, shown.language)
        message = Outgoing(shown.address, text, markup=markup)
        await self.channels[shown.address.channel].rewrite(message, message_id)

    # ---------------------------------------------------------------- the words

    def _notice(self, case: Case, profile: Profile, language: str | None) -> tuple[str, str]:
        """Who, what was wanted, and the last lines; with the keys."""
        talk = case.talk
        name = talk.name or say(Say.SOMEBODY, language)
        worst = Say(_HEADS[min((one.outcome for one in case.asked), key=_ORDER.index)])
        head = say(worst, language, name=name)
        asked = [f"• {one}" for one in self._asked(case)][-MOST_ASKED:]
        lines = [*self._lines(case)][-MOST_LINES:]
        parts = [f"{profile.company_name}\n{head}".strip(), "\n".join(asked), "\n".join(lines)]
        read = AnswerKey(say(Say.READ, language), f"chats:{talk.tenant}:read {talk.row}")
        done = AnswerKey(say(Say.DONE, language), f"chats:{talk.tenant}:done {talk.row}")
        keys = [read, done]
        if case.done_by is not None:
            parts.append(say(Say.DONE_BY, language, name=case.done_by))
            keys = [read]
        text = "\n\n".join(filter(None, parts))
        return text, self.channels[TELEGRAM].keys([keys])

    def _asked(self, case: Case) -> Iterator[str]:
        """What was wanted, as the answer put it, else in the client's words."""
        for one in case.asked:
            if text := one.about or " ".join(self._words(case, one)):
                yield one_line(text, ASKED_CHARACTERS)

    def _words(self, case: Case, asked: Asked) -> Iterable[str]:
        heard = (one for one in case.page.heard if one.turn == asked.turn)
        return filter(None, (self._read(case.talk, one) for one in heard))

    def _lines(self, case: Case) -> Iterator[str]:
        for turn in case.page.turns:
            words = (self._read(case.talk, one) for one in case.page.heard if one.turn == turn.row)
            for text in filter(None, words):
                yield f"👤 {one_line(text, LINE_CHARACTERS)}"
            for text, _ in turn.said:
                yield f"🤖 {one_line(text, LINE_CHARACTERS)}"

    def _read(self, talk: Talk, heard: FromClient) -> str:
        channel = self.channels[talk.address.channel]
        try:
            return channel.read(heard.message.payload, bot_id=talk.address.bot_id).text
        except ValueError:
            return ""


_HEADS: Final = {
    "complaint": Say.HEAD_COMPLAINT,
    "handover": Say.HEAD_HANDOVER,
    "failed": Say.HEAD_FAILED,
    "unknown": Say.HEAD_UNKNOWN,
}
_ORDER: Final = [*_HEADS]  # what is told of several: the most pressing
