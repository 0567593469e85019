"""MCP servers of a company's own, what was called there, and which tools failed lately."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
min_code = "0008"  # it only adds

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "mcp_servers",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("tenant_id", ROW_ID, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("added_at", sa.Double(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("failed_at", sa.Double(), nullable=True),
        sa.Column("retry_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_mcp_servers_tenant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mcp_servers")),
        sa.UniqueConstraint("tenant_id", "label", name=op.f("uq_mcp_servers_tenant_id_label")),
        sqlite_autoincrement=True,
    )
    op.add_column("calls", sa.Column("server", sa.Text(), nullable=True))
    when = sa.text("state IN ('failed', 'doubt')")
    op.create_index(
        "ix_calls_failed",
        "calls",
        ["state", "proposed_at"],
        sqlite_where=when,
        postgresql_where=when,
    )


def downgrade() -> None:
    op.drop_index("ix_calls_failed", "calls")
    op.drop_column("calls", "server")
    op.drop_table("mcp_servers")
