"""Questions that are tried while a company is set up: answered out of the draft, in the chat."""

from collections.abc import Sequence

from telegram.constants import ChatAction

from bot.core.texts import say
from bot.core.texts.profile import Versions
from bot.core.texts.setup import Setup as Say
from bot.telegram.admin.rights import told_by
from bot.telegram.admin.setup_cards import NAME, tried
from bot.telegram.admin.setup_tasks import Task
from bot.telegram.admin.trying import Trying
from bot.telegram.admin.visit import Card, Step, Visit, button
from bot.telegram.presses import best_effort
from tenants.profile import Profile


def tries(trying: Trying, visit: Visit, profile: Profile, question: str, *, asked: str) -> Step:
    """Start asking; `asked` are the numbers of the questions that were tried by then."""

    async def ask() -> Sequence[Card]:
        if there := visit.update.effective_chat:
            await best_effort(there.send_action, ChatAction.TYPING)
        bubbles = await trying.trial.answer(profile, question, f"tenant-{visit.here.id}-setup")
        nothing = (say(Versions.TRIED_NOTHING, visit.language),)
        said = "\n".join(f"– {bubble}" for bubble in bubbles or nothing)
        return [tried(visit, profile, asked, question=question, said=said)]

    again = button(question, NAME, visit.here, f"at {Task.TRY}")
    busy = told_by(visit.update, say(Say.TRYING, visit.language))
    return trying.begin(visit, ask, again=again, busy=busy)
