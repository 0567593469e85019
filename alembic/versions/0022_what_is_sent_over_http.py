"""What is sent over HTTP beside words, until the turn that reads it is over."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None
min_code = "0008"  # it only adds

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("whole_at", sa.Double(), nullable=True),
        sa.Column("update_id", ROW_ID, nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_uploads_{column}"), ondelete="CASCADE"
            )
            for column, table in (("bot_id", "bots"), ("update_id", "updates"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.UniqueConstraint("token", name=op.f("uq_uploads_token")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_uploads_bot_id_chat_id"), "uploads", ["bot_id", "chat_id"])
    op.create_index(op.f("ix_uploads_update_id"), "uploads", ["update_id"])
    op.create_table(
        "upload_pieces",
        sa.Column("upload_id", ROW_ID, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"],
            ["uploads.id"],
            name=op.f("fk_upload_pieces_upload_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("upload_id", "number", name=op.f("pk_upload_pieces")),
    )


def downgrade() -> None:
    for table in ("upload_pieces", "uploads"):
        op.drop_table(table)
