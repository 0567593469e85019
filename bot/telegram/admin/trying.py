"""The test questions, asked on the published version and on the draft, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.core.texts import say
from bot.core.texts.versions import Versions as Say
from bot.telegram.admin.release import Plan
from bot.telegram.admin.visit import Card, Rows, Step, Visit, headed
from bot.telegram.presses import best_effort
from bot.turns.aside import Aside
from bot.turns.tasks import Tasks
from bot.turns.trial import Compared, Trial
from db.chats import ChatWork
from db.records import Draft


@dataclass(slots=True)
class Trying:
    """Asks beside the chat's other business; what is heard is said when all is answered."""

    trial: Trial
    aside: Aside
    tasks: Tasks
    _at_it: set[int] = field(default_factory=set)  # who is waiting for answers

    def begin(self, visit: Visit, plan: Plan, rows: Rows) -> Step:
        """Start asking; `rows` go under the last message."""
        if visit.user_id in self._at_it:
            return Step(toast=say(Say.TRYING_ALREADY, visit.language))
        here: list[int] = []

        def work(chat: ChatWork) -> Sequence[Draft]:
            here.append(chat.chat)
            return ()

        async def start() -> None:
            if here:
                self._at_it.add(visit.user_id)
                self.tasks.start(self._run(visit, plan, here[-1], rows))

        return Step(work, then=start)

    async def _run(self, visit: Visit, plan: Plan, chat: int, rows: Rows) -> None:
        try:
            await self._show(visit, plan, 0)
            compared = await self.trial.compare(
                plan.old,
                plan.new,
                key=f"tenant-{visit.here.id}-trial-{plan.seen}",
                progress=lambda done: self._show(visit, plan, done),
            )
            for card in _cards(visit, compared, rows):
                await self.aside.say(chat, card.drafts(), tenant=visit.here.id)
        finally:
            self._at_it.discard(visit.user_id)

    async def _show(self, visit: Visit, plan: Plan, done: int) -> None:
        """How far it is, in the place of the pressed message; best effort."""
        count = len(plan.new.test_questions)
        text = headed(visit, say(Say.TRYING, visit.language, done=done, count=count))
        if query := visit.update.callback_query:
            await best_effort(query.edit_message_text, text)


def _cards(visit: Visit, compared: Sequence[Compared], rows: Rows) -> Sequence[Card]:
    language = visit.language
    answered = [
        Card(
            "\n\n".join(
                (
                    headed(visit, say(Say.TRIED, language, number=n, question=one.question)),
                    _said(Say.TRIED_PUBLISHED, one.old, language),
                    _said(Say.TRIED_DRAFT, one.new, language),
                )
            )
        )
        for n, one in enumerate(compared, 1)
    ]
    return [*answered, Card(headed(visit, say(Say.TRIED_ALL, language)), rows)]


def _said(version: Say, bubbles: Sequence[str] | None, language: str) -> str:
    said = bubbles or (say(Say.TRIED_NOTHING, language),)
    return "\n".join((say(version, language), *(f"– {bubble}" for bubble in said)))
