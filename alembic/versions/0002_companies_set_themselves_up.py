"""Companies set themselves up."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("tenant_id", ROW_ID, nullable=True),
        sa.Column("tenant", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("old", sa.Text(), nullable=True),
        sa.Column("new", sa.Text(), nullable=True),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_tenant_id_id", "audit", ["tenant_id", "id"], unique=False)

    op.create_table(
        "admins",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("tenant_id", ROW_ID, nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=True),
        sa.Column("added_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_admins_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admins")),
        sa.UniqueConstraint("tenant_id", "user_id", name=op.f("uq_admins_tenant_id_user_id")),
    )
    op.create_index("ix_admins_user_id", "admins", ["user_id"], unique=False)
    op.create_index(
        "uq_admins_host",
        "admins",
        ["user_id"],
        unique=True,
        sqlite_where=sa.text("tenant_id IS NULL"),
        postgresql_where=sa.text("tenant_id IS NULL"),
    )

    op.create_table(
        "codes",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("tenant_id", ROW_ID, nullable=False),
        sa.Column("assistant", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("generated", sa.Boolean(), nullable=False),
        sa.Column("single_use", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("per_person", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=True),
        sa.Column("used_at", sa.Double(), nullable=True),
        sa.Column("revoked_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_codes_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codes")),
    )
    op.create_index(
        "ix_codes_active",
        "codes",
        ["digest"],
        unique=False,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_index(
        "ix_codes_tenant_id_assistant", "codes", ["tenant_id", "assistant"], unique=False
    )

    op.create_table(
        "drafts",
        sa.Column("tenant_id", ROW_ID, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_drafts_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "revision", name=op.f("pk_drafts")),
    )
    op.create_table(
        "hands",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tenant_id", ROW_ID, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_hands_tenant_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_hands")),
    )
    op.create_table(
        "invites",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("tenant_id", ROW_ID, nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.Column("member_until", sa.Double(), nullable=True),
        sa.Column("used_by", sa.BigInteger(), nullable=True),
        sa.Column("used_at", sa.Double(), nullable=True),
        sa.Column("revoked_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_invites_tenant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invites")),
        sa.UniqueConstraint("digest", name=op.f("uq_invites_digest")),
    )
    op.create_table(
        "tries",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("chat_id", ROW_ID, nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_tries_chat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tries")),
    )
    op.create_index("ix_tries_chat_id_at", "tries", ["chat_id", "at"], unique=False)

    op.create_table(
        "secrets",
        sa.Column("update_id", ROW_ID, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["update_id"], ["updates.id"], name=op.f("fk_secrets_update_id")),
        sa.PrimaryKeyConstraint("update_id", "position", name=op.f("pk_secrets")),
    )
    op.add_column("bots", sa.Column("username", sa.Text(), nullable=True))
    op.add_column("bots", sa.Column("token", sa.Text(), nullable=True))
    op.add_column(
        "bots", sa.Column("managed", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("bots", sa.Column("added_by", sa.BigInteger(), nullable=True))
    op.add_column("bots", sa.Column("added_at", sa.Double(), nullable=True))
    op.add_column("bots", sa.Column("removed_at", sa.Double(), nullable=True))
    op.add_column("bots", sa.Column("refused_at", sa.Double(), nullable=True))
    op.add_column("bots", sa.Column("shown", sa.Text(), nullable=True))

    op.add_column("chats", sa.Column("chosen_language", sa.Text(), nullable=True))
    op.add_column("chats", sa.Column("form", sa.Text(), nullable=True))

    op.add_column("profiles", sa.Column("note", sa.Text(), nullable=True))

    op.add_column("tenants", sa.Column("state", sa.Text(), server_default="active", nullable=False))


def downgrade() -> None:
    op.drop_column("tenants", "state")

    op.drop_column("profiles", "note")

    op.drop_column("chats", "form")
    op.drop_column("chats", "chosen_language")

    op.drop_column("bots", "shown")
    op.drop_column("bots", "refused_at")
    op.drop_column("bots", "removed_at")
    op.drop_column("bots", "added_at")
    op.drop_column("bots", "added_by")
    op.drop_column("bots", "managed")
    op.drop_column("bots", "token")
    op.drop_column("bots", "username")

    op.drop_table("secrets")

    op.drop_table("tries")
    op.drop_table("invites")
    op.drop_table("hands")
    op.drop_table("drafts")

    op.drop_table("codes")

    op.drop_table("admins")

    op.drop_table("audit")
