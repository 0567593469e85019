"""The short form of `make crash --kind pages`."""

from pathlib import Path

import pytest

from tests.crash.pages import pages

SECONDS = 20.0
POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgresql)

pytestmark = [pytest.mark.crash, pytest.mark.long]  # at once: tests/web/widget/test_whole.py


@pytest.mark.parametrize("backend", ["sqlite", POSTGRESQL], indirect=True)
async def test_pages_that_come_again_miss_nothing_and_read_nothing_twice(
    database_url: str, tmp_path: Path
) -> None:
    """[3, 4, 5, 6 of what may go wrong on the web] On PostgreSQL, two processes serve."""
    verdict = await pages(database_url, tmp_path, seconds=SECONDS, seed=1, report=print)
    assert (verdict.faults(policy="probe"), verdict.evidence) == ({}, [])
