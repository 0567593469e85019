"""/company: which of several companies the next commands are about; a button for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from telegram import InlineKeyboardButton

from bot.core.texts import say
from bot.core.texts.desk import Desk as Say
from bot.telegram.admin.command import Command
from bot.telegram.admin.pages import page_of
from bot.telegram.admin.visit import Rows, Step, Visit, answer, button
from db.engine import Database
from db.people import companies_of
from db.tenants import Listed, TenantRow, list_companies
from tenants.permissions import Action, Role

MOST_CHOICES: Final = 90  # a keyboard has 100 buttons
TAKE: Final = "take"  # the desk's own buttons: the tenant to have in hand


def choices(tenants: Sequence[Listed], command: str = "") -> Rows:
    """A button for each, as many as a keyboard has; a host finds the others with /tenants."""
    page = page_of(tenants, size=MOST_CHOICES)
    rows = [[choice(one.company, one, command)] for one in page.items]
    return [*rows, *page.turns(lambda label, at: button(label, "tenants", None, f"list {at}"))]


def choice(label: str, tenant: TenantRow | Listed, command: str = "") -> InlineKeyboardButton:
    """A button that takes a tenant in hand, and then opens a command."""
    return button(label, TAKE, tenant, command)


@dataclass(frozen=True, slots=True)
class CompanyCommand(Command):
    """A button for each company that the visitor works for; a host works for all."""

    name = "company"
    action = Action.VIEW

    database: Database

    async def open(self, visit: Visit, words: str) -> Step:
        """Name the one in hand, and offer the others."""
        if visit.role is Role.HOST:
            theirs = await self.database.read(list_companies)
        else:
            theirs = await self.database.read(companies_of, visit.user_id, visit.now)
        rows = choices([tenant for tenant in theirs if tenant.id != visit.here.id])
        text = Say.ANOTHER_TENANT if rows else Say.ONLY_TENANT
        return answer(say(text, visit.language, tenant=visit.company), rows=rows)
