"""What there is to do until a company answers its clients, and what of it is done.

Nothing counts the steps: what comes next follows from what the company has said, so it is the same
after a restart and for each of its admins.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from bot.telegram.admin.state import State
from db.bots import BotRow, BotState
from tenants.permissions import Action, Role, may
from tenants.profile import FormOfAddress, Profile, Tone


class Task(StrEnum):
    """In the order in which they are asked."""

    TRADE = "trade"
    KNOWLEDGE = "knowledge"
    HOURS = "hours"
    CONTACT = "contact"
    VOICE = "voice"
    TRY = "try"
    PUBLISH = "publish"
    BOT = "bot"


VOICES: Final[Mapping[str, Mapping[str, Any]]] = {  # what each of the samples sets
    "formal": {"address": FormOfAddress.FORMAL, "tone": Tone.WARM},
    "informal": {"address": FormOfAddress.INFORMAL, "tone": Tone.WARM},
    "brief": {"address": FormOfAddress.FORMAL, "tone": Tone.CONCISE},
}


def tasks_of(role: Role) -> Sequence[Task]:
    """Those that are somebody's."""
    return [task for task in Task if task is not Task.BOT or may(role, Action.BOTS)]


def left(role: Role, state: State, bots: Sequence[BotRow]) -> Sequence[Task]:
    """What is not done."""
    done = _done(state, bots)
    return [task for task in tasks_of(role) if not done[task]]


def _done(state: State, bots: Sequence[BotRow]) -> Mapping[Task, bool]:
    profile = state.profile
    published = state.draft is None and not _is_new(state.published)
    return {
        Task.TRADE: bool(profile.sector or profile.test_questions),
        Task.KNOWLEDGE: bool(profile.knowledge or profile.sources),
        Task.HOURS: bool(profile.opening_hours),
        Task.CONTACT: bool(profile.contact),
        Task.VOICE: not profile.model_fields_set.isdisjoint({"address", "tone"}),
        Task.TRY: published,
        Task.PUBLISH: published,
        Task.BOT: any(bot.state is not BotState.SHARED for bot in bots),
    }


def _is_new(published: Profile) -> bool:
    """Whether nothing was published since it was made."""
    return published.model_fields_set <= {"company_name", "language"}


def after(task: Task, todo: Sequence[Task]) -> Task | None:
    """What comes next: the first that is not done behind this one; None after the last."""
    order = [*Task]
    return next((one for one in todo if order.index(one) > order.index(task)), None)
