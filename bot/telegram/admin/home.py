"""The home card: the companies of one who holds a role, what waits in each, and the way on."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from telegram import InlineKeyboardButton, Update

from bot.core.texts import say
from bot.core.texts.desk import Home as Say
from bot.telegram.admin.command import Command, on_press
from bot.telegram.admin.company import choice
from bot.telegram.admin.pages import Page, page_of
from bot.telegram.admin.pending import Pending, pending
from bot.telegram.admin.roles import role_name
from bot.telegram.admin.visit import HOME, Card, Rows, Step, Visit, button, closing, company
from bot.telegram.admin.visitors import Visitor, Visitors
from bot.turns.events import Work
from db.chats import ChatWork
from db.company_now import CompanyNow, companies_now
from db.engine import Database
from db.records import Draft
from db.tenants import Listed, TenantRow
from tenants.permissions import Action, Role, may

PAGE: Final = 5  # companies: with what waits in each, they fit one screen
_OF_EVERY_DAY: Final = ("publish", "chats", "requests", "questions")  # whatever is set up


@dataclass(frozen=True, slots=True)
class HomeCommand(Command):
    """For whoever holds any role. `as_client` greets one as a client of a company is greeted."""

    name = HOME
    action = Action.DESK
    needs_tenant = False

    database: Database
    visitors: Visitors
    as_client: Callable[[Update, TenantRow], Awaitable[Work]]
    shared: bool  # the bot on which it is leads to any company

    async def open(self, visit: Visit, words: str) -> Step:
        """The card; the chat is open, should it have been closed."""
        card = await self._card(visit)

        def work(chat: ChatWork) -> Sequence[Draft]:
            chat.reopen()
            return card.drafts()

        return closing(Step(work, leads_home=False))

    @on_press(Action.DESK, "", "list")
    async def press(self, visit: Visit, words: str) -> Step:
        """The card takes the place of another, and nothing is asked any more."""
        card = await self._card(visit, words.removeprefix("list").strip())
        return closing(Step(card=card, leads_home=False))

    @on_press(Action.VIEW, "client")
    async def talk(self, visit: Visit, words: str) -> Step:
        """From here on as a client does."""
        if visit.tenant is None:
            return await self.press(visit, "")
        work = await self.as_client(visit.update, visit.tenant)
        return closing(Step(work, leads_home=False))

    async def _card(self, visit: Visit, first: str = "") -> Card:
        visitor = await self.visitors.who(visit.update)
        theirs = await self.visitors.tenants_of(visitor)
        page = page_of(theirs, first, size=PAGE)
        found = await self.database.read(companies_now, [one.id for one in page.items])
        if page.count == 1 and found:
            return self._only(visitor, found[0])
        return _several(visitor, page, found)

    def _only(self, visitor: Visitor, now: CompanyNow) -> Card:
        language, roles = visitor.language, visitor.roles_held(now.tenant)
        found = pending(now, roles, language)
        lines = [company(now.tenant), "", _as(roles, language), "", *_lines(found, language)]
        missing = [one for one in found if one.command not in _OF_EVERY_DAY]
        setup = [[button(say(Say.SETUP, language), "setup", now.tenant)]]
        rows = [
            *([one.key(now)] for one in found),
            *(setup if missing and may(visitor.role_in(now.tenant), Action.CONFIGURE) else ()),
            [button(say(Say.CARD, language), "configure", now.tenant)],
        ]
        if self.shared or any(bot.id == self.visitors.bot_id for bot in now.bots):
            lines += ["", say(Say.AS_CLIENT, language)]
            rows += [[button(say(Say.TALK, language), HOME, now.tenant, "client")]]
        return Card("\n".join(lines), [*rows, *_of_hosts(visitor)])


def _several(visitor: Visitor, page: Page[Listed], found: Sequence[CompanyNow]) -> Card:
    language = visitor.language
    paragraphs, rows = [say(Say.COMPANIES if found else Say.NO_COMPANY, language)], []
    for now in found:
        roles, called = visitor.roles_held(now.tenant), company(now.tenant)
        waits = pending(now, roles, language)
        paragraphs.append("\n".join([called, *_lines(waits, language)]))
        rows.append([choice(called, now.tenant, "configure")])
        rows += [[one.key(now) for one in waits]] if waits else []
    turns = page.turns(lambda label, at: button(label, HOME, None, f"list {at}"))
    return Card("\n\n".join(paragraphs), [*rows, *turns, *_of_hosts(visitor)])


def _as(roles: Sequence[Role], language: str) -> str:
    names = ", ".join(role_name(role, language) for role in roles)
    return say(Say.ROLE, language, role=names)


def _lines(found: Sequence[Pending], language: str) -> list[str]:
    return [f"• {one.said}" for one in found] or [say(Say.NOTHING_WAITS, language)]


def _of_hosts(visitor: Visitor) -> Rows:
    """What only they can do."""
    if visitor.role_in(None) is not Role.HOST:
        return ()
    keys = [(Say.NEW_COMPANY, "new"), (Say.ALL_COMPANIES, "list")]
    return [[_of_tenants(say(label, visitor.language), words) for label, words in keys]]


def _of_tenants(label: str, words: str) -> InlineKeyboardButton:
    return button(label, "tenants", None, words)
