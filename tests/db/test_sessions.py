"""Who may speak in a chat over HTTP, until when; and how often somebody may ask."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, event

from db.limits import Quota, QuotaState, Spend, charge, wait_for
from db.models import limits, sessions
from db.sessions import (
    EndSession,
    KeepSession,
    OpenSession,
    Session,
    session_by_token,
    session_of_chat,
)
from db.window import Window
from tests.databases import BOT
from tests.db.desk import Desk
from tests.db.processes import two_desks

DAY = 86_400.0
MINUTE = 60.0


async def open_session(desk: Desk, chat: str = "c_1", digest: str = "d1") -> OpenSession:
    return OpenSession(BOT, chat, digest, "it", desk.now + DAY, desk.now)


async def keep_session(desk: Desk) -> KeepSession:
    await desk.journal.do(await open_session(desk))
    return KeepSession(1, desk.now + 2 * DAY, desk.now)


async def end_session(desk: Desk) -> EndSession:
    await desk.journal.do(await open_session(desk))
    return EndSession(1)


async def by_token(desk: Desk, *digests: str) -> Session | None:
    return await desk.database.read(session_by_token, digests, now=desk.now)


async def test_a_session_is_found_by_its_token_under_any_key_and_by_its_chat(desk: Desk) -> None:
    await desk.journal.do(await open_session(desk))
    found = await by_token(desk, "under the new key", "d1")
    assert found == Session(1, BOT, "c_1", "it", desk.now + DAY)
    assert await desk.database.read(session_of_chat, "c_1", now=desk.now) == found
    assert await by_token(desk, "d2") is None


async def test_it_ends_by_itself_unless_it_is_in_use(desk: Desk) -> None:
    await desk.journal.do(await open_session(desk))
    await desk.journal.do(await open_session(desk, "c_2", "d2"))
    await desk.journal.do(KeepSession(1, desk.now + 2 * DAY, desk.now))
    desk.now += DAY
    assert await by_token(desk, "d1")
    assert await by_token(desk, "d2") is None
    desk.now += 1
    await desk.journal.do(await open_session(desk, "c_3", "d3"))
    assert [row.chat for row in await desk.stored(sessions)] == ["c_1", "c_3"]


async def test_it_is_ended(desk: Desk) -> None:
    await desk.journal.do(await end_session(desk))
    assert await by_token(desk, "d1") is None


# ------------------------------------------------------------------------- limits


async def test_a_limit_is_spent_and_made_up_for(desk: Desk) -> None:
    limit = Quota("a", times=3, seconds=MINUTE)
    left = [(await desk.journal.do(Spend([limit], desk.now))).left for _ in range(3)]
    assert left == [2, 1, 0]
    refused = await desk.journal.do(Spend([limit], desk.now))
    assert refused.left == 0
    assert refused.wait == pytest.approx(MINUTE / 3)
    desk.now += refused.wait + 0.001
    assert not (await desk.journal.do(Spend([limit], desk.now))).wait
    assert (await desk.journal.do(Spend([limit], desk.now))).wait


async def test_what_one_limit_refuses_is_taken_of_none(desk: Desk) -> None:
    wide, narrow = Quota("wide", 10, MINUTE), Quota("narrow", 1, MINUTE)
    first = await desk.journal.do(Spend([wide, narrow], desk.now))
    assert (first.limit, first.left) == (narrow, 0)
    assert (await desk.journal.do(Spend([wide, narrow], desk.now))).limit is narrow
    assert (await desk.journal.do(Spend([wide], desk.now))).left == 8


async def test_what_was_not_left_is_owed_twice_over_at_most(desk: Desk) -> None:
    limit = Quota("a", times=6, seconds=MINUTE)
    taken = [(2, 0.0), (5, 20.0), (100, 70.0)]
    for times, wait in taken:
        await desk.database.write(partial(charge, limit=limit, times=times, now=desk.now))
        asked = await desk.database.read(lambda c: wait_for(c, limit, now=desk.now))
        assert asked == pytest.approx(wait)
    desk.now += 70.0
    assert not (await desk.journal.do(Spend([limit], desk.now))).wait


async def test_a_clock_that_was_put_back_refuses_nobody(desk: Desk) -> None:
    limit = Quota("a", times=1, seconds=MINUTE)
    await desk.journal.do(Spend([limit], desk.now))
    desk.now -= 86_400.0
    assert not (await desk.journal.do(Spend([limit], desk.now))).wait
    assert (await desk.journal.do(Spend([limit], desk.now))).wait


async def test_a_limit_that_goes_at_this_moment_is_made_again(desk: Desk) -> None:
    await desk.journal.do(Spend([Quota("a", 2, MINUTE)], desk.now))
    goes = [delete(limits)]

    def forget(connection: Connection, *said: object) -> None:
        if str(said[1]).startswith("INSERT INTO limits") and goes:
            connection.execute(goes.pop())

    event.listen(Engine, "after_cursor_execute", forget)
    try:
        spent = await desk.journal.do(Spend([Quota("a", 2, MINUTE)], desk.now))
    finally:
        event.remove(Engine, "after_cursor_execute", forget)
    assert not goes
    assert spent.left == 1


async def test_what_is_made_up_for_is_not_kept(desk: Desk) -> None:
    await desk.journal.do(Spend([Quota("a", 1, MINUTE)], desk.now))
    desk.now += MINUTE + 1
    await desk.journal.do(await open_session(desk))
    assert await desk.stored(limits) == []


@pytest.fixture
async def desks(database_url: str) -> AsyncIterator[Sequence[Desk]]:
    async with two_desks(database_url, Window()) as made:
        yield made


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_two_processes_count_together(desks: Sequence[Desk]) -> None:
    limit = Quota("a", times=4, seconds=MINUTE)
    asked = [await desk.journal.do(Spend([limit], desk.now)) for desk in (*desks, *desks, *desks)]
    assert [one.left for one in asked[:4]] == [3, 2, 1, 0]
    assert all(one.wait for one in asked[4:])


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_two_processes_that_count_the_same_do_not_wait_for_each_other(
    desks: Sequence[Desk],
) -> None:
    def count(desk: Desk, names: str) -> Coroutine[Any, Any, Sequence[QuotaState]]:
        asked = [Spend([Quota(name, 1_000, MINUTE)], desk.now) for name in names]
        return desk.database.write(lambda connection: Spend.carry_out_all(connection, asked))

    left: list[int] = []
    for _ in range(5):  # as one commit each, which would fail
        for told in await asyncio.gather(count(desks[0], "abcdef"), count(desks[1], "fedcba")):
            left += [one.left for one in told]
    assert sorted(left) == sorted([*range(990, 1_000)] * 6)


@given(st.integers(1, 50), st.floats(1, 3600), st.lists(st.floats(0, 100), max_size=200))
def test_never_more_than_twice_the_limit_within_its_time(
    times: int, seconds: float, pauses: list[float]
) -> None:
    """Once at a time, and once more while that is made up for."""
    limit, until, now, taken = Quota("a", times, seconds), 0.0, 1e9, list[float]()
    for pause in pauses:
        now += pause
        later = limit.after(until, now)
        if limit.left(later, now) >= 0:
            until = later
            taken.append(now)
    for moment in taken:
        within = [one for one in taken if moment <= one < moment + seconds]
        assert len(within) <= 2 * times
