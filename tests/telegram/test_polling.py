"""Long polling: nothing is confirmed before it is accepted."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from bot.errors import Unauthorized
from bot.playground.serve import serve
from bot.playground.telegram.faults import Fault
from bot.telegram.account import Account, BotIdentity, new_bot
from bot.telegram.errors import BASE_DELAY_SECONDS
from bot.telegram.naming import Naming
from bot.telegram.polling import AWAITED_SECONDS, MOST_AT_ONCE, Poller
from bot.telegram.route import ALLOWED_UPDATES
from bot.turns.backlog import Backlog
from db.records import Incoming, UpdateKind
from tests.fakes.telemetry import FakeTelemetry
from tests.patience import PATIENCE_SECONDS
from tests.telegram.conftest import Desk

TROUBLES = "Telegram cannot be polled"
LEASE_SECONDS = 2.0


@dataclass
class Inbox:
    """Keeps what is accepted, unless it is told to fail."""

    desk: Desk
    telemetry: FakeTelemetry = field(default_factory=FakeTelemetry)
    batches: list[list[Incoming]] = field(default_factory=list)
    failures: int = 0
    is_ours: bool = True
    is_elsewhere: bool = True  # where it is not ours
    blocked: asyncio.Event | None = None
    while_accepting: Callable[[], None] = lambda: None
    api_url: str = ""
    backlog: Backlog = field(default_factory=Backlog)
    renamed: list[str] = field(default_factory=list)

    @property
    def texts(self) -> list[str]:
        read = self.desk.channel.read
        me = self.desk.me.id
        return [read(one.payload, bot_id=me).text for batch in self.batches for one in batch]

    @property
    def warned(self) -> list[str]:
        return [event for event, _ in self.telemetry.warnings]

    async def accept(self, batch: Sequence[Incoming]) -> None:
        if self.blocked:
            await self.blocked.wait()
        if self.failures:
            self.failures -= 1
            raise OSError("disk full")
        self.while_accepting()
        self.batches.append(list(batch))

    async def keep(self, me: BotIdentity) -> None:
        self.renamed.append(me.username)

    def poller(self) -> Poller:
        polling = self.desk.polling
        elsewhere = new_bot("1:a", api_url=self.api_url, request=polling, polling_request=polling)
        return Poller(
            bot=elsewhere if self.api_url else self.desk.bot,
            request=polling,
            naming=Naming(Account(self.desk.me, self.desk.bot), self.desk.clock, self.keep),
            accept=self.accept,
            may_poll=lambda: self.is_ours,
            elsewhere=lambda: not self.is_ours and self.is_elsewhere,
            clock=self.desk.clock,
            telemetry=self.telemetry,
            lease_seconds=LEASE_SECONDS,
            backlog=self.backlog,
        )

    @asynccontextmanager
    async def polling(self) -> AsyncIterator["asyncio.Task[None]"]:
        task = asyncio.create_task(self.poller().run())
        yield task
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
def inbox(desk: Desk) -> Inbox:
    return Inbox(desk)


def fail(inbox: Inbox, name: str, *, count: int | None = 1, after_seconds: int = 1) -> None:
    fault = Fault.named(name, method="getUpdates", retry_after_seconds=after_seconds)
    inbox.desk.telegram.faults.add(fault, count=count)


def write(inbox: Inbox, text: str) -> None:
    inbox.desk.telegram.clients.write(inbox.desk.anna_id, text, bot_id=inbox.desk.me.id)


def pending(inbox: Inbox) -> int:
    return inbox.desk.telegram.world.updates[inbox.desk.me.id].pending


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110 - the states of three parties, none tells
            await asyncio.sleep(0)


async def answered(inbox: Inbox) -> None:
    """Ask what waits, and wait for the answer."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        await inbox.backlog.answered(inbox.backlog.ask())


async def back_off(inbox: Inbox) -> float:
    """Let the poller wait, and say how long it wants to."""
    clock = inbox.desk.clock
    await until(lambda: clock.next_due() is not None)
    started, due = clock.time, clock.next_due()
    assert due is not None
    clock.jump(due)
    return due - started


async def test_what_a_client_writes_is_accepted_and_then_confirmed(inbox: Inbox) -> None:
    async with inbox.polling():
        await until(lambda: inbox.texts == ["Ciao"])
        write(inbox, "A che ora?")
        await until(lambda: inbox.texts == ["Ciao", "A che ora?"])
        await until(lambda: pending(inbox) == 0)


async def test_it_asks_for_the_updates_that_it_handles(inbox: Inbox) -> None:
    async with inbox.polling():
        await until(lambda: bool(inbox.batches))
    (first, *_) = inbox.desk.telegram.calls.of("getUpdates")
    assert all(name in str(first.params["allowed_updates"]) for name in ALLOWED_UPDATES)


async def test_nothing_is_confirmed_while_it_is_being_accepted(inbox: Inbox) -> None:
    inbox.blocked = asyncio.Event()
    async with inbox.polling():
        await until(lambda: bool(inbox.desk.telegram.calls.of("getUpdates")))
    assert pending(inbox) == 1
    assert inbox.batches == []


async def test_a_store_that_fails_confirms_nothing_and_gets_it_again(inbox: Inbox) -> None:
    inbox.failures = 2
    async with inbox.polling():
        assert [await back_off(inbox), await back_off(inbox)] == [1, 2]
        await until(lambda: inbox.texts == ["Ciao"])
    assert inbox.warned == ["updates not stored", "polling again"]


async def test_a_stop_ends_a_long_poll_at_once(inbox: Inbox) -> None:
    async with inbox.polling():
        await until(lambda: len(inbox.desk.telegram.calls.of("getUpdates")) == 2)
    assert pending(inbox) == 0


async def test_the_wait_grows_to_half_a_minute(inbox: Inbox) -> None:
    fail(inbox, "502", count=7)
    async with inbox.polling():
        assert [await back_off(inbox) for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]


async def test_a_longer_pause_is_kept_if_telegram_asks_for_it(inbox: Inbox) -> None:
    fail(inbox, "429", after_seconds=120)
    async with inbox.polling():
        assert await back_off(inbox) == 120


@pytest.mark.parametrize("fault", ["500", "429", "400", "lose", "lose_after", "garble"])
async def test_trouble_and_its_end_are_each_told_once(inbox: Inbox, fault: str) -> None:
    fail(inbox, fault, count=3)
    async with inbox.polling():
        for _ in range(3):
            await back_off(inbox)
        await until(lambda: inbox.texts == ["Ciao"])
    assert inbox.warned == [TROUBLES, "polling again"]
    assert "secret" not in repr(inbox.telemetry)


async def test_a_second_poller_is_told_once_and_survived(inbox: Inbox) -> None:
    fail(inbox, "409", count=2)
    async with inbox.polling():
        for _ in range(2):
            await back_off(inbox)
        await until(lambda: inbox.texts == ["Ciao"])
    assert inbox.warned == ["another process polls this bot", "polling again"]


async def test_a_webhook_left_behind_is_removed(inbox: Inbox) -> None:
    await inbox.desk.bot.set_webhook("https://old.example/hook")
    async with inbox.polling():
        await back_off(inbox)
        await until(lambda: inbox.texts == ["Ciao"])


@pytest.mark.parametrize("fault", ["401", "404"])
async def test_a_refused_token_ends_it(inbox: Inbox, fault: str) -> None:
    fail(inbox, fault)
    with pytest.raises(Unauthorized):
        await inbox.poller().run()


async def test_without_the_right_to_poll_nothing_is_asked(inbox: Inbox) -> None:
    inbox.is_ours = False
    async with inbox.polling():
        await back_off(inbox)
        await until(lambda: inbox.desk.clock.next_due() is not None)
        assert inbox.desk.telegram.calls.of("getUpdates") == []
        inbox.is_ours = True
        await back_off(inbox)
        await until(lambda: inbox.texts == ["Ciao"])


async def test_with_the_right_the_backlog_is_over_when_nothing_comes(inbox: Inbox) -> None:
    inbox.blocked = asyncio.Event()
    async with inbox.polling():
        await until(lambda: bool(inbox.desk.telegram.calls.of("getUpdates")))
        assert inbox.backlog.open
        inbox.blocked.set()
        await until(lambda: not inbox.backlog.open)
    assert inbox.texts == ["Ciao"]


async def test_who_asks_what_waits_is_not_answered_by_a_poll_that_hangs(inbox: Inbox) -> None:
    async with inbox.polling():
        await until(lambda: not inbox.backlog.open)
        fail(inbox, "hold_before")
        write(inbox, "A che ora?")  # ends a poll; the next one hears nothing any more
        await until(lambda: inbox.desk.telegram.faults.held == 1)
        write(inbox, "E poi?")
        await answered(inbox)
    assert inbox.texts == ["Ciao", "A che ora?", "E poi?"]


async def test_nor_does_it_take_a_moment_in_which_nobody_writes(inbox: Inbox) -> None:
    inbox.while_accepting = lambda: write(inbox, "E poi?")
    async with inbox.polling():
        await answered(inbox)
        inbox.while_accepting = lambda: None


async def test_a_poll_that_brings_all_it_can_is_no_answer(inbox: Inbox) -> None:
    for number in range(MOST_AT_ONCE):
        write(inbox, f"{number}")
    async with inbox.polling():
        await until(lambda: not inbox.backlog.open)
        assert [len(batch) for batch in inbox.batches] == [MOST_AT_ONCE, 1]


async def test_who_asks_what_waits_does_not_wait_for_the_next_try(inbox: Inbox) -> None:
    fail(inbox, "500", count=5)
    async with inbox.polling():
        for _ in range(4):
            await back_off(inbox)
        clock = inbox.desk.clock
        await until(lambda: clock.next_due() == clock.time + 16)
        asking = asyncio.create_task(answered(inbox))
        await until(lambda: clock.next_due() != clock.time + 16)
        assert await back_off(inbox) <= BASE_DELAY_SECONDS
        await asking
    assert inbox.texts == ["Ciao"]


async def test_while_somebody_waits_it_is_tried_often(inbox: Inbox) -> None:
    fail(inbox, "500", count=None)
    async with inbox.polling():
        asking = asyncio.create_task(answered(inbox))
        assert max([await back_off(inbox) for _ in range(8)]) <= AWAITED_SECONDS
        asking.cancel()


async def test_without_the_right_the_backlog_is_over_when_another_process_lives(
    inbox: Inbox,
) -> None:
    inbox.is_ours, began = False, inbox.desk.clock.now()
    async with inbox.polling():
        while inbox.backlog.open:
            await back_off(inbox)
    assert inbox.desk.clock.now() > began + 2 * LEASE_SECONDS


async def test_who_does_not_know_where_the_right_is_answers_nothing(inbox: Inbox) -> None:
    async with inbox.polling():
        await until(lambda: not inbox.backlog.open)
        inbox.is_ours = inbox.is_elsewhere = False
        write(inbox, "A che ora?")  # ends the poll; nobody polls from now on
        await until(lambda: inbox.texts == ["Ciao", "A che ora?"])
        asking = asyncio.create_task(answered(inbox))
        for _ in range(9):
            await back_off(inbox)
        assert not asking.done()
        await until(lambda: inbox.desk.clock.next_due() is not None)  # else it polls at once
        inbox.is_ours = True
        await back_off(inbox)
        await asking


async def test_a_malformed_update_harms_no_other(inbox: Inbox) -> None:
    updates = inbox.desk.telegram.world.updates[inbox.desk.me.id]
    updates.inject({"message": {"chat": "none", "from": [], "text": 7}})
    updates.inject({"message": None})
    write(inbox, "A che ora?")
    async with inbox.polling():
        await until(lambda: pending(inbox) == 0)
    batch = [one for batch in inbox.batches for one in batch]
    assert [one.kind for one in batch] == [
        UpdateKind.MESSAGE,
        UpdateKind.EVENT,
        UpdateKind.EVENT,
        UpdateKind.MESSAGE,
    ]
    assert [one.address for one in batch[1:3]] == [None, None]


@pytest.mark.parametrize(
    ("result", "times"),
    [
        ("[]", 3),  # the first only looks whether anything has waited
        ('[{"message":{}}]', 2),  # no number, so it comes again and again
    ],
)
async def test_a_server_that_does_not_hold_polls_is_given_a_rest(
    inbox: Inbox, result: str, times: int
) -> None:
    asked: list[str] = []

    async def answer_at_once(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope["path"])
        await PlainTextResponse(f'{{"ok":true,"result":{result}}}')(scope, receive, send)

    async with serve(answer_at_once) as url:
        inbox.api_url = url
        async with inbox.polling():
            assert await back_off(inbox) > 0
            await until(lambda: inbox.desk.clock.next_due() is not None)
            assert len(asked) == times
