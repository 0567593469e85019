"""Links by which a client goes on in another chat, and what clients think of a conversation."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None
min_code = "0008"  # it only adds

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "links",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("chat_id", ROW_ID, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.Column("thread_id", ROW_ID, nullable=True),
        sa.Column("source_id", ROW_ID, nullable=True),
        sa.Column("until_id", sa.BigInteger(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_links_{column}"), ondelete="CASCADE"
            )
            for column, table in (
                ("chat_id", "chats"),
                ("thread_id", "threads"),
                ("source_id", "threads"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("digest", name=op.f("uq_links_digest")),
        sqlite_autoincrement=True,
    )
    for column in ("chat_id", "thread_id", "source_id", "expires_at"):
        op.create_index(op.f(f"ix_links_{column}"), "links", [column])
    op.create_table(
        "ratings",
        sa.Column("talk_id", ROW_ID, nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("update_id", ROW_ID, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_ratings_{column}"), ondelete="CASCADE"
            )
            for column, table in (("talk_id", "talks"), ("update_id", "updates"))
        ),
        sa.PrimaryKeyConstraint("talk_id", name=op.f("pk_ratings")),
    )
    op.create_index(op.f("ix_ratings_update_id"), "ratings", ["update_id"])


def downgrade() -> None:
    for table in ("ratings", "links"):
        op.drop_table(table)
