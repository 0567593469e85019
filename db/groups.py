"""The company that a group is bound to: kept where admins have theirs in hand, by the group's id.

Telegram's ids of groups are negative, those of people are not.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, exists, select, update

from db.models import hands
from db.rows import insert_or_lock
from db.transaction import OneByOne


@dataclass(frozen=True, slots=True)
class BindGroup(OneByOne[int]):
    """Bind a group to a tenant, unless it is bound; the result is the tenant to which it is."""

    group: int
    tenant: int

    def carry_out(self, connection: Connection) -> int:
        new = {"user_id": self.group, "tenant_id": self.tenant}
        held = insert_or_lock(connection, hands, new, by="user_id")
        return int(connection.execute(held.returning(hands.c.tenant_id)).scalar_one())


@dataclass(frozen=True, slots=True)
class BindGroupAnew(OneByOne[None]):
    """Bind a group that is bound to another tenant."""

    group: int
    tenant: int

    def carry_out(self, connection: Connection) -> None:
        bound = hands.c.user_id == self.group
        connection.execute(update(hands).where(bound).values(tenant_id=self.tenant))


def bound_to(connection: Connection, group: int) -> int | None:
    """The tenant that a group is bound to, by its row."""
    return connection.execute(
        select(hands.c.tenant_id).where(hands.c.user_id == group)
    ).scalar_one_or_none()


def move_group(connection: Connection, group: int, to: int) -> None:
    """The group has another id; what it was bound to under that one already stays."""
    if group == to:
        return  # it was told before
    there = exists().where(hands.alias().c.user_id == to)
    connection.execute(update(hands).where(hands.c.user_id == group, ~there).values(user_id=to))
    connection.execute(delete(hands).where(hands.c.user_id == group))
