"""Who lives, and who may poll a bot."""

import pytest
from sqlalchemy import select

from db.models import bots, workers
from db.operations import Beat, HoldBot, Retire
from db.rows import db_now
from tests.databases import BOT
from tests.db.desk import Desk


async def beating(desk: Desk) -> Beat:
    return Beat(desk.owner, 30.0)


async def retire(desk: Desk) -> Retire:
    await desk.journal.do(await beating(desk))
    return Retire(desk.owner)


async def hold_bot(desk: Desk) -> HoldBot:
    return HoldBot(BOT, desk.owner, 0.0)


async def hold(desk: Desk, owner: str, grace: float = 0.0) -> bool:
    return await desk.journal.do(HoldBot(BOT, owner, grace))


async def beat(desk: Desk, owner: str, lease: float = 30.0, *, alone: bool = False) -> None:
    await desk.journal.do(Beat(owner, lease, alone=alone))


async def now(desk: Desk) -> float:
    """The database's own time."""
    return await desk.database.read(
        lambda connection: connection.scalar(select(db_now(connection))) or 0.0
    )


async def test_a_lease_ends_by_the_databases_clock(desk: Desk) -> None:
    before = await now(desk)
    await beat(desk, "first", lease=30.0)
    after = await now(desk)
    expires_at = (await desk.row(workers)).expires_at
    assert before + 29.9 < expires_at < after + 30.1


async def test_a_lease_is_renewed(desk: Desk) -> None:
    await beat(desk, "first", lease=-100.0)
    await beat(desk, "first", lease=100.0)
    assert (await desk.row(workers)).expires_at > await now(desk)


async def test_who_is_alone_strikes_the_others_off(desk: Desk) -> None:
    await beat(desk, "dead")
    await beat(desk, "first", alone=True)
    assert [row.id for row in await desk.stored(workers)] == ["first"]


async def test_who_is_not_alone_leaves_them(desk: Desk) -> None:
    await beat(desk, "other")
    await beat(desk, "first")
    assert len(await desk.stored(workers)) == 2


async def test_who_retires_is_struck_off_alone(desk: Desk) -> None:
    await beat(desk, "first")
    await beat(desk, "second")
    await desk.journal.do(Retire("first"))
    assert [row.id for row in await desk.stored(workers)] == ["second"]


async def test_a_bot_is_polled_by_one(desk: Desk) -> None:
    await beat(desk, "first")
    await beat(desk, "second")
    assert await hold(desk, "first")
    assert not await hold(desk, "second")
    assert await hold(desk, "first")
    assert (await desk.row(bots)).poller == "first"


async def test_when_its_poller_is_dead_another_takes_over(desk: Desk) -> None:
    await beat(desk, "first", lease=-100.0)
    await hold(desk, "first")
    assert not await hold(desk, "second", grace=3600.0)
    assert await hold(desk, "second", grace=10.0)
    assert (await desk.row(bots)).poller == "second"


async def test_when_its_poller_retires_another_takes_over_at_once(desk: Desk) -> None:
    await beat(desk, "first")
    await hold(desk, "first")
    await desk.journal.do(Retire("first"))
    assert await hold(desk, "second", grace=3600.0)


async def test_of_two_who_ask_at_once_one_has_it(desk: Desk) -> None:
    for owner in ("first", "second"):
        await beat(desk, owner)
    asked = await desk.together(HoldBot(BOT, "first", 0.0), HoldBot(BOT, "second", 0.0))
    assert asked == [True, False]


async def test_a_bot_that_does_not_exist_is_held_by_nobody(desk: Desk) -> None:
    assert not await desk.journal.do(HoldBot(BOT + 1, "first", 0.0))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_sqlite_tells_fractions_of_a_second(desk: Desk) -> None:
    """unixepoch('subsec') gives NULL before SQLite 3.42, silently."""
    times = {await now(desk) % 1 for _ in range(50)}
    assert len(times) > 1
