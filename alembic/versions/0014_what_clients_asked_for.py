"""What clients asked a company to do."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None
min_code = "0008"  # it only adds

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "requests",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("turn_id", ROW_ID, nullable=False),
        sa.Column("talk_id", ROW_ID, nullable=False),
        sa.Column("tenant_id", ROW_ID, nullable=False),
        sa.Column("notice_id", ROW_ID, nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.Double(), nullable=False),
        sa.Column("told_at", sa.Double(), nullable=True),
        sa.Column("done_at", sa.Double(), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_requests_notice_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["talk_id"], ["talks.id"], name=op.f("fk_requests_talk_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_requests_tenant_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turns.id"], name=op.f("fk_requests_turn_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sa.UniqueConstraint("key", name=op.f("uq_requests_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_requests_turn_id", "requests", ["turn_id"])
    op.create_index("ix_requests_talk_id", "requests", ["talk_id"])
    op.create_index("ix_requests_notice_id", "requests", ["notice_id"])
    op.create_index("ix_requests_tenant_id_id", "requests", ["tenant_id", "id"])
    for name, columns, condition in (
        ("ix_requests_untold", ["told_at", "id"], "told_at IS NULL"),
        ("ix_requests_open", ["tenant_id", "id"], "done_at IS NULL"),
        ("ix_requests_worded", ["taken_at", "id"], "fields <> ''"),
    ):
        when = sa.text(condition)
        op.create_index(name, "requests", columns, sqlite_where=when, postgresql_where=when)


def downgrade() -> None:
    op.drop_table("requests")
