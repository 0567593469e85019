"""The command line in this process: an empty folder, an environment that sets nothing of ours."""

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from bot.cli.commands import commands
from bot.settings import Settings
from tests.databases import SQLite

pytest.register_assert_rewrite("tests.cli.checking")

from tests.cli.checking import DATABASE, Host  # noqa: E402 - after the line above

Sportello = Callable[..., Result]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ours = {name.upper() for name in Settings.model_fields}
    for variable in [name for name in os.environ if name.upper() in ours]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """A command sets up the logs of its process, which here is everybody's."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def sportello() -> Sportello:
    """Type a command: `sportello("tenants", "list")`, and what it asks for."""

    def run(*arguments: str, typed: str | bytes = "") -> Result:
        return CliRunner().invoke(
            commands, arguments, typed, prog_name="sportello", catch_exceptions=False
        )

    return run


@pytest.fixture
def current(bare_environment: None, sqlite: SQLite) -> Path:
    """A database in its place whose migrations are done: they take longer than most commands."""
    DATABASE.parent.mkdir()
    return Path(shutil.copy(sqlite.template, DATABASE)).absolute()


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Host:
    return Host(monkeypatch, capsys)
