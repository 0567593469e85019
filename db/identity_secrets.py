"""With what a company signs who a visitor of its site is; kept encrypted, since it must be known.

Two of a site are good at the same time, so that a new one is in use before the old one is retired.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, delete, select

from db.audit import Deed, note
from db.models import identity_secrets, sites
from db.records import Actor
from db.rows import insert
from db.sites import called_site
from db.transaction import OneByOne

MOST: Final = 2  # of a site


@dataclass(frozen=True, slots=True)
class IdentitySecret:
    """`sealed`: encrypted."""

    id: int
    site: int
    sealed: str = field(repr=False)
    created_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AddIdentitySecret(OneByOne[int | None]):
    """One more; its row, None where the company has no such site, or the site has two."""

    site: int
    tenant: int
    sealed: str = field(repr=False)
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> int | None:
        name = called_site(connection, self.site, self.tenant)
        if name is None or len(secrets_of_site(connection, self.site)) >= MOST:
            return None
        added = insert(connection, identity_secrets).values(
            site_id=self.site, sealed=self.sealed, created_at=self.now
        )
        note(connection, self, Deed.IDENTITY_SECRET_ADDED, subject=name)
        return int(connection.execute(added.returning(identity_secrets.c.id)).scalar_one())


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireIdentitySecret(OneByOne[bool]):
    """What was signed with it proves nothing any more; False where there is none."""

    secret: int
    site: int
    tenant: int
    actor: Actor
    now: float

    def carry_out(self, connection: Connection) -> bool:
        name = called_site(connection, self.site, self.tenant)
        mine = identity_secrets.c.id == self.secret, identity_secrets.c.site_id == self.site
        if name is None or not connection.execute(delete(identity_secrets).where(*mine)).rowcount:
            return False
        note(connection, self, Deed.IDENTITY_SECRET_RETIRED, subject=name)
        return True


def secrets_of_site(connection: Connection, site: int) -> tuple[IdentitySecret, ...]:
    """Those that are good, the oldest first."""
    return _rows(connection, [site])


def all_identity_secrets(connection: Connection) -> tuple[tuple[str, IdentitySecret], ...]:
    """Those of all sites, each with its site's key."""
    keys = {row.id: row.public_key for row in connection.execute(select(sites))}
    return tuple((keys[one.site], one) for one in _rows(connection, [*keys]))


def _rows(connection: Connection, of: Sequence[int]) -> tuple[IdentitySecret, ...]:
    its = identity_secrets.c
    found = select(its.id, its.site_id, its.sealed, its.created_at).where(its.site_id.in_(of))
    return tuple(IdentitySecret(*row) for row in connection.execute(found.order_by(its.id)))
