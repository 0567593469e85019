"""The short form of `make crash`."""

from pathlib import Path

import pytest

from tests.crash.chaos import kills

SECONDS = 40.0


@pytest.mark.crash
@pytest.mark.timeout(240)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_kills_lose_nothing_and_say_nothing_twice(database_url: str, tmp_path: Path) -> None:
    verdict = await kills(
        database_url, tmp_path, policy="probe", seconds=SECONDS, seed=1, report=print
    )
    assert verdict.faults(policy="probe") == {}
    assert verdict.turns_adopted > 0, "no kill hit an open turn"
