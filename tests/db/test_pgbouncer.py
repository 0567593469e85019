"""Behind a pooler that gives each transaction another connection: Debian's PgBouncer."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy.engine import make_url

from db.engine import Database, explained
from db.errors import DatabaseError
from tests.databases import PostgreSQL, opened
from tests.db.test_engine import add, how_many
from tests.patience import PATIENCE_SECONDS

PGBOUNCER = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.skipif(PGBOUNCER is None, reason="no PgBouncer here (apt install pgbouncer)"),
    pytest.mark.parametrize("backend", ["postgresql"], indirect=True),
]
AT_ONCE, ROUNDS = 12, 10  # three times as many at once as the server is asked by


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """One that other users may look into."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
async def pooled(backend: PostgreSQL, database_url: str, open_folder: Path) -> AsyncIterator[str]:
    """The same database by way of the pooler."""
    at, port, folder = make_url(database_url), free_port(), open_folder
    users, settings = folder / "users.txt", folder / "pgbouncer.ini"
    users.write_text('"postgres" ""\n')
    settings.write_text(
        f"[databases]\n{at.database} = host={at.query['host']} user=postgres\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = any\nauth_file = {users}\n"
        "pool_mode = transaction\ndefault_pool_size = 4\n"
    )
    made = await asyncio.create_subprocess_exec(
        str(PGBOUNCER),
        str(settings),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        user=backend.server.system_user,  # it refuses to run as root
    )
    await listening(port, made)
    yield f"postgresql+asyncpg://postgres@127.0.0.1:{port}/{at.database}"
    made.terminate()
    await made.communicate()


def free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def listening(port: int, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while process.returncode is None:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0)
            else:
                writer.close()
                return await writer.wait_closed()
    told = await process.stderr.read() if process.stderr else b""
    raise AssertionError(told.decode())


async def work(database: Database) -> None:
    for _ in range(ROUNDS):
        await database.write(add)
        await database.read(how_many)


async def test_every_transaction_is_carried_out(pooled: str) -> None:
    async with opened(f"{pooled}?pgbouncer=true") as database:
        await asyncio.gather(*(work(database) for _ in range(AT_ONCE)))
        assert await database.read(how_many) == AT_ONCE * ROUNDS


async def test_without_the_word_it_is_told_apart(pooled: str) -> None:
    async with opened(pooled) as database:
        with (
            pytest.raises(DatabaseError, match=r"add \?pgbouncer=true to DATABASE_URL"),
            explained(),
        ):
            await asyncio.gather(*(work(database) for _ in range(AT_ONCE)))
