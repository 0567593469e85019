"""Rows are found by an index: a thread's updates, a person's chats, a company's threads."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_updates_thread_id", "updates", ["thread_id"], unique=False)
    op.create_index("ix_chats_chat_id", "chats", ["chat_id"], unique=False)
    op.create_index("ix_chats_thread_id", "chats", ["thread_id"], unique=False)
    op.create_index("ix_threads_tenant_id", "threads", ["tenant_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_threads_tenant_id", table_name="threads")
    op.drop_index("ix_chats_thread_id", table_name="chats")
    op.drop_index("ix_chats_chat_id", table_name="chats")
    op.drop_index("ix_updates_thread_id", table_name="updates")
