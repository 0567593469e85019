"""What a command says, in text or JSON, and how it ends: well, or with a line and an exit code."""

import asyncio
import codecs
import gc
import json
import sys
from collections.abc import Coroutine, Iterable, Sequence
from typing import Any, Final, NoReturn, Protocol, TypeVar

import typer

from bot.core.visible import visible
from bot.errors import ConfigError
from db.errors import DatabaseError

GAP = "  "
WRONG: Final = 1
UNUSABLE: Final = 2


def tell(text: str, data: Any, *, as_json: bool) -> None:
    """Print the text, or the data in its place."""
    echo(json_text(data) if as_json else text)


def echo(text: str, *, err: bool = False) -> None:
    """Print what may hold somebody's words: they can do nothing to the terminal."""
    typer.echo(visible(text), err=err)


def tell_progress(progress: str) -> None:
    """Print, beside the answer, how far something is that takes long."""
    echo(progress, err=True)


def tell_exactly(text: str) -> None:
    """Print a text that a program reads. Raises ConfigError where it would come out otherwise."""
    try:
        if not speaks_all(sys.stdout.encoding):
            text.encode(sys.stdout.encoding)
    except UnicodeEncodeError as error:
        sign = error.object[error.start]
        raise ConfigError(
            f"{error.encoding}, in which this console is written, has no {sign!a}:"
            " set PYTHONUTF8=1, or name a file"
        ) from None
    echo(text)


def json_text(data: Any) -> str:
    """JSON in signs that whoever reads it can read."""
    return json.dumps(data, ensure_ascii=not speaks_all(sys.stdout.encoding), indent=2)


def speaks_all(encoding: str) -> bool:
    """Whether an encoding has every letter there is; for ASCII typer writes UTF-8."""
    return codecs.lookup(encoding).name.startswith(("utf", "ascii"))


def align(rows: Sequence[Sequence[str]]) -> str:
    """The rows as lines, each column as wide as its widest cell; no cell begins another line."""
    rows = [[in_a_cell(cell) for cell in row] for row in rows]
    widths = measure(rows)
    return "\n".join(pad(row, widths).rstrip() for row in rows)


def measure(rows: Sequence[Sequence[str]]) -> Sequence[int]:
    """How wide each column is."""
    return [max(map(len, column)) for column in zip(*rows, strict=True)]


def pad(cells: Sequence[str], widths: Sequence[int]) -> str:
    """A line; what goes beyond the widths follows as it is."""
    padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=False)]
    return GAP.join((*padded, *cells[len(widths) :]))


def in_a_cell(text: str) -> str:
    """The text as it is shown, in one line."""
    return visible(" ".join(text.splitlines()))


def shorten(text: str, limit: int) -> str:
    """The text in one line of at most `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


class Wrong(Exception):
    """What was asked cannot be done; the text is one line for the host."""


class _Named(Protocol):
    """What a host may name."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


L = TypeVar("L", bound=_Named)


def the_one(meant: Sequence[L], known: Iterable[L], *, several: str, none: str) -> L:
    """The only one that is meant. Raises Wrong, which begins as is said and names others."""
    if len(meant) > 1:
        ids = ", ".join(str(one.id) for one in meant)
        raise Wrong(f"{several}: {ids}; name one by its id")
    if not meant:
        told = ", ".join(f"{one.name} ({one.id})" for one in known)
        raise Wrong(f"{none}: {told or 'none yet'}")
    return meant[0]


def carry_out(work: Coroutine[Any, Any, None]) -> None:
    """Run a command to its end. Exits 1 or 2 with one readable line when it goes wrong."""
    gc.enable()  # all is loaded
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
