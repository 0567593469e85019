"""The short form of `make crash`; a glimpse of it is in every test run."""

from pathlib import Path

import pytest

from tests.crash.called import calls
from tests.crash.chaos import FEW, kills
from tests.crash.pages import pages
from tests.crash.storms import alone, close
from tests.crash.work import POINTS as WORK_POINTS

SECONDS, GLIMPSE = 20.0, 3.0
UNCOMMITTED = tuple(point for point in WORK_POINTS if point.startswith("H- "))

pytestmark = [
    pytest.mark.crash,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


@pytest.mark.parametrize("seconds", [GLIMPSE, pytest.param(SECONDS, marks=pytest.mark.long)])
async def test_kills_lose_nothing_and_say_nothing_twice(
    database_url: str, tmp_path: Path, seconds: float
) -> None:
    verdict = await kills(
        database_url, tmp_path, policy="probe", seconds=seconds, seed=1, report=print
    )
    assert verdict.faults(policy="probe") == {}
    assert verdict.turns_adopted > 0 or seconds < SECONDS, "no kill hit an open turn"


@pytest.mark.parametrize("seconds", [GLIMPSE, pytest.param(SECONDS, marks=pytest.mark.long)])
async def test_pages_that_come_again_miss_nothing_and_read_nothing_twice(
    database_url: str, tmp_path: Path, seconds: float
) -> None:
    """[4, 5, 6 of what may go wrong on the web]"""
    verdict = await pages(database_url, tmp_path, seconds=seconds, seed=1, report=print)
    assert (verdict.faults(policy="probe"), verdict.evidence) == ({}, [])


@pytest.mark.long
async def test_what_admins_do_is_done_once(database_url: str, tmp_path: Path) -> None:
    verdict = await kills(
        database_url,
        tmp_path,
        policy="probe",
        points=UNCOMMITTED,
        chats=FEW,
        seconds=SECONDS,
        seed=1,
        report=print,
    )
    assert verdict.faults(policy="probe") == {}


@pytest.mark.long
async def test_kills_around_calls_book_nothing_twice(database_url: str, tmp_path: Path) -> None:
    verdict = await calls(database_url, tmp_path, seconds=12.0, seed=1, report=print)
    assert verdict.faults(policy="probe") == {}


@pytest.mark.long
async def test_every_lost_answer_of_a_life_is_found(database_url: str, tmp_path: Path) -> None:
    verdict = await alone(database_url, tmp_path, seconds=24.0, seed=1, report=print)
    assert verdict.faults(policy="probe") == {}


@pytest.mark.long
async def test_kills_close_together_lose_no_bubble(database_url: str, tmp_path: Path) -> None:
    verdict = await close(database_url, tmp_path, seconds=12.0, seed=1, report=print)
    assert verdict.faults(policy="probe") == {}
