"""What is to be deleted at OpenAI may be an answer that is stored there."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None
min_code = "0008"  # it only adds


def upgrade() -> None:
    op.add_column(
        "erasures",
        sa.Column("of_response", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("erasures", "of_response")
