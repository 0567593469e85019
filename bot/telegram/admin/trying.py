"""Questions that are tried while the chat goes on: one run at a time for each person."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.telegram.admin.visit import Card, Step, Visit
from bot.turns.aside import Aside
from bot.turns.tasks import Tasks
from bot.turns.trial import Trial
from db.chats import ChatWork
from db.records import Draft


@dataclass(slots=True)
class Trying:
    """Asks beside the chat's other business; what is heard is said when it is there."""

    trial: Trial
    aside: Aside
    tasks: Tasks
    _at_it: set[int] = field(default_factory=set)  # who is waiting for answers

    def begin(
        self, visit: Visit, ask: Callable[[], Coroutine[Any, Any, Sequence[Card]]], *, busy: Step
    ) -> Step:
        """Start asking, and say the cards that come of it; `busy` where something is asked yet."""
        if visit.user_id in self._at_it:
            return busy
        here: list[int] = []

        def work(chat: ChatWork) -> Sequence[Draft]:
            here.append(chat.chat)
            return ()

        async def start() -> None:
            if here:
                self._at_it.add(visit.user_id)
                self.tasks.start(self._run(visit, ask, here[-1]))

        return Step(work, then=start)

    async def _run(
        self, visit: Visit, ask: Callable[[], Coroutine[Any, Any, Sequence[Card]]], chat: int
    ) -> None:
        try:
            for card in await ask():
                await self.aside.say(chat, card.drafts(), tenant=visit.here.id)
        finally:
            self._at_it.discard(visit.user_id)
