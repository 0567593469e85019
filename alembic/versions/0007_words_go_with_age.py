"""Words go with age, and what a list shows of a company is read without its profile."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WORDED = (
    ("ix_updates_worded", "updates", ["received_at", "id"], "payload <> '{}'"),
    ("ix_outbox_worded", "outbox", ["queued_at", "id"], "text <> ''"),
    (
        "ix_audit_worded",
        "audit",
        ["at", "id"],
        "subject IS NOT NULL OR old IS NOT NULL OR new IS NOT NULL",
    ),
    ("ix_threads_remembered", "threads", ["conversation_at", "id"], "conversation_id IS NOT NULL"),
)
CURRENT = (
    "SELECT tenants.id, profiles.body FROM tenants JOIN profiles"
    " ON profiles.tenant_id = tenants.id AND profiles.version = tenants.version"
)


def upgrade() -> None:
    op.add_column("threads", sa.Column("conversation_at", sa.Double(), nullable=True))
    op.add_column("tenants", sa.Column("company", sa.Text(), nullable=True))
    op.add_column("tenants", sa.Column("retention_days", sa.Double(), nullable=True))
    connection = op.get_bind()
    # Of a conversation that there is already, nobody knows what its oldest words are.
    connection.execute(
        sa.text("UPDATE threads SET conversation_at = created_at WHERE conversation_id IS NOT NULL")
    )
    name = sa.text("UPDATE tenants SET company = :company WHERE id = :tenant")
    for tenant, body in connection.execute(sa.text(CURRENT)).all():
        connection.execute(name, {"tenant": tenant, "company": _company(body)})
    for index, table, columns, condition in WORDED:
        when = sa.text(condition)
        op.create_index(index, table, columns, sqlite_where=when, postgresql_where=when)
    for table in ("updates", "outbox"):
        op.create_index(f"ix_{table}_chat_id_message_id", table, ["chat_id", "message_id"])


def downgrade() -> None:
    for table in ("outbox", "updates"):
        op.drop_index(f"ix_{table}_chat_id_message_id", table_name=table)
    for index, table, *_ in reversed(WORDED):
        op.drop_index(index, table_name=table)
    op.drop_column("tenants", "retention_days")
    op.drop_column("tenants", "company")
    op.drop_column("threads", "conversation_at")


def _company(body: str) -> str | None:
    try:
        said = json.loads(body)
    except ValueError:
        return None
    name = said.get("company_name") if isinstance(said, dict) else None
    return name if isinstance(name, str) else None
