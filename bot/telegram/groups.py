"""In a group, a link to a company binds it to that company; who may bind it to another one.

Whoever writes first binds it. Afterwards that is a matter of those who hold a role in the company
to which it is bound, and of the group's administrators, whom Telegram knows.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from telegram import ChatMember, Update

from bot.core.texts import Text, say
from bot.errors import SportelloError
from bot.telegram.admin.visit import company
from bot.telegram.admin.visitors import Visitor, Visitors
from bot.telegram.errors import repeatable
from bot.telegram.person import person
from db.chats import ChatWork
from db.groups import BindGroup, BindGroupAnew, bound_to
from db.tenants import TenantRow, tenant_by_id

_ADMINISTRATORS: Final = (ChatMember.OWNER, ChatMember.ADMINISTRATOR)


class Standing(Enum):
    """What somebody is in a group, as far as Telegram tells; the value is what others are told."""

    ADMINISTRATOR = None
    NOBODY = Text.GROUP_BOUND
    ANONYMOUS = Text.GROUP_BOUND_ANONYMOUS  # an administrator who hides, so anybody could be it
    UNKNOWN = Text.GROUP_BOUND_UNKNOWN  # Telegram did not say


@dataclass(frozen=True, slots=True)
class Binding:
    """Somebody wants a group bound to a tenant."""

    visitors: Visitors
    visitor: Visitor
    group: int
    standing: Standing

    def refusal(self, chat: ChatWork, tenant: TenantRow) -> str:
        """Bind the group in the transaction at work, or say why not. Raises Gone."""
        chat.keep(tenant.id)
        bound = chat.read(tenant_by_id, chat.do(BindGroup(self.group, tenant.id)))
        if bound is None or bound.id == tenant.id:
            return ""
        told = self.standing.value
        if told and not self.visitors.known_now(chat, self.visitor).role_in(bound):
            return say(told, self.visitor.language, company=company(bound))
        chat.do(BindGroupAnew(self.group, tenant.id))
        return ""


@dataclass(frozen=True, slots=True)
class Groups:
    """Knows who may do what in groups."""

    visitors: Visitors

    async def binding(self, update: Update, tenant: TenantRow) -> Binding | None:
        """What a link to a tenant asks of the group in which it came; None in a private chat."""
        chat = update.effective_chat
        if chat is None or chat.type == chat.PRIVATE:
            return None
        bound = await self.visitors.database.read(bound_to, chat.id)
        visitor = await self.visitors.who(update)
        is_needed = bound not in {None, tenant.id}
        standing = await _standing(update) if is_needed else Standing.NOBODY  # as it seems now
        return Binding(self.visitors, visitor, chat.id, standing)


async def _standing(update: Update) -> Standing:
    chat, user = update.effective_chat, person(update)
    if chat is None or user is None:
        return Standing.ANONYMOUS
    try:
        with repeatable():
            member = await chat.get_member(user.id)
    except SportelloError:
        return Standing.UNKNOWN
    return Standing.ADMINISTRATOR if member.status in _ADMINISTRATORS else Standing.NOBODY
