"""Whom the chat of an update talks to."""

from dataclasses import dataclass

from telegram import Update

from bot.telegram.events import Dispatcher
from db.engine import Database
from db.tenants import TenantRow, tenant_here
from tenants.profile import Profile


@dataclass(frozen=True, slots=True)
class Here:
    """On a bot that tenants share, each chat talks to one of them."""

    dispatcher: Dispatcher
    database: Database

    async def tenant(self, update: Update) -> TenantRow | None:
        """The tenant of the chat's thread, else of the bot; None when there is none."""
        address = self.dispatcher.address(update)
        return await self.database.read(tenant_here, address) if address else None

    async def profile(self, update: Update) -> Profile:
        """Its profile as it is now."""
        tenant = await self.tenant(update)
        return profile_of(tenant) if tenant else Profile()

    async def kept_days(self, host: float, update: Update) -> float:
        """How long the tenant keeps words; `host`: how long where it does not say."""
        own = (await self.profile(update)).retention_days
        return host if own is None else own


def profile_of(tenant: TenantRow) -> Profile:
    """What the tenant says about itself."""
    return Profile.model_validate_json(tenant.body)
