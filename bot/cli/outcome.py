"""How a command ends: well, or with one line on standard error and an exit code."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, NoReturn

import typer

from bot.cli.tell import echo
from bot.errors import ConfigError
from db.errors import DatabaseError

WRONG: Final = 1
UNUSABLE: Final = 2


class Wrong(Exception):
    """What was asked cannot be done; the text is one line for the host."""


def carry_out(work: Coroutine[Any, Any, None]) -> None:
    """Run a command to its end. Exits 1 or 2 with one readable line when it goes wrong."""
    try:
        _run(work)
    except Wrong as error:
        _exit(str(error), WRONG)
    except (ConfigError, DatabaseError) as error:
        _exit(str(error), UNUSABLE)
    except (BrokenPipeError, typer.Abort):
        raise  # whoever reads or answers has left, as `| head` does: typer ends quietly
    except Exception as error:
        from db.engine import complaint  # noqa: PLC0415 - SQLAlchemy takes a while to load

        _log(error)
        if words := complaint(error):
            _exit(f"the database cannot be used: {words}", UNUSABLE)
        name = type(error).__name__
        _exit(f"unexpected {name}; start again, with LOG_LEVEL=debug to see where", WRONG)


def _run(work: Coroutine[Any, Any, None]) -> None:
    try:
        import uvloop  # noqa: PLC0415 - there is none for Windows
    except ImportError:
        asyncio.run(work)
    else:
        uvloop.run(work)


def _log(error: Exception) -> None:
    """The traceback, without its secrets, for those who log at this level."""
    import structlog  # noqa: PLC0415 - seldom needed

    if structlog.is_configured():
        structlog.get_logger().debug("unexpected", exc_info=error)


def _exit(line: str, code: int) -> NoReturn:
    echo(f"sportello: {line}", err=True)
    raise typer.Exit(code)
