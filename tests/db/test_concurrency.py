"""Two processes on one PostgreSQL, each with its own connections and its own journal."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import Connection, insert, update
from sqlalchemy.util import await_only

from db.engine import transact
from db.models import alerts, outbox, threads, turns, updates
from db.operations import Beat, MoveChat, Retire
from db.records import Fence, OutboxState, Turn, TurnState, UpdateState
from db.transaction import OneByOne
from db.window import Window
from tests.db.desk import Desk, bubble, doing, incoming, sent
from tests.db.processes import two_desks

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
AT_ONCE = Window(quiet=0.0, cap=0.0, turns_per_minute=0)
CLIENTS = range(1, 6)


@pytest.fixture
async def desks(database_url: str) -> AsyncIterator[Sequence[Desk]]:
    async with two_desks(database_url, AT_ONCE) as made:
        yield made


async def answer(desk: Desk, chat: int) -> int | None:
    """A whole turn in a chat, if one is to be had; the number of its messages."""
    turn = await desk.claim(chat)
    if not isinstance(turn, Turn):
        return None
    drafts = [bubble(f"{turn.fence.turn}.{position}", position) for position in range(2)]
    first, second = (await desk.post(turn, *drafts, intend_first=True)).rows
    await desk.post(turn, settled=(sent(first, first.row),), intend=second.row)
    await desk.post(turn, settled=(sent(second, second.row),))
    await desk.complete(turn)
    return len(turn.messages)


async def serve(desk: Desk, chats: dict[int, int], rounds: int) -> int:
    """Hear clients and answer them, wherever; the number of messages answered."""
    answered = 0
    for _ in range(rounds):
        client = random.choice(CLIENTS)
        chats[client] = await desk.hear(client=client)
        answered += await answer(desk, chats[random.choice(list(chats))]) or 0
    return answered


async def test_the_same_chats_served_by_two_are_answered_once(desks: Sequence[Desk]) -> None:
    chats: dict[int, int] = {}
    work = [serve(desk, chats, rounds=25) for desk in desks for _ in range(3)]
    answered = sum(await asyncio.gather(*work))
    for chat in chats.values():  # what came while its chat was busy
        answered += await answer(desks[0], chat) or 0
    heard = await desks[0].stored(updates)
    assert answered == len(heard) == 150
    assert {row.state for row in heard} == {UpdateState.CLAIMED}
    assert {row.state for row in await desks[0].stored(turns)} == {TurnState.DONE}
    assert {row.state for row in await desks[0].stored(outbox)} == {OutboxState.SENT}


async def test_of_two_who_claim_one_has_the_turn(desks: Sequence[Desk]) -> None:
    for client in range(1, 21):
        chat = await desks[0].hear(client=client)
        claimed = await asyncio.gather(*(desk.claim(chat) for desk in desks))
        assert sorted(isinstance(one, Turn) for one in claimed) == [False, True]


async def test_a_message_at_the_end_of_a_turn_is_always_answered(desks: Sequence[Desk]) -> None:
    """One process ends the turn while another accepts a message and claims at once."""
    ending, hearing = desks

    async def hear_and_claim(client: int) -> object:
        return await hearing.claim(await hearing.hear(client=client))

    for client in range(1, 21):
        turn = await ending.open_turn(client=client)
        due, claimed = await asyncio.gather(ending.complete(turn), hear_and_claim(client))
        assert due is not None or isinstance(claimed, Turn)


async def test_two_who_adopt_share_what_the_dead_left(desks: Sequence[Desk]) -> None:
    opened = []
    for client in range(1, 21):
        turn = await desks[0].open_turn(client=client)
        await desks[0].post(turn, bubble("Uno."), intend_first=True)
        opened.append(turn.fence.turn)
    await desks[0].journal.do(Retire("first"))
    heirs = [replace(desks[0], owner="third"), desks[1]]
    await heirs[0].journal.do(Beat("third", lease=3600.0))
    orphans = await asyncio.gather(*(heir.journal.do(heir.adopting()) for heir in heirs))
    fences = [turn.fence for one in orphans for turn in one.turns]
    assert sorted(fences, key=lambda fence: fence.turn) == [Fence(turn, 2) for turn in opened]
    assert sum(len(one.rows) for one in orphans) == 20


async def test_two_who_start_a_chat_over_leave_one_thread_open(desks: Sequence[Desk]) -> None:
    for client in range(1, 11):
        events = [await desk.event("/new", client=client) for desk in desks]
        started = (
            desk.handle(event, doing("start_over"))
            for desk, event in zip(desks, events, strict=True)
        )
        await asyncio.gather(*started)
    stored = await desks[0].stored(threads)
    assert [row.closed_at is None for row in stored].count(True) == 10


async def test_two_who_meet_a_client_for_the_first_time_make_one_chat(
    desks: Sequence[Desk],
) -> None:
    for client in range(1, 21):
        rows = await asyncio.gather(*(desk.hear(client=client) for desk in desks))
        assert rows[0] == rows[1]


async def test_the_same_update_at_two_doors_is_one(desks: Sequence[Desk]) -> None:
    for number in range(1, 21):
        both = await asyncio.gather(*(desk.accept(incoming(number)) for desk in desks))
        assert sorted(len(accepted.due) for accepted in both) == [0, 1]


async def test_two_who_move_a_group_move_it_once(desks: Sequence[Desk]) -> None:
    chat = await desks[0].hear(client=-5)
    moves = (desk.journal.do(MoveChat(chat, "-1005", desk.now)) for desk in desks)
    await asyncio.gather(*moves)
    assert await desks[1].hear(client=-1005) == chat


# -------------------------------------------------------------------- deadlocks


@dataclass(frozen=True, slots=True)
class Lock(OneByOne[str]):
    """Takes one row, waits until the other process has the other row, and takes that too."""

    keys: tuple[str, str]
    mine: asyncio.Event
    theirs: asyncio.Event

    def carry_out(self, connection: Connection) -> str:
        self._take(connection, self.keys[0])
        self.mine.set()
        await_only(self.theirs.wait())
        self._take(connection, self.keys[1])
        return self.keys[0]

    @staticmethod
    def _take(connection: Connection, key: str) -> None:
        taken = alerts.c.told_at + 1
        connection.execute(update(alerts).where(alerts.c.key == key).values(told_at=taken))


async def by_the_journal(desk: Desk, lock: Lock) -> str:
    desk.journal.places = {Lock: 0}
    return await desk.journal.do(lock)


async def at_the_command_line(desk: Desk, lock: Lock) -> str:
    return await transact(desk.database, lambda transaction: transaction.do(lock))


@pytest.mark.parametrize("do", [by_the_journal, at_the_command_line])
async def test_a_deadlock_is_nobodys_failure(
    desks: Sequence[Desk], do: Callable[[Desk, Lock], Awaitable[str]]
) -> None:
    rows = insert(alerts).values([{"key": key, "told_at": 0.0} for key in "ab"])
    await desks[0].database.write(lambda connection: connection.execute(rows))
    here, there = asyncio.Event(), asyncio.Event()
    done = await asyncio.gather(
        do(desks[0], Lock(("a", "b"), here, there)),
        do(desks[1], Lock(("b", "a"), there, here)),
    )
    assert list(done) == ["a", "b"]
    assert [row.told_at for row in await desks[0].stored(alerts)] == [2.0, 2.0]
