"""The short form of `make crash --kind gateways`; tests/gateways/test_killed.py has a glimpse."""

from pathlib import Path

import pytest

from tests.crash.gateways import gateways

SECONDS = 20.0

pytestmark = [pytest.mark.crash, pytest.mark.long]


@pytest.mark.parametrize(
    "backend",
    ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)],
    indirect=True,
)
async def test_who_asks_again_after_a_kill_joins_the_same_turn(
    database_url: str, tmp_path: Path
) -> None:
    """[3, 4, 5 of what may go wrong on the web] On PostgreSQL, two processes serve."""
    verdict = await gateways(database_url, tmp_path, seconds=SECONDS, seed=1, report=print)
    assert (verdict.faults(policy="probe"), verdict.evidence) == ({}, [])
