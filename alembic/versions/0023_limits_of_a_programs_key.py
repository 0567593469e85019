"""Keys of companies' programs have limits of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None
min_code = "0008"  # it only adds

LIMITS = {"daily_tokens": sa.BigInteger(), "messages_per_minute": sa.Integer()}


def upgrade() -> None:
    for name, kind in LIMITS.items():
        op.add_column("api_keys", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for name in reversed(LIMITS):
        op.drop_column("api_keys", name)
