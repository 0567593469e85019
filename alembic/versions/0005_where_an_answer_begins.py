"""A turn knows with which of its messages the model's present answer begins."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "turns", sa.Column("response_start", sa.Integer(), nullable=False, server_default="0")
    )


def downgrade() -> None:
    op.drop_column("turns", "response_start")
