"""The migrations, carried out by Alembic."""

from collections.abc import Callable

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from db.schema import revision_number, revisions, scripts, to_come

NOTE = text("UPDATE alembic_version SET min_code = :min_code")


def upgrade(connection: Connection, begins: Callable[[str], object]) -> None:
    """Bring a database to the current schema, in the caller's transaction.

    `begins` is told of each migration before it is carried out.
    """
    made, ahead = config(connection), to_come(connection)
    for place, migration in enumerate(ahead, 1):
        begins(f"migration {migration}, {place} of {len(ahead)}")
        command.upgrade(made, revision_number(migration))
    connection.execute(NOTE, {"min_code": min_code(made)})


def min_code(made: Config) -> str:
    """The oldest program, by its newest migration, that may run on the current schema."""
    found: str = ScriptDirectory.from_config(made).get_revision(revisions()[-1]).module.min_code
    return found


def config(connection: Connection) -> Config:
    """Alembic's configuration for a connection that is open."""
    made = Config()
    made.set_main_option("script_location", str(scripts()).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made
