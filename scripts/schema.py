"""The migrations, for a developer: check them, apply them, write the next one."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path

from alembic import command
from alembic.util import CommandError
from sqlalchemy import Connection

from bot.errors import ConfigError
from bot.settings import load_settings
from db.engine import open_database
from db.errors import DatabaseError
from db.migrate import migrate
from db.schema import scripts
from db.upgrade import config, min_code


async def check() -> None:
    """Build a fresh database by the migrations, and compare it with the tables in db/models/."""
    await _on_fresh_database(lambda connection: command.check(config(connection)))


async def upgrade() -> None:
    """Bring the database of DATABASE_URL to the current schema."""
    url = load_settings().database_url.get_secret_value()
    database = open_database(url)
    try:
        await migrate(database, url, tell=_tell)
    finally:
        await database.close()


async def revise(name: str) -> None:
    """Write the migration from the last one to db/models/; read it and edit it."""
    number = f"{len(list((scripts() / 'versions').glob('*.py'))) + 1:04}"

    def write(connection: Connection) -> None:
        made = config(connection)
        made.attributes["min_code"] = min_code(made)
        command.revision(made, message=name, autogenerate=True, rev_id=number)

    await _on_fresh_database(write)


async def _on_fresh_database(work: Callable[[Connection], None]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'fresh.db'}"
        database = open_database(url)
        try:
            await migrate(database, url)
            await database.write(work)
        finally:
            await database.close()


def _tell(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


def main() -> None:
    """Read the command line and do it; what goes wrong is told in one line."""
    try:
        asyncio.run(_asked())
    except (CommandError, ConfigError, DatabaseError) as error:
        sys.exit(str(error))


def _asked() -> Coroutine[None, None, None]:
    parser = argparse.ArgumentParser(prog="python -m scripts.schema", description=__doc__)
    tasks = parser.add_subparsers(dest="task", required=True)
    tasks.add_parser("check", help=check.__doc__)
    tasks.add_parser("upgrade", help=upgrade.__doc__)
    tasks.add_parser("revision", help=revise.__doc__).add_argument("name")
    asked = parser.parse_args()
    match asked.task:
        case "check":
            return check()
        case "upgrade":
            return upgrade()
        case _:
            return revise(asked.name)


if __name__ == "__main__":
    main()
