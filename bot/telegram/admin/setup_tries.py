"""Questions that are tried while a company is set up: answered out of the draft, in the chat."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from telegram.constants import ChatAction

from bot.core.texts import say
from bot.core.texts.profile import Versions
from bot.core.texts.setup import Setup as Say
from bot.telegram.admin.rights import told_by
from bot.telegram.admin.setup_cards import tried
from bot.telegram.admin.visit import Step, Visit
from bot.telegram.presses import best_effort
from bot.turns.aside import Aside
from bot.turns.tasks import Tasks
from bot.turns.trial import Trial
from db.chats import ChatWork
from db.records import Draft
from tenants.profile import Profile


@dataclass(slots=True)
class Tries:
    """Asks beside the chat's other business; the answer is said when it is there."""

    trial: Trial
    aside: Aside
    tasks: Tasks
    _at_it: set[int] = field(default_factory=set)  # who is waiting for an answer

    def begin(self, visit: Visit, profile: Profile, question: str, *, asked: str) -> Step:
        """Start asking; `asked` are the numbers of the questions that were tried by then."""
        if visit.user_id in self._at_it:
            return told_by(visit.update, say(Say.TRYING, visit.language))
        here: list[int] = []

        def work(chat: ChatWork) -> Sequence[Draft]:
            here.append(chat.chat)
            return ()

        async def start() -> None:
            if here:
                self._at_it.add(visit.user_id)
                self.tasks.start(self._run(visit, profile, question, asked=asked, chat=here[-1]))

        return Step(work, then=start)

    async def _run(
        self, visit: Visit, profile: Profile, question: str, *, asked: str, chat: int
    ) -> None:
        try:
            if there := visit.update.effective_chat:
                await best_effort(there.send_action, ChatAction.TYPING)
            key = f"tenant-{visit.here.id}-setup"
            bubbles = await self.trial.answer(profile, question, key)
            nothing = (say(Versions.TRIED_NOTHING, visit.language),)
            said = "\n".join(f"– {bubble}" for bubble in bubbles or nothing)
            card = tried(visit, profile, asked, question=question, said=said)
            await self.aside.say(chat, card.drafts(), tenant=visit.here.id)
        finally:
            self._at_it.discard(visit.user_id)
