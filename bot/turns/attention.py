"""What waits for people of the company: they are told of it, and shown how it stands."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, TypeVar
from weakref import WeakValueDictionary

from bot.core.labels import one_line
from bot.core.texts import Text, say
from bot.core.texts.desk import Home
from bot.core.texts.people import Wanted as Say
from bot.errors import RetryLater, SportelloError
from bot.ports import AnswerKey, Channel, Clock, Outgoing, Telemetry, Tool, Toolbox
from bot.turns.budget import day
from bot.turns.call_words import line_of, titles_of
from bot.turns.duty import is_on_duty, readers
from bot.turns.hosts import Hosts
from bot.turns.lanes import Lanes
from bot.turns.request_words import text_of
from bot.turns.shown import client_of, repeats, words_of
from bot.turns.zones import clock_of
from db.attention import Asked, Case, TellPeople, untold
from db.engine import Database
from db.journal import Journal
from db.outdated import Outdated, Rewritten, outdated
from db.people import roles_of
from db.quotes import was_forgotten
from db.records import TELEGRAM, Address, Draft, OutboxKind, Outcome, Pinned
from db.requests import ClientRequest, untold_requests
from db.talks import BATCH, FromClient, Talk
from db.tenants import tenant_by_id
from tenants.profile import Profile
from tenants.registry import Registry

LOOK_SECONDS: Final = 30.0  # for what another process left
SOON_SECONDS: Final = 2.0  # until a message on its way has arrived
CUTS: Final = (250, 120, 60)  # characters of what is quoted, until a message has room
MOST_BYTES: Final = 8_000  # in UTF-16: Telegram takes 4,096 pairs
MOST_ASKED, MOST_LINES = 8, 8
CLIENT: Final = "👤"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Company:
    """What its notices are made with; `find`: any of its tools, by the name."""

    profile: Profile
    find: Callable[[str], Tool | None]


@dataclass(slots=True)
class Attention:
    """Tells what the end of a turn wrote down: once, whatever dies in between."""

    journal: Journal
    database: Database
    registry: Registry
    toolbox: Toolbox
    channels: Mapping[str, Channel]
    lanes: Lanes
    hosts: Hosts
    clock: Clock
    telemetry: Telemetry
    bots: set[int]  # for which this process speaks
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _held: WeakValueDictionary[tuple[Address, str], asyncio.Lock] = field(
        default_factory=WeakValueDictionary
    )

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
        await self._tell_all()
        wait, is_full = LOOK_SECONDS, True
        while is_full:
            now = self.clock.now()
            found = await self.database.read(outdated, tuple(self.bots), now=now)
            soon = [await self._apart(self._show(shown)) for shown in found]
            wait = SOON_SECONDS if any(soon) else wait
            is_full = len(found) == BATCH and soon != [None] * BATCH  # else it would be the same
        return wait

    async def _apart(self, work: Awaitable[T]) -> T | None:
        """What fails for one conversation keeps nobody from hearing of the others."""
        try:
            return await work
        except Exception as error:
            self.telemetry.warn("people not told", error=type(error).__name__, exc_info=error)
            return None

    # ---------------------------------------------------------------- telling

    async def _tell_all(self) -> None:
        """What waits for somebody's hours is kept: so is all else that the same people read."""
        later = set[tuple[int, bool]]()
        for of_one_kind in (untold, untold_requests):
            after: int | None = 0
            while after is not None:
                talks, after = await self.database.read(of_one_kind, after)
                for talk in talks:
                    company = (talk.tenant, talk.is_private)
                    if company not in later and await self._apart(self._tell(talk)):
                        later.add(company)

    async def _tell(self, talk: Talk) -> bool:
        """Whether nobody is on duty who could be told."""
        company = await self._company(talk)
        if company is None:
            return False
        now = self.clock.now()
        local = datetime.fromtimestamp(now, clock_of(company.profile.time_zone))
        tell = TellPeople(
            talk,
            self.lanes.delivery.owner,
            frozenset(self.bots),
            readers(private=talk.is_private),
            now,
            lambda case, language: self._draft(case, company, language),
            lambda hours: is_on_duty(hours, local),
        )
        told = await self.journal.do(tell)
        if told.nobody:
            await self._tell_hosts(talk, company.profile)
            told = await self.journal.do(replace(tell, though_nobody=True))
        self.lanes.add(told.rows, {})
        if not told.later:
            self.telemetry.record("people told", talk=talk.row, messages=len(told.rows))
        return told.later

    async def _tell_hosts(self, talk: Talk, profile: Profile) -> None:
        """Once a day for each company: nobody there can be reached."""
        key = f"nobody told {talk.tenant} {day(self.clock.now())}"
        bot_id, name = talk.address.bot_id, profile.company_name or str(talk.tenant)
        await self.hosts.inform((), Text.HOST_NOBODY_TOLD, bot_id, key=key, company=name)

    async def _company(self, talk: Talk, *, in_doubt: bool = True) -> _Company | None:
        """`in_doubt`: there may be calls of its tools to name."""
        tenant = await self.database.read(tenant_by_id, talk.tenant)
        if tenant is None:
            return None
        profile = await self.registry.profile(tenant.id, Pinned(tenant.version))
        toolbox = await self.toolbox.at(tenant.id) if in_doubt else self.toolbox
        return _Company(profile, toolbox.find)

    def _draft(self, case: Case | ClientRequest, company: _Company, language: str | None) -> Draft:
        text, markup = self._notice(case, company, language)
        return Draft(OutboxKind.NOTICE, 0, text, markup=markup)

    # ---------------------------------------------------------------- showing

    @asynccontextmanager
    async def showing(
        self, address: Address, message_id: str, *, read_at: float
    ) -> AsyncIterator[bool]:
        """While a message of ours gets words that were read then; False: they were forgotten since.

        What is forgotten while they are on their way is taken out after them.
        """
        async with self._hold(address, message_id):
            read = self.database.read
            forgotten = await read(was_forgotten, address, message_id, since=read_at)
            yield not forgotten
        if forgotten:
            self.wake()

    def _hold(self, address: Address, message_id: str) -> asyncio.Lock:
        """One at a time may change what a message says, so that the last word is the newest."""
        key = (address, message_id)
        lock = self._held.get(key)
        if lock is None:
            lock = self._held[key] = asyncio.Lock()
        return lock

    async def _show(self, shown: Outdated) -> bool:
        """Make a message say how it stands; whether it has to be tried again soon."""
        now, again, is_gone, refused = self.clock.now(), None, False, False
        try:
            if shown.is_on_its_way:
                again = now + SOON_SECONDS
            elif shown.message_id is not None and await self._may_see(shown, now):
                async with self._hold(shown.address, shown.message_id):
                    await self._rewrite(shown, shown.message_id)
                is_gone = shown.is_copy
        except RetryLater as error:
            again = now + max(error.after, SOON_SECONDS)
        except SportelloError:
            refused = shown.case is None  # what Telegram no longer lets us change stays as it is
        except Exception:
            later = Rewritten(shown.quote, shown.asked_at, now + LOOK_SECONDS)
            await self.journal.do(later)  # else it would stand before all others
            raise
        seen_to = Rewritten(shown.quote, shown.asked_at, again, is_gone=is_gone, refused=refused)
        await self.journal.do(seen_to)
        return again is not None

    async def _may_see(self, shown: Outdated, now: float) -> bool:
        """Whether who got the message may read what it is to show: roles are taken, too."""
        if shown.case is None:
            return True
        talk, user = shown.case.talk, int(shown.address.chat_id)
        roles = await self.database.read(roles_of, user_id=user, now=now)
        return roles.get(talk.tenant) in readers(private=talk.is_private)

    async def _rewrite(self, shown: Outdated, message_id: str) -> None:
        text, markup = "", None
        if not shown.is_copy:
            text, home = say(Say.ERASED, shown.language), say(Home.BUTTON, shown.language)
            markup = self.channels[TELEGRAM].keys([[AnswerKey(home, "home:0:")]])
        if shown.case:
            asked = shown.case.asked if isinstance(shown.case, Case) else ()
            in_doubt = any(one.doubts for one in asked)
            company = await self._company(shown.case.talk, in_doubt=in_doubt)
            if company:
                text, markup = self._notice(shown.case, company, shown.language)
        message = Outgoing(shown.address, text, markup=markup)
        await self.channels[shown.address.channel].rewrite(message, message_id)

    # ---------------------------------------------------------------- the words

    def _notice(
        self, case: Case | ClientRequest, company: _Company, language: str | None
    ) -> tuple[str, str]:
        """Who, what was wanted, and the last lines; with the keys."""
        talk = case.talk
        read = AnswerKey(say(Say.READ, language), f"chats:{talk.tenant}:open {talk.row}")
        over = f"chats:{talk.tenant}:done {talk.row}"
        if isinstance(case, ClientRequest):
            over = f"requests:{talk.tenant}:done {case.row}"
        keys = [read, AnswerKey(say(Say.DONE, language), over)]
        if case.done_by is not None:
            keys = [read]
        texts = (self._text(case, company, language, cut=cut) for cut in CUTS)
        fitting = (one for one in texts if len(one.encode("utf-16-le")) <= MOST_BYTES)
        text = next(fitting, self._text(case, company, language, cut=CUTS[-1]))
        return text, self.channels[TELEGRAM].keys([keys])

    def _text(
        self, case: Case | ClientRequest, company: _Company, language: str | None, *, cut: int
    ) -> str:
        its_name = company.profile.company_name
        if isinstance(case, ClientRequest):
            return text_of(case, its_name, language, cut=cut)
        name = client_of(case.talk, language)
        head = say(min(map(_head, case.asked), key=_HEADS.index), language, name=name)
        last = [*self._lines(case, language)][-MOST_LINES:]
        heard = [text for who, text in last if who == CLIENT]
        wanted = [one for one in self._asked(case, language) if not repeats(one, heard)]
        asked = [f"• {one_line(text, cut)}" for text in wanted][-MOST_ASKED:]
        lines = [f"{who} {one_line(text, cut)}" for who, text in last]
        calls = dict.fromkeys(
            line_of(call, language, titles_of(company.find(call.tool), language))
            for one in case.asked
            for call in one.doubts
        )
        doubts = [f"❓ {one_line(text, cut)}" for text in calls][-MOST_ASKED:]
        parts = [f"{its_name}\n{head}".strip(), *map("\n".join, (doubts, asked, lines))]
        if case.done_by is not None:
            parts.append(say(Say.DONE_BY, language, name=case.done_by))
        return "\n\n".join(filter(None, parts))

    def _asked(self, case: Case, language: str | None) -> Iterator[str]:
        """What was wanted, as the answer put it, else in the client's words."""
        for one in case.asked:
            if text := one.about or " ".join(self._words(case, one, language)):
                yield text

    def _words(self, case: Case, asked: Asked, language: str | None) -> Iterable[str]:
        heard = (one for one in case.page.heard if one.turn == asked.turn)
        return filter(None, (self._read(case.talk, one, language) for one in heard))

    def _lines(self, case: Case, language: str | None) -> Iterator[tuple[str, str]]:
        for turn in case.page.turns:
            its = (one for one in case.page.heard if one.turn == turn.row)
            words = (self._read(case.talk, one, language) for one in its)
            for text in filter(None, words):
                yield CLIENT, text
            for one in turn.said:
                yield "🤖", one.text

    def _read(self, talk: Talk, heard: FromClient, language: str | None) -> str:
        channel = self.channels[talk.address.channel]
        bot = talk.address.bot_id
        return words_of(channel, heard.message, bot_id=bot, language=language)


_HEADS: Final = (  # what is told of several: the most pressing
    Say.HEAD_DOUBT,
    Say.HEAD_COMPLAINT,
    Say.HEAD_PROMISED,
    Say.HEAD_HANDOVER,
    Say.HEAD_FAILED,
    Say.HEAD_UNKNOWN,
)


def _head(asked: Asked) -> Say:
    if asked.doubts:
        return Say.HEAD_DOUBT
    if asked.promised and asked.outcome != Outcome.COMPLAINT:
        return Say.HEAD_PROMISED
    return Say[f"HEAD_{asked.outcome.upper()}"]
