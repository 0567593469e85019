"""Duty: which of a company's people want to be told of its clients, and can be."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, and_, bindparam, or_, select

from db.models import admins, bots, chats, duties
from db.people import belongs, counts
from db.reach import LETS_IN, Reachable, reachable, speaks_for
from db.rows import insert
from db.transaction import OneByOne

NEVER: Final = ""  # hours of somebody who does not want to be told
_wants = and_(duties.c.tenant_id == admins.c.tenant_id, duties.c.user_id == admins.c.user_id)
# Asked in each turn, so made once.
_REACHED = (
    select(admins.c.tenant_id, admins.c.role)
    .distinct()
    .select_from(
        admins.outerjoin(duties, _wants)
        .join(chats, chats.c.chat_id == admins.c.user_id)
        .join(bots, bots.c.id == chats.c.bot_id)
    )
    .where(admins.c.tenant_id.in_(bindparam("tenants", expanding=True)))
    .where(counts(bindparam("now", type_=admins.c.expires_at.type)))
    .where(or_(duties.c.hours.is_(None), duties.c.hours != NEVER))
    .where(LETS_IN, speaks_for(admins.c.tenant_id))
)


def roles_reached(
    connection: Connection, tenants: Collection[int], *, now: float
) -> Mapping[int, frozenset[str]]:
    """For each tenant the roles in which there is anyone for `whom_to_tell`, by whichever bot."""
    asked = {"tenants": sorted(tenants), "now": now}
    found = connection.execute(_REACHED, asked).all()
    return {
        tenant: frozenset(row.role for row in found if row.tenant_id == tenant)
        for tenant in tenants
    }


def whom_to_tell(
    connection: Connection, tenant: int, roles: Collection[str], *, bot_id: int, now: float
) -> Mapping[Reachable, str | None]:
    """Who can be told of those with one of these roles who ever want to be, with their hours."""
    found = connection.execute(
        select(admins.c.user_id, duties.c.hours)
        .outerjoin(duties, _wants)
        .where(belongs(tenant), counts(now), admins.c.role.in_(roles))
    )
    hours = {row.user_id: row.hours for row in found if row.hours != NEVER}
    if not hours:
        return {}
    there = reachable(connection, hours, bot_id=bot_id, tenant=tenant)
    return {one: hours[int(one.address.chat_id)] for one in there}


@dataclass(frozen=True, slots=True)
class SetDuty(OneByOne[None]):
    """When somebody wants to be told of a tenant's clients: None is always."""

    tenant: int
    user_id: int
    hours: str | None

    def carry_out(self, connection: Connection) -> None:
        key = {"tenant_id": self.tenant, "user_id": self.user_id}
        if self.hours is None:
            mine = (duties.c[name] == value for name, value in key.items())
            connection.execute(duties.delete().where(*mine))
            return
        add = insert(connection, duties).values(**key, hours=self.hours)
        add = add.on_conflict_do_update(index_elements=[*key], set_={"hours": self.hours})
        connection.execute(add)


def duty_of(connection: Connection, tenant: int, user_id: int) -> str | None:
    """What `SetDuty` set last."""
    mine = select(duties.c.hours).where(duties.c.tenant_id == tenant, duties.c.user_id == user_id)
    return connection.execute(mine).scalar()
