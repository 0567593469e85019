"""PostgreSQL: a pool of connections that gives up on a server which answers no more."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Any, Final, ParamSpec, TypeVar
from urllib.parse import urlencode

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.util import greenlet_spawn

from db.connection import Unreachable
from db.errors import DatabaseError
from db.transaction import Read

P = ParamSpec("P")
T = TypeVar("T")
WRITERS: Final = 1  # kept open: the journal is one
CONNECT_SECONDS: Final = 5.0
TRANSACTION_SECONDS: Final = 10.0  # the time to connect included: a dead server is found by then
GOODBYE_SECONDS: Final = 2.0  # for what is idle, when the process ends
RECYCLE_SECONDS: Final = 300.0  # NATs and load balancers forget a connection sooner or later
READ_ONLY: Final = "25006"  # a primary that became a standby under an open connection
STANDBY: Final = "it is a standby, which takes no writes"
# What a silent peer costs where no transaction waits for it, or one that may take long: seconds
# before, between, and tries; and milliseconds for what was sent to it.
KEEPALIVE: Final = {
    "TCP_KEEPIDLE": 10,
    "TCP_KEEPINTVL": 2,
    "TCP_KEEPCNT": 2,
    "TCP_USER_TIMEOUT": 14_000,
}


class PostgreSQL:
    """db.engine.Database on a server; what takes longer than `limit_seconds` counts as lost.

    The writer has connections of its own: it never waits for one until a crowd has read.
    """

    sqlite = False

    def __init__(self, url: URL, *, limit_seconds: float = TRANSACTION_SECONDS) -> None:
        self._limit = limit_seconds
        self._writer = _open(url, pool_size=WRITERS, pool_timeout=limit_seconds)
        self._readers = _open(url, pool_timeout=limit_seconds)
        self._reader = self._readers.execution_options(
            postgresql_readonly=True, isolation_level="REPEATABLE READ"
        )

    async def write(
        self, work: Callable[[Connection], T], *, limit_seconds: float | None = None
    ) -> T:
        """As db.engine.Database has it. Raises Unreachable, also beyond the limit."""
        async with _within(limit_seconds or self._limit):
            return await _run(self._writer.sync_engine.begin, work)

    async def read(self, work: Read[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As db.engine.Database has it. Raises Unreachable, also beyond the limit."""
        return await self.read_within(None, work, *args, **kwargs)

    async def read_within(
        self,
        seconds: float | None,
        work: Read[P, T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """As db.engine.Database has it. Raises Unreachable, also beyond the limit."""
        async with _within(seconds or self._limit):
            return await _run(self._reader.sync_engine.connect, lambda c: work(c, *args, **kwargs))

    async def is_there(self) -> bool:
        """As db.engine.Database has it: a server tells by itself."""
        return True

    async def free_bytes(self) -> int | None:
        """As db.engine.Database has it."""
        return None

    async def close(self) -> None:
        """As db.engine.Database has it."""
        for engine in (self._writer, self._readers):
            await _let_go(engine)


def _open(url: URL, **options: Any) -> AsyncEngine:
    own, told = _understand(url)
    engine = create_async_engine(
        own, connect_args=told, pool_recycle=RECYCLE_SECONDS, hide_parameters=True, **options
    )
    for name, listener in (
        ("connect", _prepare),
        ("checkout", _refuse_closed),
        ("handle_error", _note_standby),
    ):
        event.listen(engine.sync_engine, name, listener)
    return engine


async def _let_go(engine: AsyncEngine) -> None:
    """Close every connection; one that does not answer is cut off."""
    while True:
        try:
            async with asyncio.timeout(GOODBYE_SECONDS):
                return await engine.dispose()
        except TimeoutError:  # that one is gone from the pool: on with the others
            continue


def _understand(url: URL) -> tuple[URL, dict[str, Any]]:
    """A URL as hosted databases print it: what SQLAlchemy reads of it, and what asyncpg is told.

    Of what follows the `?`, only asyncpg's own `dsn` knows libpq's words (`sslmode`,
    `target_session_attrs`), and nobody those of other libraries.
    """
    query = dict(url.query)
    place = {name: query.pop(name) for name in [*query] if name in {"host", "port"}}
    options: dict[str, Any] = {"timeout": float(str(query.pop("connect_timeout", CONNECT_SECONDS)))}
    query.pop("channel_binding", None)  # asyncpg has none
    if str(query.pop("pgbouncer", "")).lower() == "true":
        # Each transaction may meet another connection of the server's, with other statements.
        options |= {"statement_cache_size": 0, "prepared_statement_cache_size": 0}
    if "ssl" in query:
        query["sslmode"] = query.pop("ssl")
    words = {"application_name": "sportello"} | query
    options["dsn"] = f"postgresql://?{urlencode(words, doseq=True)}"
    return url.set(drivername="postgresql+asyncpg", query=place), options


@asynccontextmanager
async def _within(seconds: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise Unreachable(f"it gave no answer for {seconds:g} seconds") from error
    except OSError as error:
        raise Unreachable(str(error) or type(error).__name__) from error


def _prepare(_: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    driver = record.driver_connection
    if driver is None:
        raise DisconnectionError
    server = driver.get_settings()
    if getattr(server, "in_hot_standby", "off") == "on":
        raise Unreachable(STANDBY)
    if server.server_encoding != "UTF8":
        raise DatabaseError(
            f"it is encoded in {server.server_encoding}, which cannot hold what people write; "
            "make another one (createdb --encoding=UTF8 --template=template0)"
        )
    # asyncpg gives no other way to it.
    wire = driver._transport.get_extra_info("socket")
    if wire.family != socket.AF_UNIX:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in KEEPALIVE.items():
            if option := getattr(socket, name, None):  # macOS has others
                wire.setsockopt(socket.IPPROTO_TCP, option, value)


def _refuse_closed(_: DBAPIConnection, record: ConnectionPoolEntry, __: object) -> None:
    """Take another connection than one that the server has closed; to ask it takes three trips."""
    driver = record.driver_connection
    if driver is None or driver.is_closed():
        raise DisconnectionError


def _note_standby(context: ExceptionContext) -> None:
    """A connection to what was the primary is of no more use than a closed one."""
    if getattr(context.original_exception, "sqlstate", None) == READ_ONLY:
        context.is_disconnect = True


async def _run(
    connect: Callable[[], AbstractContextManager[Connection]], work: Callable[[Connection], T]
) -> T:
    """Take a connection, use it and give it back, all in the caller's task.

    An AsyncConnection is given back by a task of its own. Whoever cancels all tasks at once, as
    the loop does when it ends, cancels that one before its first step, and the connection is lost.
    """

    def with_connection() -> T:
        with connect() as connection:
            return work(connection)

    return await greenlet_spawn(with_connection)
