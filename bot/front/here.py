"""Whom a chat talks to, and in which language the product speaks there."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.texts import nearest
from bot.front.event import ClientEvent
from db.engine import Database
from db.languages import chosen_language, told_language
from db.mcp import servers_of
from db.records import Address
from db.tenants import TenantRow, assistant_here, tenant_here
from tenants.names import servers_in
from tenants.profile import Profile


@dataclass(frozen=True, slots=True)
class Here:
    """On a bot that tenants share, each chat talks to one of them."""

    database: Database

    async def profile(self, address: Address | None) -> Profile:
        """That of the tenant of the chat's thread, else of the bot, as it is now."""
        if address is None:
            return Profile()
        tenant = await self.database.read(tenant_here, address)
        return profile_of(tenant) if tenant else Profile()

    async def assistant(self, address: Address) -> tuple[int, Profile] | None:
        """The number of that tenant, and the profile of the assistant that the chat talks to.

        The public one's, if that is gone.
        """
        tenant = await self.database.read(tenant_here, address)
        if tenant is None:
            return None
        profile, name = profile_of(tenant), await self.database.read(assistant_here, address)
        if name is None or name not in profile.assistants:
            return tenant.id, profile
        return tenant.id, profile.assistant(name)

    async def servers(self, address: Address | None) -> Sequence[str]:
        """The hosts' names of the MCP servers where the chat's assistant may look things up."""
        here = await self.assistant(address) if address else None
        labels = servers_in(here[1].tools) if here else ()
        held = await self.database.read(servers_of, here[0]) if here and labels else ()
        return sorted({one.host for one in held if one.label in labels})

    async def speaks(self, event: ClientEvent) -> str:
        """The one of LANGUAGES nearest to what was chosen, else told, else the company's."""
        known = await self.known_language(event)
        return nearest(known or (await self.profile(event.stored.address)).language)

    async def known_language(self, event: ClientEvent) -> str | None:
        """What was chosen in the chat, else what the channel tells, or told last."""
        address = event.stored.address
        if address is None:
            return event.language
        chosen = await self.database.read(chosen_language, address)
        told = chosen or event.language
        return told or await self.database.read(told_language, address)


def profile_of(tenant: TenantRow) -> Profile:
    """What the tenant says about itself."""
    return Profile.model_validate_json(tenant.body)
