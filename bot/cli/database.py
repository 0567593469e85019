"""The database for a command that may run beside a process that serves from it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final, ParamSpec, TypeVar

from bot.cli.console import Wrong, tell_progress
from bot.cli.start import begin
from bot.errors import ConfigError
from bot.ops.database import exclusive, keep_database_private, usable
from bot.settings import Settings
from db.engine import Database, explained, open_database, sqlite_path, transact
from db.errors import Gone, NoTenant
from db.files import is_there, resolved
from db.journal import Journal
from db.migrate import migrate
from db.place import find_fault
from db.records import Actor
from db.schema import schema
from db.transaction import Read, Transaction

P = ParamSpec("P")
T = TypeVar("T")
HOST: Final = Actor(None, "command line")  # who does it, as the trail of changes has it
BUSY_TIMEOUT_MS: Final = 5_000  # for the commits of a process at work, which are short


@asynccontextmanager
async def opened(settings: Settings, *, create: bool = False) -> AsyncIterator[Database]:
    """The database, made if it is not there and `create` says so.

    An older schema is brought up to date, unless a process serves from it. The block holds
    nothing but work with the database. Raises ConfigError; Wrong where a tenant is not there.
    """
    url = settings.database_url.get_secret_value()
    path = sqlite_path(url)
    if path and not create and not is_there(path):
        absent = f"there is no database at {path.absolute()}; `sportello run` makes it"
        raise ConfigError(find_fault(path) or absent)
    database = open_database(url, busy_timeout_ms=BUSY_TIMEOUT_MS)
    try:
        with usable(url), explained(), _named():
            if path:
                resolved(path).parent.mkdir(parents=True, exist_ok=True)
                keep_database_private(url)  # what cannot be is told by `run` and `check`
            await _bring_up_to_date(database, url)
            yield database
    finally:
        await database.close()


async def change(work: Callable[[Transaction], T], *, create: bool = False) -> T:
    """Do a command's whole work in one transaction; what it raises undoes it. Raises Wrong."""
    async with opened(begin(), create=create) as database:
        return await transact(database, work)


async def look(work: Read[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Read what a command shows, all of it of one moment. Raises Wrong."""
    async with opened(begin()) as database:
        return await database.read(work, *args, **kwargs)


@asynccontextmanager
async def writing(database: Database) -> AsyncIterator[Journal]:
    """For what is done in several transactions, one after the other."""
    journal = Journal(database)
    serving = asyncio.create_task(journal.serve())
    try:
        yield journal
    finally:
        serving.cancel()


@contextmanager
def _named() -> Iterator[None]:
    """A command is given a tenant's name: where there is none, it says which there are."""
    try:
        yield
    except NoTenant as error:
        known = ", ".join(error.known) or "none yet"
        raise Wrong(f"there is no tenant “{error.name}”; the tenants are: {known}") from None
    except Gone:
        raise Wrong("the tenant was deleted at this moment") from None


async def _bring_up_to_date(database: Database, url: str) -> None:
    if (await schema(database)).serves:
        return
    with exclusive(url):
        await migrate(database, url, tell=tell_progress)
