"""The tables of what comes from outside Telegram: companies' sites, and the keys of their programs.

To the engine a site is a bot of ours, and a company's programs are one: see db/sites.py.
"""

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
    false,
    true,
)

from db.models.base import RowId, metadata

sites = Table(
    "sites",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("tenant_id", ForeignKey("tenants.id", ondelete="CASCADE"), nullable=False),
    Column("public_key", Text, nullable=False, unique=True),  # it stands in the page
    Column("origins", Text, nullable=False),  # JSON: the addresses of the pages
    Column("is_on", Boolean, nullable=False, default=True, server_default=true()),
    Column("accent", Text, nullable=False),
    Column("corner", Text, nullable=False),
    Column("daily_tokens", BigInteger),  # none: the process's own limit alone
    Column("messages_per_minute", Integer),  # none: as in Telegram
    # Whether it answers only those of whom the company proves who they are.
    Column("known_only", Boolean, nullable=False, default=False, server_default=false()),
    Column("created_at", Double, nullable=False),
    Index(None, "tenant_id"),
    sqlite_autoincrement=True,
)

# With what a company signs who a visitor of its site is.
identity_secrets = Table(
    "identity_secrets",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("site_id", ForeignKey("sites.id", ondelete="CASCADE"), nullable=False),
    Column("sealed", Text, nullable=False),  # encrypted
    Column("created_at", Double, nullable=False),
    Index(None, "site_id"),
    sqlite_autoincrement=True,
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("tenant_id", ForeignKey("tenants.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("digest", Text, nullable=False),  # keyed
    Column("scopes", Text, nullable=False),  # with spaces between them
    Column("daily_tokens", BigInteger),  # none: the process's own limit alone
    Column("messages_per_minute", Integer),  # none: what the API allows
    Column("created_by", BigInteger),
    Column("created_at", Double, nullable=False),
    Column("last_used", Double),  # to the minute
    Column("revoked_at", Double),
    Index(None, "tenant_id", "name"),
    sqlite_autoincrement=True,
)
