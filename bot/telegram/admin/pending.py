"""What waits for the people of a company: each with the button that deals with it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from telegram import InlineKeyboardButton

from bot.core.texts import say
from bot.core.texts.desk import Home as Say
from bot.front.here import profile_of
from bot.telegram.admin.state import State, state_with
from bot.telegram.admin.visit import button
from db.bots import BotState
from db.company_now import CompanyNow
from db.records import TenantState
from tenants.permissions import Action, Role, may


@dataclass(frozen=True, slots=True)
class Pending:
    """One such thing: what is said of it, and which command's button deals with it."""

    said: str
    label: str
    command: str
    action: Action
    words: str = ""

    def key(self, now: CompanyNow) -> InlineKeyboardButton:
        """The button, about that company."""
        return button(self.label, self.command, now.tenant, self.words)


def pending(now: CompanyNow, roles: Collection[Role], language: str) -> Sequence[Pending]:
    """What waits in a company, the most pressing first; of that only what these roles may do."""
    state = state_with(profile_of(now.tenant), now.draft)
    found = [
        *_clients(now, roles, language),
        *_unpublished(state, language),
        *_missing(now, state, language),
    ]
    return [one for one in found if _any_may(roles, one.action)]


def _any_may(roles: Collection[Role], action: Action) -> bool:
    return any(may(role, action) for role in roles)


def _clients(now: CompanyNow, roles: Collection[Role], language: str) -> Iterator[Pending]:
    of_all = _any_may(roles, Action.ASSISTANTS)
    if count := now.waiting_in_all if of_all else now.waiting:
        said = say(Say.CLIENTS_WAIT, language, count=count)
        yield Pending(said, say(Say.READ_CHATS, language), "chats", Action.CHATS)
    if count := now.requests_in_all if of_all else now.requests:
        said = say(Say.REQUESTS_WAIT, language, count=count)
        yield Pending(said, say(Say.READ_REQUESTS, language), "requests", Action.CHATS)
    if count := now.claims_in_all if of_all else now.claims:
        said = say(Say.CLAIMED, language, count=count)
        yield Pending(said, say(Say.READ_CHATS, language), "chats", Action.CHATS)
    if now.unanswered:
        said = say(Say.UNANSWERED, language, count=now.unanswered)
        yield Pending(said, say(Say.ANSWER, language), "questions", Action.QUESTIONS)


def _unpublished(state: State, language: str) -> Iterator[Pending]:
    if state.changed:
        said = say(Say.UNPUBLISHED, language, count=len(state.changed))
        yield Pending(said, say(Say.PUBLISH, language), "publish", Action.PUBLISH)


def _missing(now: CompanyNow, state: State, language: str) -> Iterator[Pending]:
    def one(said: Say, label: Say, command: str, action: Action, words: str = "") -> Pending:
        return Pending(say(said, language), say(label, language), command, action, words)

    states = {bot.state for bot in now.bots}
    if now.tenant.state is TenantState.PAUSED:
        yield one(Say.PAUSED, Say.RESUME, "tenants", Action.TENANTS, "resume")
    if not state.profile.knowledge and not state.profile.sources:
        yield one(Say.KNOWS_NOTHING, Say.TEACH, "knowledge", Action.CONFIGURE)
    if not state.profile.contact:
        yield one(Say.NO_CONTACT, Say.ADD_CONTACT, "configure", Action.CONFIGURE, "ask contact")
    if BotState.REFUSED in states:
        yield one(Say.BOT_STOPPED, Say.BOTS, "bots", Action.BOTS)
    elif not states:
        said = Say.NO_BOT_BUT_LINK if now.shared else Say.NO_BOT
        yield one(said, Say.ADD_BOT, "bots", Action.BOTS, "add")
