"""Who a visitor of a site is, where its company proves it."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None
min_code = "0008"  # it only adds

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "sites",
        sa.Column("known_only", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("sessions", sa.Column("speaks_in", sa.Text(), nullable=True))
    _when("ix_sessions_speaks_in", "sessions", ["speaks_in"], "speaks_in IS NOT NULL")
    op.create_table(
        "identity_secrets",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("site_id", ROW_ID, nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_identity_secrets_site_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_secrets")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_identity_secrets_site_id"), "identity_secrets", ["site_id"])
    op.create_table(
        "identities",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("proven_at", sa.Double(), nullable=False),
        sa.Column("closed_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["bot_id"], ["bots.id"], name=op.f("fk_identities_bot_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
        sa.UniqueConstraint("bot_id", "chat", name=op.f("uq_identities_bot_id_chat")),
        sqlite_autoincrement=True,
    )
    theirs = ["bot_id", "subject"]
    op.create_index(op.f("ix_identities_bot_id_subject"), "identities", theirs)
    _when("uq_identities_open", "identities", theirs, "closed_at IS NULL", unique=True)
    _when("ix_identities_worded", "identities", ["proven_at", "id"], "name <> ''")


def downgrade() -> None:
    for table in ("identities", "identity_secrets"):
        op.drop_table(table)
    op.drop_index("ix_sessions_speaks_in", table_name="sessions")
    op.drop_column("sessions", "speaks_in")
    op.drop_column("sites", "known_only")


def _when(name: str, table: str, columns: list[str], when: str, *, unique: bool = False) -> None:
    where = sa.text(when)
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)
