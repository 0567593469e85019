"""Whom a bot speaks for that nobody gave to a company: what the tables know of it."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from db.audit import Deed
from db.models import audit, profiles, tenants
from db.rows import IS_SERVED


@dataclass(frozen=True, slots=True)
class Candidate:
    """A tenant that such a bot might speak for."""

    name: str
    body: str  # its current profile (JSON)
    author: str  # of that profile


@dataclass(frozen=True, slots=True)
class Heirs:
    """The tenant that was told to, and every one that is not archived, the oldest first."""

    wished: str | None
    candidates: tuple[Candidate, ...]


def wished(connection: Connection) -> str | None:
    """The tenant that was last told to speak through the host's bots, those to come included."""
    deeds = (
        select(tenants.c.name)
        .join(audit, audit.c.tenant_id == tenants.c.id)
        .where(audit.c.action == Deed.TENANT_SPEAKS, IS_SERVED)
        .order_by(audit.c.id.desc())
    )
    name: str | None = connection.execute(deeds.limit(1)).scalar()
    return name


def heirs(connection: Connection) -> Heirs:
    """Whom such a bot might speak for."""
    return Heirs(wished(connection), _candidates(connection))


def _candidates(connection: Connection) -> tuple[Candidate, ...]:
    found = (
        select(tenants.c.name, profiles.c.body, profiles.c.author)
        .join(profiles, profiles.c.tenant_id == tenants.c.id)
        .where(profiles.c.version == tenants.c.version)
        .where(IS_SERVED)
        .order_by(tenants.c.id)
    )
    return tuple(Candidate(*row) for row in connection.execute(found))
