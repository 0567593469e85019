"""Chats that are read over HTTP: their logs, who may read them, and how often."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None
min_code = "0008"  # it only adds

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for name in ("logged", "read_to"):
        column = sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")
        op.add_column("chats", column)
    op.create_table(
        "log",
        sa.Column("chat_id", ROW_ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("update_id", ROW_ID, nullable=True),
        sa.Column("outbox_id", ROW_ID, nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.Double(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_log_{column}"), ondelete="CASCADE"
            )
            for column, table in (
                ("chat_id", "chats"),
                ("update_id", "updates"),
                ("outbox_id", "outbox"),
            )
        ),
        sa.PrimaryKeyConstraint("chat_id", "seq", name=op.f("pk_log")),
    )
    op.create_index(op.f("ix_log_update_id"), "log", ["update_id"], unique=True)
    op.create_index(op.f("ix_log_outbox_id"), "log", ["outbox_id"], unique=True)
    op.create_table(
        "sessions",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bot_id"], ["bots.id"], name=op.f("fk_sessions_bot_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("chat", name=op.f("uq_sessions_chat")),
        sa.UniqueConstraint("digest", name=op.f("uq_sessions_digest")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_sessions_bot_id"), "sessions", ["bot_id"])
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"])
    op.create_table(
        "limits",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("until", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_limits")),
    )
    op.create_index(op.f("ix_limits_until"), "limits", ["until"])


def downgrade() -> None:
    for table in ("limits", "sessions", "log"):
        op.drop_table(table)
    for name in ("read_to", "logged"):
        op.drop_column("chats", name)
