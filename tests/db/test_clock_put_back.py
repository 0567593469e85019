"""Somebody puts the wall clock back: what stands in the tables is judged rightly all the same."""

import pytest
from sqlalchemy import func, select, update

from db.chores import QueueErasure, due_erasures
from db.ends import CloseEnded
from db.invites import Invite, Redeemed, Spoilt
from db.models import codes, tokens, workers
from db.operations import Beat
from db.people import Appoint, Person, roles_of
from db.records import Actor
from db.rows import db_now
from db.unlocking import TRIES, Tried
from db.versions import CountTokens, tokens_used
from tests.db.desk import ANNA, Desk
from tests.db.test_codes import WRONG, issue, use
from tests.db.test_invites import redeem

HOUR, DAY, YEAR = 3_600.0, 86_400.0, 365 * 86_400.0
STEPS = pytest.mark.parametrize("step", [120.0, HOUR, DAY])
CONSOLE = Actor(None, "console")


# ----------------------------------------------------------- who is alive


@STEPS
async def test_the_lease_of_a_dead_process_is_no_longer_for_it(desk: Desk, step: float) -> None:
    for owner in ("dead", "alive"):
        await desk.journal.do(Beat(owner, 15.0))
    await desk.database.write(
        lambda c: c.execute(update(workers).values(expires_at=workers.c.expires_at + step))
    )
    await desk.journal.do(Beat("alive", 15.0))
    longest = await desk.database.read(
        lambda c: c.scalar(select(func.max(workers.c.expires_at - db_now(c))))
    )
    assert longest is not None
    assert 0 < longest <= 15.0


# ------------------------------------------------- conversations to erase


@STEPS
async def test_a_conversation_waits_for_its_erasure_no_longer_than_any(
    desk: Desk, step: float
) -> None:
    await desk.journal.do(QueueErasure("conv_1", desk.now + HOUR))
    now = desk.now - step + 2 * HOUR
    due = await desk.database.read(lambda c: due_erasures(c, now=now, longest_wait=2 * HOUR))
    assert [one.id for one in due] == ["conv_1"]


# -------------------------------------------------------- a day's tokens


async def used(desk: Desk, *days: str) -> int:
    today, tomorrow = days
    return await desk.database.read(lambda c: tokens_used(c, (today, tomorrow)))


async def test_a_day_that_comes_again_is_not_the_one_that_is_counted(desk: Desk) -> None:
    yesterday, today = ("2026-11-19", "2026-11-20"), ("2026-11-20", "2026-11-21")
    await desk.journal.do(CountTokens(yesterday, 100))
    assert await used(desk, *today) == 0
    await desk.journal.do(CountTokens(today, 7))
    await desk.journal.do(CountTokens(yesterday, 3))  # the clock is a day back
    assert await used(desk, *yesterday) == await used(desk, *today) == 10
    assert {row.day: row.used for row in await desk.stored(tokens)} == {
        "2026-11-19": 100,
        "2026-11-20": 10,
    }


# -------------------------------------------------------------- what ended


async def closed(desk: Desk, now: float) -> None:
    await desk.journal.do(CloseEnded(now))


async def roles(desk: Desk, now: float) -> dict[int | None, str]:
    return await desk.database.read(lambda c: roles_of(c, user_id=ANNA, now=now))


@STEPS
async def test_a_role_that_has_ended_does_not_begin_again(desk: Desk, step: float) -> None:
    end = desk.now + 10
    await desk.journal.do(Appoint(1, Person(ANNA, "Anna", "admin", end), CONSOLE, desk.now))
    await closed(desk, end - 1)
    assert await roles(desk, end - 1) == {1: "admin"}
    await closed(desk, end + 30)
    assert await roles(desk, end - step) == {}


@STEPS
async def test_nor_does_an_invitation_open_again(desk: Desk, step: float) -> None:
    end = desk.now + 10
    await desk.journal.do(Invite("link", 1, "admin", end, CONSOLE, desk.now))
    await closed(desk, end + 30)
    assert await redeem(desk, digest="link", now=end - step) is Spoilt.EXPIRED
    desk.now = end - step  # a new one does
    await desk.journal.do(Invite("new", 1, "admin", desk.now + HOUR, CONSOLE, desk.now))
    await closed(desk, desk.now)
    assert isinstance(await redeem(desk, digest="new", now=desk.now), Redeemed)


@STEPS
async def test_nor_an_access_code(desk: Desk, step: float) -> None:
    await issue(desk, expires_at=desk.now + 10)
    await closed(desk, desk.now + 30)
    desk.now -= step
    assert await use(desk) == Tried()


async def test_a_clock_that_was_wrong_by_years_has_ended_nothing(desk: Desk) -> None:
    end = desk.now + 30 * DAY
    await desk.journal.do(Appoint(1, Person(ANNA, "Anna", "admin", end), CONSOLE, desk.now))
    await issue(desk, expires_at=end)
    await closed(desk, desk.now + 10 * YEAR)
    assert await roles(desk, desk.now) == {1: "admin"}
    assert (await desk.row(codes)).expires_at == end


@STEPS
async def test_wrong_codes_of_before_are_not_counted(desk: Desk, step: float) -> None:
    await issue(desk)
    for _ in range(TRIES):
        await use(desk, *WRONG)
    assert (await use(desk)).wait_seconds
    desk.now -= step
    assert await use(desk) == Tried("vip")
    for _ in range(TRIES):
        await use(desk, *WRONG)
    assert await use(desk) == Tried(wait_seconds=HOUR)
