"""How a command ends when something goes wrong."""

import gc

import pytest
import typer
from sqlalchemy.exc import OperationalError

from bot.cli.console import Wrong, carry_out
from bot.cli.start import begin
from bot.errors import ConfigError
from db.errors import DatabaseError


class Refused(Exception):
    """As the driver tells it."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("deadlock detected")
        self.sqlstate = sqlstate


async def fail(error: Exception) -> None:
    begin()
    raise error


def outcome(error: Exception, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.raises(typer.Exit) as ended:
        carry_out(fail(error))
    return ended.value.exit_code, capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"),
    [(Wrong("no such chat"), 1), (ConfigError("no token"), 2), (DatabaseError("locked"), 2)],
)
def test_what_was_foreseen_is_one_line(
    error: Exception, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert outcome(error, capsys) == (code, f"sportello: {error}\n")


@pytest.mark.parametrize(
    ("sqlstate", "told"),
    [
        ("40P01", "deadlock detected"),
        ("26000", "a pooler shares its connections: add ?pgbouncer=true to DATABASE_URL"),
    ],
)
def test_what_the_database_refuses_is_said_to_be_its(
    sqlstate: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = OperationalError("UPDATE secret", {"key": "segreto"}, Refused(sqlstate))
    expected = f"sportello: the database cannot be used: {told}\n"
    assert outcome(refused, capsys) == (2, expected)


def test_what_was_not_foreseen_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(RuntimeError("with details"), capsys) == (
        1,
        "sportello: unexpected RuntimeError; start again, with LOG_LEVEL=debug to see where\n",
    )


def test_where_it_happened_is_for_those_who_ask_without_its_secrets(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOG_LEVEL", "debug")
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://anna:segreto@db/sportello")
    monkeypatch.setenv("HTTPS_PROXY", "http://anna:se%3Agreto@proxy")

    _, told = outcome(RuntimeError("with segreto"), capsys)
    _, through_a_proxy = outcome(RuntimeError("with se:greto or se%3Agreto"), capsys)

    assert "Traceback" in told
    assert "RuntimeError: with ***" in told
    assert "segreto" not in told
    assert "RuntimeError: with *** or ***" in through_a_proxy


def test_garbage_is_collected_from_when_a_command_runs() -> None:
    seen: list[bool] = []

    async def look() -> None:
        seen.append(gc.isenabled())

    gc.disable()  # as the program does while it is loaded
    carry_out(look())
    assert seen == [True]
