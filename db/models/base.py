"""What all tables share. Times are seconds since the epoch (UTC), as doubles on both databases."""

from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Index,
    Integer,
    MetaData,
    Text,
    literal_column,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives an automatic id only to a column declared INTEGER, and one that no deleted row ever
# had only with `sqlite_autoincrement` in its table: what outlives a row must meet no successor.
RowId = BigInteger().with_variant(Integer, "sqlite")


def index_when(name: str, *columns: str, condition: str, unique: bool = False) -> Index:
    """A partial index on both databases.

    One with a condition on `state` begins with that column: SQLite, which keeps no statistics
    by itself, otherwise prefers to read the whole table.
    """
    when = text(condition)
    return Index(name, *columns, unique=unique, sqlite_where=when, postgresql_where=when)


def constant(value: StrEnum) -> ColumnElement[str]:
    """A state as part of the statement: a partial index is of no use to a parameter."""
    return literal_column(f"'{value}'", Text)
