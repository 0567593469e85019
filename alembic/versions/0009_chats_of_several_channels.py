"""A chat names its channel, and an id that is no number stands beside the one made of it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
min_code = "0008"  # it only adds

# Columns that may be empty, or have one value for all rows: no row is rewritten on either database.
BESIDE = (
    ("chats", "chat_text"),
    ("updates", "message_text"),
    ("outbox", "message_text"),
    ("outbox", "reply_text"),
)


def upgrade() -> None:
    channel = sa.Column("channel", sa.Text(), nullable=False, server_default="telegram")
    op.add_column("chats", channel)
    for table, column in BESIDE:
        op.add_column(table, sa.Column(column, sa.Text(), nullable=True))


def downgrade() -> None:
    for table, column in reversed(BESIDE):
        op.drop_column(table, column)
    op.drop_column("chats", "channel")
