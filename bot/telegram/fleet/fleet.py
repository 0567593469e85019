"""The bots of this process: what the table says is compared with what runs, again and again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeVar

from telegram.request import BaseRequest

from bot.core.texts.desk import Bots
from bot.errors import GiveUp, RetryLater, SecretLost, Unauthorized
from bot.ports import Clock, Telemetry
from bot.telegram.account import Account, BotIdentity, TelegramBot, identify
from bot.telegram.events import Dispatcher, Handlers, build_application
from bot.telegram.fleet.member import Member
from bot.telegram.ids import NUMBERING, Ids
from bot.telegram.naming import Naming
from bot.telegram.polling import Poller
from bot.turns.engine import Engine
from bot.turns.lease import Holding
from db.bots import BotRow, MarkBot, bots_of, bots_to_run, find_bot
from db.people import people_of
from db.records import Event, Incoming
from db.sequence import last_ids
from tenants.permissions import Action, Role, may

LOOK_SECONDS: Final = 5.0  # the command line and other processes change the table as well
AT_ONCE: Final = 32  # bots that start at the same time
LAST_WORDS_SECONDS: Final = 3.0  # for what a bot that was removed has still to say
FETCH_SECONDS: Final = 30.0  # by then the new token of a managed bot was fetched
_REFUSED: Final = (SecretLost, Unauthorized)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Roster:
    """The bots that run here, by their ids: known to the channel before the fleet is.

    `changed` is set by whoever changed the table: the fleet then looks at it at once.
    """

    accounts: dict[int, Account] = field(default_factory=dict)
    dispatchers: dict[int, Dispatcher] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def bot_of(self, bot_id: int) -> TelegramBot | None:
        """The library's object for a bot; None for one that does not run here."""
        account = self.accounts.get(bot_id)
        return account.bot if account else None

    async def handle(self, event: Event) -> None:
        """Hand an event to its bot's handlers."""
        await self.dispatchers[event.bot_id](event)


@dataclass(slots=True, kw_only=True)
class Fleet:
    """Starts, stops and replaces bots; everything is done in one task, `watch`.

    `connect` makes the library's object for a token; `groups` gives a bot's handlers; `greet` is
    called with the accounts of bots that have just started.
    """

    roster: Roster
    engine: Engine
    ids: Ids
    polls: BaseRequest
    connect: Callable[[str], TelegramBot]
    groups: Callable[[Dispatcher, Account], Sequence[Handlers]]
    greet: Callable[..., Coroutine[Any, Any, None]]
    _members: dict[int, Member] = field(default_factory=dict)
    _refused: dict[int, str | None] = field(default_factory=dict)  # tokens that are not tried again
    _late: set[int] = field(default_factory=set)  # bots that could not be started yet
    _closed: set[int] = field(default_factory=set)  # bots of tenants that are being deleted
    _host: Member | None = None

    # ------------------------------------------------------------- from outside

    async def open(self, host: Account) -> None:
        """Start the host's bot, which runs until the process ends."""
        await self._start([_Arrival(host, None, await self._dispatcher(host))])
        self._host = self._members[host.me.id]

    async def watch(self) -> None:
        """Keep to the table until the host's bot hears nothing any more.

        Raises Unauthorized when that is because its token is refused.
        """
        while self._host and not self._host.deaf:
            try:
                await self.look()
            except Exception as error:
                self._telemetry.warn("bots not looked at", error=type(error).__name__)
            await self._pause()
        if self._host and self._host.revoked:
            raise Unauthorized("Telegram refused the token of the host's bot")

    async def stop(self) -> None:
        """No bot listens any more; what they have still to say is the engine's matter."""
        await asyncio.gather(*(member.stop() for member in self._members.values()))

    @asynccontextmanager
    async def closed(self, tenant: int) -> AsyncIterator[None]:
        """Before a tenant is deleted: its bots leave, and nothing is done for it here meanwhile.

        What the tables still have of it afterwards goes on with the next look.
        """
        bots = await self.engine.outside.database.read(bots_of, tenant)
        its = {bot.id for bot in bots if not self._is_host(bot.id)}
        self._closed |= its
        try:
            members = [self._members[bot] for bot in its & self._members.keys()]
            await self._each(self._leave(one, removed=False) for one in members)
            async with self.engine.closed(tenant):
                yield
        finally:
            self._closed -= its
            self.roster.changed.set()

    # ------------------------------------------------------------- what is compared

    async def look(self) -> None:
        """Compare once, and do what the table says."""
        rows = {row.id: row for row in await self._read() if self._is_ours(row.id)}
        await self._each(
            self._leave(member, removed=member.id not in rows)
            for member in tuple(self._members.values())
            if not self._is_host(member.id) and self._is_over(member, rows)
        )
        wanted = [row for row in rows.values() if self._is_wanted(row)]
        for first in range(0, len(wanted), AT_ONCE):
            some = await self._each(self._see_to(row) for row in wanted[first : first + AT_ONCE])
            await self._start([one for one in some if one])

    async def _read(self) -> Sequence[BotRow]:
        return await self.engine.outside.database.read(bots_to_run)

    def _is_ours(self, bot_id: int) -> bool:
        return not self._is_host(bot_id) and bot_id not in self._closed

    def _is_host(self, bot_id: int) -> bool:
        return self._host is not None and bot_id == self._host.id

    @staticmethod
    def _is_over(member: Member, rows: dict[int, BotRow]) -> bool:
        return member.id not in rows or member.deaf

    def _is_wanted(self, row: BotRow) -> bool:
        member = self._members.get(row.id)
        runs = member is not None and member.token == row.token
        return not runs and self._refused.get(row.id) != row.token

    # ------------------------------------------------------------- one bot

    async def _see_to(self, row: BotRow) -> "_Arrival | None":
        try:
            account = await self._sign_in(row)
        except _REFUSED as error:
            await self._refuse(row, error)
        except (RetryLater, GiveUp) as error:
            self._delay(row, type(error).__name__)
        else:
            self._late.discard(row.id)
            return _Arrival(account, row.token, await self._dispatcher(account))
        return None

    async def _sign_in(self, row: BotRow) -> Account:
        bot = self.connect(self.engine.outside.vault.decrypt(row.token or ""))
        me = await identify(bot)
        if me.id != row.id:
            raise Unauthorized("the token is another bot's")
        return Account(me, bot)

    async def _start(self, arrivals: Sequence["_Arrival"]) -> None:
        """Run these bots; one that runs already goes on with its new token."""
        arrivals = [one for one in arrivals if one.id not in self._closed]
        if not arrivals:
            return
        for one in arrivals:
            if before := self._members.get(one.id):
                await before.stop()
            self.roster.accounts[one.id] = one.account
            self.roster.dispatchers[one.id] = one.dispatcher
        holdings = await self._join([one.id for one in arrivals])
        await asyncio.gather(*map(self._note, arrivals))
        for one in arrivals:
            self._members[one.id] = self._member(one, holdings[one.id])
            self._members[one.id].start()
            self._telemetry.record("bot started", bot=one.id)
        self.engine.loops.start(self.greet(*(one.account for one in arrivals)))

    async def _join(self, bots: Sequence[int]) -> dict[int, Holding]:
        outside, lease = self.engine.outside, self.engine.lease
        known = {bot: self._members[bot].holding for bot in bots if bot in self._members}
        fresh = {
            bot: Holding(bot, lease, outside.journal, self._clock, self._telemetry)
            for bot in bots
            if bot not in known
        }
        await asyncio.gather(*(holding.ask() for holding in fresh.values()))
        for bot_id in fresh:
            self.ids.begin(await outside.database.read(last_ids, bot_id, NUMBERING))
        await self.engine.join(*fresh, polled=fresh)
        return known | fresh

    async def _note(self, one: "_Arrival") -> None:
        mark = MarkBot(one.id, one.token, username=one.account.me.username)
        await self.engine.outside.journal.do(mark)
        await self.engine.hosts.mended(_refused_key(one.id))

    async def _rename(self, token: str | None, me: BotIdentity) -> None:
        await self.engine.outside.journal.do(MarkBot(me.id, token, username=me.username))
        self._telemetry.record("bot renamed", bot=me.id)

    def _member(self, one: "_Arrival", holding: Holding) -> Member:
        poller = self._poller(one, holding)
        ended = self.roster.changed.set
        return Member(one.account, one.token, holding, poller, self._telemetry, ended)

    async def _leave(self, member: Member, *, removed: bool) -> None:
        await member.stop()
        if member.revoked:
            await self._refuse(member, Unauthorized("while it was polled"))
        await self.engine.leave(member.id, patience=LAST_WORDS_SECONDS if removed else 0.0)
        self.ids.forget(member.id)
        for known in (self._members, self.roster.accounts, self.roster.dispatchers):
            known.pop(member.id, None)
        self._telemetry.record("bot stopped", bot=member.id)

    async def _refuse(self, bot: BotRow | Member, error: GiveUp) -> None:
        """Mark a bot whose token is refused or cannot be read; it is not tried again as it is."""
        self._refused[bot.id] = bot.token
        now = self._clock.now()
        await self.engine.outside.journal.do(MarkBot(bot.id, bot.token, refused_at=now))
        self._telemetry.warn("bot refused", bot=bot.id, cause=type(error).__name__)
        self.engine.loops.start(self._tell(bot.id, bot.token, error))

    async def _tell(self, bot_id: int, token: str | None, error: GiveUp) -> None:
        """Those who can give the bot a new token hear of it, and the hosts, unless it has one."""
        await self._clock.sleep(FETCH_SECONDS)
        database, now = self.engine.outside.database, self._clock.now()
        bot = await database.read(find_bot, bot_id)
        if bot is None or bot.token != token:
            return
        people = await database.read(people_of, bot.tenant, now)
        owners = [person.user_id for person in people if may(Role(person.role), Action.BOTS)]
        lost = isinstance(error, SecretLost)
        text = Bots.TOLD_UNREADABLE if lost else Bots.TOLD_REFUSED
        host = self._host.id if self._host else bot_id
        key = _refused_key(bot_id)
        await self.engine.hosts.inform(owners, text, host, key=key, bot=bot.username)

    def _delay(self, row: BotRow, cause: str) -> None:
        if row.id not in self._late:
            self._telemetry.warn("bot not started yet", bot=row.id, cause=cause)
        self._late.add(row.id)

    # ------------------------------------------------------------- its parts

    async def _dispatcher(self, account: Account) -> Dispatcher:
        dispatcher = Dispatcher(build_application(account.bot), self.engine.events)
        dispatcher.register(*self.groups(dispatcher, account))
        await dispatcher.application.initialize()
        return dispatcher

    def _poller(self, one: "_Arrival", holding: Holding) -> Poller:
        return Poller(
            bot=one.account.bot,
            request=self.polls,
            naming=Naming(one.account, self._clock, partial(self._rename, one.token)),
            accept=partial(self._accept, one.id),
            may_poll=lambda: holding.held,
            elsewhere=lambda: holding.elsewhere,
            clock=self._clock,
            telemetry=self._telemetry,
            lease_seconds=holding.lease.seconds,
            backlog=self.engine.doubts.backlog(one.id),
        )

    async def _accept(self, bot_id: int, incoming: Sequence[Incoming]) -> None:
        await self.engine.intake.accept(bot_id, incoming)
        for one in incoming:
            if one.address:
                self.ids.saw(one.address, one.message_id)

    # ------------------------------------------------------------- small things

    @property
    def _clock(self) -> Clock:
        return self.engine.outside.clock

    @property
    def _telemetry(self) -> Telemetry:
        return self.engine.outside.telemetry

    async def _pause(self) -> None:
        """Until the next look is due, somebody hurries, or the host's bot hears nothing."""
        changed = self.roster.changed
        timer = self._clock.call_later(LOOK_SECONDS, changed.set)
        await changed.wait()
        timer.cancel()
        changed.clear()

    async def _each(self, works: Iterable[Awaitable[_T]]) -> list[_T | None]:
        """All at once; what goes wrong with one bot is no other's matter."""
        ended = await asyncio.gather(*works, return_exceptions=True)
        for one in ended:
            if isinstance(one, Exception):
                self._telemetry.warn("bot not seen to", exc_info=one)
        return [None if isinstance(one, BaseException) else one for one in ended]


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A bot that has signed in, and what handles its events."""

    account: Account
    token: str | None = field(repr=False)
    dispatcher: Dispatcher

    @property
    def id(self) -> int:
        return self.account.me.id


def _refused_key(bot_id: int) -> str:
    """Under what its people are told, once, that a bot is refused."""
    return f"bot {bot_id} refused"
