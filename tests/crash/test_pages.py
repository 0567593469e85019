"""The short form of `make crash --kind pages`; a glimpse of it is in every test run."""

from pathlib import Path

import pytest

from tests.crash.pages import pages

SECONDS, GLIMPSE = 20.0, 5.0
LONG, POSTGRESQL = pytest.mark.long, pytest.mark.postgresql

pytestmark = pytest.mark.crash


@pytest.mark.parametrize(
    ("backend", "seconds"),
    [
        ("sqlite", GLIMPSE),
        pytest.param("sqlite", SECONDS, marks=LONG),
        pytest.param("postgresql", SECONDS, marks=[LONG, POSTGRESQL]),
    ],
    indirect=["backend"],
)
async def test_pages_that_come_again_miss_nothing_and_read_nothing_twice(
    database_url: str, tmp_path: Path, seconds: float
) -> None:
    """[3, 4, 5, 6 of what may go wrong on the web] On PostgreSQL, two processes serve."""
    verdict = await pages(database_url, tmp_path, seconds=seconds, seed=1, report=print)
    assert (verdict.faults(policy="probe"), verdict.evidence) == ({}, [])
