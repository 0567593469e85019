"""Who comes to the desk: the roles that they hold, and the tenant that they speak of."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from telegram import Update

from bot.ports import Clock
from bot.telegram.person import full_name, person
from db.chats import ChatWork
from db.engine import Database
from db.people import roles_of
from db.tenants import (
    Listed,
    TenantRow,
    list_companies,
    tenant_by_id,
    tenant_in_hand,
    tenant_of,
)
from tenants.permissions import OF_CLIENTS, Action, Role


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody, and what they are in each tenant; under None in the process."""

    user_id: int
    name: str
    language: str
    roles: dict[int | None, Role]

    def role_in(self, tenant: TenantRow | Listed | None) -> Role | None:
        """What they are in a tenant; a host is one in all of them."""
        return self.roles.get(None) or (self.roles.get(tenant.id) if tenant else None)

    def roles_held(self, tenant: TenantRow | Listed | None) -> Sequence[Role]:
        """What they are in a tenant: a host may be something in it besides."""
        keys = (None, tenant.id) if tenant else (None,)
        return [role for key in keys if (role := self.roles.get(key))]

    def role_for(self, action: Action, tenant: TenantRow | Listed | None) -> Role | None:
        """The role that counts for an action; at the desk, about no tenant, any of theirs does.

        What clients said is read by a company's own people alone: there its host is what they are
        in it.
        """
        if action is Action.DESK and tenant is None:
            return next(iter(self.roles.values()), None)
        own = self.roles.get(tenant.id) if tenant and action in OF_CLIENTS else None
        return own or self.role_in(tenant)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitors:
    """Knows those who come to one bot."""

    database: Database
    clock: Clock
    bot_id: int
    hosts: frozenset[int]  # by the settings; others are in the database
    language: Callable[[Update], Awaitable[str]]  # of the chat that an update is from

    async def who(self, update: Update) -> Visitor:
        """Whom an update is from; who does not show it is nobody, and holds no role."""
        user, language = person(update), await self.language(update)
        if user is None:
            return Visitor(0, "", language, {})
        now = self.clock.now()
        found = await self.database.read(roles_of, user_id=user.id, now=now)
        roles = self._with_hosts(user.id, found)
        return Visitor(user.id, full_name(user), language, roles)

    def known_now(self, chat: ChatWork, visitor: Visitor) -> Visitor:
        """Somebody with the roles that they hold at this moment; they stay so until the commit."""
        user_id = visitor.user_id
        found = chat.read(roles_of, user_id=user_id, now=self.clock.now(), keep=True)
        return replace(visitor, roles=self._with_hosts(user_id, found))

    def _with_hosts(self, user_id: int, found: Mapping[int | None, str]) -> dict[int | None, Role]:
        roles = {tenant: Role(role) for tenant, role in found.items()}
        return {**roles, None: Role.HOST} if user_id in self.hosts else roles

    async def in_hand(self, visitor: Visitor) -> TenantRow | None:
        """The tenant chosen last, else the bot's, else the only one that there is."""
        tenant = await self.database.read(tenant_in_hand, visitor.user_id)
        if tenant is None or not visitor.role_in(tenant):
            tenant = await self.database.read(tenant_of, self.bot_id)
        if tenant and visitor.role_in(tenant):
            return tenant
        mine = await self.tenants_of(visitor)
        return await self.tenant(mine[0].id) if len(mine) == 1 else None

    async def tenants_of(self, visitor: Visitor) -> Sequence[Listed]:
        """Those that somebody works for."""
        known = await self.database.read(list_companies)
        return [tenant for tenant in known if visitor.role_in(tenant)]

    async def tenant(self, row: int) -> TenantRow | None:
        """The tenant of a row; 0 is none."""
        return await self.database.read(tenant_by_id, row) if row else None
