"""Whether somebody may do something at the desk, and what they are told who may not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from telegram import Update

from bot.core.texts import say
from bot.core.texts.desk import Admins
from bot.core.texts.desk import Desk as Say
from bot.front.here import profile_of
from bot.ports import Clock
from bot.telegram.admin.command import Denied
from bot.telegram.admin.visit import Step, Visit, answer, button, company
from bot.telegram.admin.visitors import Visitor, Visitors
from db.chats import ChatWork
from db.records import Draft
from db.tenants import TenantRow
from tenants.permissions import Action, Role, may
from tenants.profile import Profile


@dataclass(frozen=True, slots=True)
class Rights:
    """The one place where it is decided, before an act and again in its transaction."""

    visitors: Visitors
    clock: Clock

    def check(
        self, update: Update, visitor: Visitor, tenant: TenantRow | None, action: Action
    ) -> Visit | Step:
        """A visit, to one who may; else what they are told."""
        role = visitor.role_for(action, tenant)
        if role is None or not may(role, action):
            if tenant and role is Role.HOST and update.message:
                return _reads_nothing(visitor, tenant, action)
            return refusal(update, visitor, role, tenant)
        return Visit(
            update,
            visitor.user_id,
            visitor.name,
            visitor.language,
            role,
            tenant,
            self.clock.now(),
            profile_of(tenant) if tenant else Profile(),
            visitor.roles_held(tenant),
        )

    def still_held(
        self, step: Step, visitor: Visitor, tenant: TenantRow | None, action: Action | None
    ) -> Step:
        """The same, if in its transaction the tenant is still there and the role still allows it.

        Both were read before. A refusal needs no role. Raises Gone, Denied.
        """

        def work(chat: ChatWork) -> Sequence[Draft]:
            if tenant:
                chat.keep(tenant.id)
            known = self.visitors.known_now(chat, visitor) if action else visitor
            if action and not may(known.role_for(action, tenant), action):
                raise Denied(action)
            return step.work(chat)

        return replace(step, work=work)


def refusal(update: Update, visitor: Visitor, role: Role | None, tenant: TenantRow | None) -> Step:
    """What somebody is told who may not; of a company in which they are nothing, not its name."""
    where = company(tenant) if tenant and role else ""
    text = say(Say.NOT_ALLOWED if where else Say.NOT_YOURS, visitor.language, tenant=where)
    return told_by(update, text)


def _reads_nothing(visitor: Visitor, tenant: TenantRow, action: Action) -> Step:
    """The one thing that a host may not, and the way to it for one who works there too."""
    why = Say.HOST_MAKES_NO_KEYS if action is Action.KEYS else Say.HOST_READS_NOTHING
    text = say(why, visitor.language, tenant=company(tenant))
    join = button(say(Admins.ADD_ME, visitor.language), "admins", tenant, "join")
    return answer(text, rows=[[join]])


def told_by(update: Update, text: str) -> Step:
    """A sentence, on the button that was pressed or as a message."""
    return Step(toast=text) if update.callback_query else answer(text)
