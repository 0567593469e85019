"""/company: which of several companies the next commands are about."""

from dataclasses import dataclass

from bot.core.texts import say
from bot.core.texts.desk import Desk as Say
from bot.telegram.admin.choosing import choices
from bot.telegram.admin.command import Command
from bot.telegram.admin.visit import Step, Visit, answer
from db.engine import Database
from db.people import companies_of
from db.tenants import list_companies
from tenants.permissions import Action, Role


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
