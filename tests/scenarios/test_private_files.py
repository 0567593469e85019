"""At each start a database that others could read becomes its owner's alone."""

import asyncio
import os
from pathlib import Path
from stat import S_IMODE

import pytest

from db.engine import sqlite_path
from tests.scenarios.stage import AI_NOTICE, Stage


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_a_start_takes_it_from_others(closed: Stage, database_url: str) -> None:
    path = sqlite_path(database_url)
    assert path is not None
    os.chmod(path, 0o644)
    await closed.opens()
    anna = closed.person("Anna")
    closed.will_say("Dalle 14:00.")
    anna.writes("A che ora?")
    await anna.hears(AI_NOTICE, "Dalle 14:00.")
    kept = await asyncio.to_thread(_rights, path)
    assert {path.name, f"{path.name}-wal", f"{path.name}.lock"} <= kept.keys()
    assert set(kept.values()) == {0o600}


def _rights(path: Path) -> dict[str, int]:
    """Of the file, of what SQLite keeps beside it and of the locks."""
    return {one.name: S_IMODE(one.stat().st_mode) for one in path.parent.glob(f"{path.name}*")}
