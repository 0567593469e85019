"""The tables of those who run a company: who may do what, what is drafted, what opens what."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from db.models.base import RowId, index_when, metadata

# What will be published: one row per change, so that two admins see who changed what. `changes`
# is JSON from field to value (null: back to the default), all of them up to this revision.
drafts = Table(
    "drafts",
    metadata,
    Column("tenant_id", ForeignKey("tenants.id"), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("base_version", Integer, nullable=False),
    Column("changes", Text, nullable=False),
    Column("fields", Text, nullable=False),  # JSON: those that this revision touched
    Column("author", Text, nullable=False),
    Column("author_id", BigInteger),
    Column("created_at", Double, nullable=False),
)

# Who may do what; a row without a tenant is a host.
admins = Table(
    "admins",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("tenant_id", ForeignKey("tenants.id")),
    Column("user_id", BigInteger, nullable=False),
    Column("role", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("added_by", BigInteger),
    Column("added_at", Double, nullable=False),
    Column("expires_at", Double),
    UniqueConstraint("tenant_id", "user_id"),
    Index(None, "user_id"),
    index_when("uq_admins_host", "user_id", condition="tenant_id IS NULL", unique=True),
    sqlite_autoincrement=True,
)

# One-time links: what is in the link is known here by its SHA-256 alone.
invites = Table(
    "invites",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("tenant_id", ForeignKey("tenants.id")),
    Column("role", Text, nullable=False),
    Column("created_by", BigInteger),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double, nullable=False),
    Column("member_until", Double),  # the role's own end
    Column("used_by", BigInteger),
    Column("used_at", Double),
    Column("revoked_at", Double),
    sqlite_autoincrement=True,
)

# The tenant that an admin has in hand; of a group (a negative id), the one it is bound to.
hands = Table(
    "hands",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("tenant_id", ForeignKey("tenants.id"), nullable=False),
)

# Who changed what. No foreign key: it outlives the tenant.
audit = Table(
    "audit",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("tenant_id", RowId),
    Column("tenant", Text),  # its name at that time
    Column("actor", Text, nullable=False),
    Column("actor_id", BigInteger),
    Column("action", Text, nullable=False),
    Column("subject", Text),  # a field, a person, a bot, an assistant
    Column("old", Text),
    Column("new", Text),
    Column("at", Double, nullable=False),
    Index(None, "tenant_id", "id"),
    index_when(
        "ix_audit_worded",
        "at",
        "id",
        condition="subject IS NOT NULL OR old IS NOT NULL OR new IS NOT NULL",
    ),
    sqlite_autoincrement=True,
)

# What opens a tenant's private assistants, by its keyed hash alone.
codes = Table(
    "codes",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("tenant_id", ForeignKey("tenants.id"), nullable=False),
    Column("assistant", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("generated", Boolean, nullable=False),
    Column("single_use", Boolean, nullable=False, default=False),
    Column("person_id", BigInteger),  # who alone may use it: the first who did, or one named
    Column("per_person", Boolean, nullable=False, default=False),
    Column("created_by", BigInteger),
    Column("created_at", Double, nullable=False),
    Column("expires_at", Double),
    Column("used_at", Double),
    Column("revoked_at", Double),
    Index(None, "tenant_id", "assistant"),
    index_when("ix_codes_active", "digest", condition="revoked_at IS NULL"),
    sqlite_autoincrement=True,
)

# What a company lets its assistants call: an address of its own. The secret is encrypted.
company_tools = Table(
    "company_tools",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("tenant_id", ForeignKey("tenants.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("declaration", Text, nullable=False),  # JSON
    Column("secret", Text),
    Column("changed_at", Double, nullable=False),
    UniqueConstraint("tenant_id", "name"),
    sqlite_autoincrement=True,
)

# What an update held that must not be stored as it is: encrypted, and emptied once handled.
secrets = Table(
    "secrets",
    metadata,
    Column("update_id", ForeignKey("updates.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("body", Text),
)

# Wrong access codes: five an hour.
tries = Table(
    "tries",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("chat_id", ForeignKey("chats.id"), nullable=False),
    Column("at", Double, nullable=False),
    Index(None, "chat_id", "at"),
    sqlite_autoincrement=True,
)

# MCP servers of a tenant's: OpenAI calls their tools itself.
mcp_servers = Table(
    "mcp_servers",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("tenant_id", ForeignKey("tenants.id", ondelete="CASCADE"), nullable=False),
    Column("label", Text, nullable=False),
    Column("host", Text, nullable=False),  # what people are told of the address
    Column("sealed", Text, nullable=False),  # encrypted: the address and the token
    Column("added_at", Double, nullable=False),
    Column("failures", Integer, nullable=False, default=0, server_default="0"),  # in a row
    Column("failure", Text),  # the last one
    Column("failed_at", Double),
    Column("retry_at", Double),  # until then it is left out
    UniqueConstraint("tenant_id", "label"),
    sqlite_autoincrement=True,
)
