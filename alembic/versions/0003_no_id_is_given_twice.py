"""No id is given twice.

SQLite gave the ids of deleted rows away again. A table whose key is an INTEGER becomes one whose
ids only grow by one word in its definition. On disk nothing but a counter is added, so the word is
written into the schema (https://sqlite.org/lang_altertable.html, section 7), in the transaction,
with no second table and no need of room.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# By table: the columns elsewhere that name its rows, also those of rows that are gone.
NAMED = {
    "tenants": (
        "profiles.tenant_id",
        "drafts.tenant_id",
        "admins.tenant_id",
        "invites.tenant_id",
        "hands.tenant_id",
        "audit.tenant_id",
        "codes.tenant_id",
        "bots.tenant_id",
        "threads.tenant_id",
    ),
    "chats": (
        "threads.chat_id",
        "turns.chat_id",
        "updates.chat_id",
        "outbox.chat_id",
        "tries.chat_id",
    ),
    "threads": ("chats.thread_id", "turns.thread_id", "updates.thread_id"),
    "turns": ("updates.turn_id", "outbox.turn_id"),
    "updates": ("outbox.update_id", "secrets.update_id"),
    "outbox": (),
    "admins": (),
    "invites": (),
    "audit": (),
    "codes": (),
    "tries": (),
}
REUSED, GROWING = "PRIMARY KEY (id)", "PRIMARY KEY (id AUTOINCREMENT)"
# What was written down before a company was made, or under a name that it never had, is another's.
DETACH = """
    UPDATE audit SET tenant_id = NULL WHERE EXISTS (
        SELECT 1 FROM tenants WHERE tenants.id = audit.tenant_id AND (
            audit.at < tenants.created_at
            OR audit.tenant <> tenants.name AND NOT EXISTS (
                SELECT 1 FROM audit AS renamed
                WHERE renamed.tenant_id = tenants.id AND renamed.action = 'tenants.rename'
                AND renamed.at >= tenants.created_at
                AND audit.tenant IN (renamed.old, renamed.new)
            )
        )
    )
"""


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        # The first such table brings SQLite's own table of counters with it.
        connection.exec_driver_sql("CREATE TABLE first (id INTEGER PRIMARY KEY AUTOINCREMENT)")
        connection.exec_driver_sql("DROP TABLE first")
        _rewrite(connection, REUSED, GROWING)
        for table, columns in NAMED.items():
            _count(connection, table, columns)
    connection.execute(sa.text(DETACH))


def downgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        _rewrite(connection, GROWING, REUSED)
        connection.exec_driver_sql("DELETE FROM sqlite_sequence")


def _rewrite(connection: sa.Connection, old: str, new: str) -> None:
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    for table in NAMED:
        changed = connection.exec_driver_sql(
            "UPDATE sqlite_master SET sql = replace(sql, ?, ?)"
            " WHERE type = 'table' AND name = ? AND instr(sql, ?) > 0",
            (old, new, table, old),
        )
        if changed.rowcount != 1:
            raise RuntimeError(f"the table {table} is not as its migrations left it")
    # Other connections read the schema again; this one does at once.
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")


def _count(connection: sa.Connection, table: str, columns: tuple[str, ...]) -> None:
    """Begin above every number that any column still names."""
    places = (f"{table}.id", *columns)
    named = [
        connection.exec_driver_sql(
            f"SELECT max({column}) FROM {where}"  # noqa: S608 - our own names, above
        ).scalar()
        or 0
        for where, _, column in (place.partition(".") for place in places)
    ]
    connection.exec_driver_sql(
        "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, max(named))
    )
