"""The migrations, carried out by Alembic."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from db.schema import scripts


def upgrade(connection: Connection) -> None:
    """Bring a database to the current schema, in the caller's transaction."""
    command.upgrade(config(connection), "head")


def config(connection: Connection) -> Config:
    """Alembic's configuration for a connection that is open."""
    made = Config()
    made.set_main_option("script_location", str(scripts()).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made
