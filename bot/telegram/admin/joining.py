"""What a link that gives a role does when it is opened."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from telegram import Update

from bot.core.invitations import digest
from bot.core.secrets import MARK, SecretKind
from bot.core.texts import say
from bot.core.texts.desk import Admins as Say
from bot.core.texts.desk import Home
from bot.front.here import profile_of
from bot.ports import Clock
from bot.telegram.admin.menus import Menus
from bot.telegram.admin.moments import shown_day
from bot.telegram.admin.roles import what_it_allows
from bot.telegram.admin.setup_tasks import Task, left
from bot.telegram.admin.state import state_with
from bot.telegram.admin.visit import Card, button, company
from bot.telegram.events import Dispatcher
from bot.telegram.links import Invitation, new_invitation, read_start, start_link
from bot.telegram.person import full_name, person
from bot.telegram.secrets import Secrets
from db.bots import bots_of
from db.chats import ChatWork
from db.drafts import draft_of
from db.invites import InviteFirstHost, Redeem, Redeemed, Spoilt
from db.journal import Journal
from db.people import TakeInHand
from db.records import Draft
from db.tenants import TenantRow, tenant_by_id
from tenants.permissions import Action, Role, may

SPOILT: Final = {
    Spoilt.UNKNOWN: Say.LINK_UNKNOWN,
    Spoilt.USED: Say.LINK_USED,
    Spoilt.EXPIRED: Say.LINK_EXPIRED,
    Spoilt.REVOKED: Say.LINK_REVOKED,
    Spoilt.ALREADY: Say.LINK_ALREADY,
}
FIRST_HOST_SECONDS: Final = 3600


@dataclass(frozen=True, slots=True)
class Joining:
    """Takes in who opens an invitation; `language` is that of the chat."""

    dispatcher: Dispatcher
    secrets: Secrets
    clock: Clock
    menus: Menus
    language: Callable[[Update], Awaitable[str]]
    hosts: frozenset[int] = frozenset()  # by the settings; others are in the database

    async def join(self, update: Update, words: str) -> bool:
        """Whether /start came with an invitation; it is then opened."""
        if SecretKind.INVITATION in update.api_kwargs.get(MARK, ()):
            known = await self.secrets.first(update, SecretKind.INVITATION)
        elif isinstance(read_start(words), Invitation):
            known = digest(words)  # too short to be one that was ever made
        else:
            return False
        await self._open(update, known)
        return True

    async def welcome(self, user_id: int) -> None:
        """Somebody opened a chat: one who holds a role is shown what it allows."""
        await self.menus.welcome(user_id)

    async def _open(self, update: Update, invitation: str) -> None:
        """Give the role that the invitation stands for, once, or say why not."""
        user, language = person(update), await self.language(update)
        if user is None or update.effective_chat is None or update.effective_chat.id != user.id:
            said = Card(say(Say.LINK_IN_PRIVATE, language)).drafts()
            await self.dispatcher.handle(update, lambda _: said)
            return
        redeem = Redeem(invitation, user.id, full_name(user), self.clock.now(), self.hosts)

        def work(chat: ChatWork) -> Sequence[Draft]:
            chat.reopen()
            came = chat.do(redeem)
            if isinstance(came, Redeemed) and came.tenant is not None:
                chat.do(TakeInHand(user.id, came.tenant))
            told = _told(chat, came, language)
            works_here = isinstance(came, Redeemed) or came is Spoilt.ALREADY
            return (told.leading_home(language) if works_here else told).drafts()

        await self.dispatcher.handle(update, work)


def _told(chat: ChatWork, came: Redeemed | Spoilt, language: str) -> Card:
    """What somebody is from now on, and what to do first; or why they are not."""
    if isinstance(came, Spoilt):
        return Card(say(SPOILT[came], language))
    tenant = chat.read(tenant_by_id, came.tenant) if came.tenant is not None else None
    if tenant is None:
        new = button(say(Home.NEW_COMPANY, language), "tenants", None, "new")
        return Card(say(Say.JOINED_HOST, language), [[new]])
    words = {"tenant": company(tenant), "may": what_it_allows(came.role, language)}
    opened = button(say(Say.OPEN_CARD, language, tenant=words["tenant"]), "configure", tenant)
    rows = [[opened]]
    if may(Role(came.role), Action.CONFIGURE) and _is_left(chat, Role(came.role), tenant):
        rows = [[button(say(Home.SETUP, language), "setup", tenant)], *rows]
    if came.until is None:
        return Card(say(Say.JOINED, language, **words), rows)
    until = shown_day(came.until, language, zone=profile_of(tenant).time_zone)
    return Card(say(Say.JOINED_UNTIL, language, **words, until=until), rows)


def _is_left(chat: ChatWork, role: Role, tenant: TenantRow) -> bool:
    """Whether the guide has something to ask; a bot of its own is needed by nobody."""
    state = state_with(profile_of(tenant), chat.read(draft_of, tenant.id))
    return not {*left(role, state, chat.read(bots_of, tenant.id))} <= {Task.BOT}


async def invite_first_host(
    journal: Journal, *, username: str, hosts: Sequence[int], now: float
) -> str | None:
    """The link while nobody is host, neither by the settings nor in the database; else None.

    Links of earlier starts are void from now on.
    """
    invitation = new_invitation()
    known = digest(invitation) if not hosts else None
    offered = await journal.do(InviteFirstHost(known, now + FIRST_HOST_SECONDS, now))
    return start_link(username, invitation) if offered else None
