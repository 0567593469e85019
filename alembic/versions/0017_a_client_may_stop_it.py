"""A client may stop an answer; an answer may claim what was not done."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None
min_code = "0008"  # it only adds


def upgrade() -> None:
    op.add_column("turns", sa.Column("claimed", sa.Boolean(), nullable=True))
    op.add_column("turns", sa.Column("stopped_at", sa.Double(), nullable=True))
    few = sa.text("claimed IS NOT NULL")
    op.create_index(
        "ix_turns_claimed", "turns", ["thread_id"], sqlite_where=few, postgresql_where=few
    )


def downgrade() -> None:
    op.drop_index("ix_turns_claimed", "turns")
    op.drop_column("turns", "stopped_at")
    op.drop_column("turns", "claimed")
