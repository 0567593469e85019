"""The durable engine."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = (
    "tenants",
    "profiles",
    "bots",
    "workers",
    "chats",
    "threads",
    "turns",
    "updates",
    "outbox",
    "tokens",
    "alerts",
    "erasures",
)


def upgrade() -> None:
    _tenants()
    _chats()
    _turns()
    _updates()
    _outbox()
    _duties()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _tenants() -> None:
    op.create_table(
        "tenants",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tenants"),
        sa.UniqueConstraint("name", name="uq_tenants_name"),
    )
    op.create_table(
        "profiles",
        sa.Column("tenant_id", ROW_ID, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_profiles_tenant_id"),
        sa.PrimaryKeyConstraint("tenant_id", "version", name="pk_profiles"),
    )
    op.create_table(
        "bots",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tenant_id", ROW_ID, nullable=False),
        sa.Column("poller", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_bots_tenant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_bots"),
    )
    op.create_table(
        "workers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workers"),
    )


def _chats() -> None:
    op.create_table(
        "chats",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("topic_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", ROW_ID, nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("first_at", sa.Double(), nullable=True),
        sa.Column("due_at", sa.Double(), nullable=True),
        sa.Column("noticed_until", sa.Double(), nullable=True),
        sa.Column("introduced_at", sa.Double(), nullable=True),
        sa.Column("closed_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["bot_id"], ["bots.id"], name="fk_chats_bot_id"),
        sa.PrimaryKeyConstraint("id", name="pk_chats"),
        sa.UniqueConstraint(
            "bot_id", "chat_id", "topic_id", name="uq_chats_bot_id_chat_id_topic_id"
        ),
    )
    _index_when("ix_chats_due_at", "chats", ["due_at"], condition="due_at IS NOT NULL")
    op.create_table(
        "threads",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("chat_id", ROW_ID, nullable=False),
        sa.Column("tenant_id", ROW_ID, nullable=False),
        sa.Column("assistant", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=True),
        sa.Column("last_item_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("closed_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_threads_chat_id"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_threads_tenant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_threads"),
    )
    op.create_index("ix_threads_chat_id", "threads", ["chat_id"])
    _index_when(
        "uq_threads_open",
        "threads",
        ["chat_id", "tenant_id", "assistant", "purpose"],
        condition="closed_at IS NULL",
        unique=True,
    )


def _turns() -> None:
    op.create_table(
        "turns",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("chat_id", ROW_ID, nullable=False),
        sa.Column("thread_id", ROW_ID, nullable=False),
        sa.Column("profile_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Text(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("cached_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("received_at", sa.Double(), nullable=False),
        sa.Column("opened_at", sa.Double(), nullable=False),
        sa.Column("first_delta_at", sa.Double(), nullable=True),
        sa.Column("done_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_turns_chat_id"),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name="fk_turns_thread_id"),
        sa.PrimaryKeyConstraint("id", name="pk_turns"),
    )
    op.create_index("ix_turns_chat_id_opened_at", "turns", ["chat_id", "opened_at"])
    op.create_index("ix_turns_thread_id", "turns", ["thread_id"])
    _index_when(
        "uq_turns_open", "turns", ["state", "chat_id"], condition="state = 'open'", unique=True
    )


def _updates() -> None:
    op.create_table(
        "updates",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=True),
        sa.Column("chat_id", ROW_ID, nullable=True),
        sa.Column("thread_id", ROW_ID, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("album", sa.Text(), nullable=True),
        sa.Column("written_at", sa.Double(), nullable=True),
        sa.Column("received_at", sa.Double(), nullable=False),
        sa.Column("turn_id", ROW_ID, nullable=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["bot_id"], ["bots.id"], name="fk_updates_bot_id"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_updates_chat_id"),
        sa.ForeignKeyConstraint(["thread_id"], ["threads.id"], name="fk_updates_thread_id"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_updates_turn_id"),
        sa.PrimaryKeyConstraint("id", name="pk_updates"),
        sa.UniqueConstraint("bot_id", "update_id", name="uq_updates_bot_id_update_id"),
    )
    _index_when(
        "ix_updates_accepted", "updates", ["state", "chat_id"], condition="state = 'accepted'"
    )
    op.create_index("ix_updates_bot_id_message_id", "updates", ["bot_id", "message_id"])
    op.create_index("ix_updates_chat_id_received_at", "updates", ["chat_id", "received_at"])
    _index_when(
        "ix_updates_numbered", "updates", ["received_at"], condition="update_id IS NOT NULL"
    )
    op.create_index("ix_updates_turn_id", "updates", ["turn_id"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("chat_id", ROW_ID, nullable=False),
        sa.Column("turn_id", ROW_ID, nullable=True),
        sa.Column("update_id", ROW_ID, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("entities", sa.Text(), nullable=True),
        sa.Column("markup", sa.Text(), nullable=True),
        sa.Column("reply_to", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("lower_id", sa.BigInteger(), nullable=True),
        sa.Column("not_before", sa.Double(), nullable=True),
        sa.Column("queued_at", sa.Double(), nullable=False),
        sa.Column("intent_at", sa.Double(), nullable=True),
        sa.Column("sent_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name="fk_outbox_chat_id"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_outbox_turn_id"),
        sa.ForeignKeyConstraint(["update_id"], ["updates.id"], name="fk_outbox_update_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("turn_id", "kind", "position", name="uq_outbox_turn_id_kind_position"),
        sa.UniqueConstraint("update_id", "position", name="uq_outbox_update_id_position"),
    )
    op.create_index("ix_outbox_chat_id_queued_at", "outbox", ["chat_id", "queued_at"])
    op.create_index("ix_outbox_message_id", "outbox", ["message_id"])
    _index_when(
        "ix_outbox_unsettled",
        "outbox",
        ["state", "chat_id"],
        condition="state IN ('queued', 'sending', 'doubt')",
    )
    _index_when(
        "uq_outbox_sending", "outbox", ["chat_id"], condition="state = 'sending'", unique=True
    )


def _duties() -> None:
    op.create_table(
        "tokens",
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_tokens"),
    )
    op.create_table(
        "alerts",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("told_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_alerts"),
    )
    op.create_table(
        "erasures",
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("not_before", sa.Double(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_erasures"),
    )


def _index_when(
    name: str, table: str, columns: list[str], *, condition: str, unique: bool = False
) -> None:
    when = sa.text(condition)
    op.create_index(name, table, columns, unique=unique, sqlite_where=when, postgresql_where=when)
