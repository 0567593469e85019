"""SQL is compiled once in a test run, though each test opens engines of its own.

An engine remembers what its dialect has compiled, and every test began without: that took a third
of the time of all tests with a database. Here dialects of one kind are equal, and share a memory.
"""

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect


class _Alike(Dialect):
    """Equal to any other of its class, which talks to a database of the same version."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))


class File(_Alike, SQLiteDialect_pysqlite):
    """SQLite's."""

    supports_statement_cache = True


class Server(_Alike, PGDialect_asyncpg):
    """PostgreSQL's."""

    supports_statement_cache = True


def share() -> None:
    """From now on, for the engines of this process that are opened by these names."""
    for name, dialect in (
        ("sqlite", File),
        ("postgresql.asyncpg", Server),
    ):
        registry.register(name, __name__, dialect.__name__)
    compiled: defaultdict[type[Dialect], dict[Any, Any]] = defaultdict(dict)

    @event.listens_for(Engine, "engine_connect")
    def remember(connection: Connection) -> None:
        if isinstance(connection.dialect, _Alike):
            connection.execution_options(compiled_cache=compiled[type(connection.dialect)])
