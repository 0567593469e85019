"""A host who runs the check."""

from pathlib import Path

import pytest

from bot.cli.check import check
from bot.cli.console import Wrong
from bot.ops.database import open_migrated
from db.engine import Database

TOKEN = "4711:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
KEY = "sk-secret-secret-secret"
DATABASE = Path("data/sportello.db")
URL = f"sqlite+aiosqlite:///{DATABASE}"


class Host:
    """Runs the check and reads what it says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def sets(self, **variables: str) -> None:
        for name, value in variables.items():
            self._monkeypatch.setenv(name, value)

    async def reads(self) -> list[str]:
        """The lines of a check without a problem."""
        await check()
        return self._lines()

    async def reads_of_a_problem(self) -> str:
        """The one problem that a check finds."""
        with pytest.raises(Wrong, match="there is a problem"):
            await check()
        (line,) = [line for line in self._lines() if line.startswith("problem")]
        return line.removeprefix("problem").strip()

    def _lines(self) -> list[str]:
        text = self._capsys.readouterr().out
        assert TOKEN not in text
        assert KEY not in text
        return text.splitlines()


async def migrated() -> Database:
    DATABASE.parent.mkdir()
    return await open_migrated(URL)
