"""The database's own time, for leases: the one clock that several machines share."""

from sqlalchemy import ColumnElement, Connection, Double, literal_column


def db_now(connection: Connection) -> ColumnElement[float]:
    """Seconds since the epoch. SQLite before 3.42 gives NULL for unixepoch('subsec'), silently."""
    if connection.dialect.name == "sqlite":
        return literal_column("(julianday('now') - 2440587.5) * 86400.0", Double)
    return literal_column("extract(epoch from clock_timestamp())::double precision", Double)
