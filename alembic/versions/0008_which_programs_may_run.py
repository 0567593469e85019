"""The database says which programs may run on it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
min_code = "0008"  # older programs read no such number


def upgrade() -> None:
    # Beside the newest migration's number, in the one row of the table that Alembic made.
    op.add_column("alembic_version", sa.Column("min_code", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("alembic_version", "min_code")
