"""A turn keeps what it was told and says of itself; a chat, what is tried in it.

And a press says which message it was under, which is no message of the client's.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
min_code = "0008"  # it only adds

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TURNS = ("told", "outcome", "about", "sources", "buttons")

TRYING = "trying IS NOT NULL"
WORDED = "told IS NOT NULL OR about IS NOT NULL OR sources IS NOT NULL OR buttons IS NOT NULL"


def upgrade() -> None:
    op.add_column("chats", sa.Column("trying", sa.Text(), nullable=True))
    op.create_index(
        "ix_chats_trying",
        "chats",
        ["bot_id"],
        sqlite_where=sa.text(TRYING),
        postgresql_where=sa.text(TRYING),
    )
    for column in TURNS:
        op.add_column("turns", sa.Column(column, sa.Text(), nullable=True))
    op.add_column("turns", sa.Column("promised", sa.Boolean(), nullable=True))
    op.create_index(
        "ix_turns_worded",
        "turns",
        ["opened_at", "id"],
        sqlite_where=sa.text(WORDED),
        postgresql_where=sa.text(WORDED),
    )
    op.add_column("updates", sa.Column("pressed", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_updates_pressed",
        "updates",
        ["chat_id", "pressed"],
        sqlite_where=sa.text("pressed IS NOT NULL"),
        postgresql_where=sa.text("pressed IS NOT NULL"),
    )
    op.create_table(
        "client_facts",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("chat_id", ROW_ID, nullable=False),
        sa.Column("tenant_id", ROW_ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["chat_id"],
            ["chats.id"],
            name=op.f("fk_client_facts_chat_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenants.id"],
            name=op.f("fk_client_facts_tenant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_facts")),
        sa.UniqueConstraint(
            "chat_id", "tenant_id", "name", name=op.f("uq_client_facts_chat_id_tenant_id_name")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_client_facts_tenant_id", "client_facts", ["tenant_id"])
    op.create_index(
        "ix_client_facts_worded",
        "client_facts",
        ["added_at", "id"],
        sqlite_where=sa.text("value <> ''"),
        postgresql_where=sa.text("value <> ''"),
    )


def downgrade() -> None:
    op.drop_table("client_facts")
    op.drop_index("ix_updates_pressed", table_name="updates")
    op.drop_column("updates", "pressed")
    op.drop_index("ix_turns_worded", table_name="turns")
    op.drop_column("turns", "promised")
    for column in reversed(TURNS):
        op.drop_column("turns", column)
    op.drop_index("ix_chats_trying", table_name="chats")
    op.drop_column("chats", "trying")
