"""Questions that are tried while the chat goes on: one run at a time for each person."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from telegram import InlineKeyboardButton

from bot.core.texts import say
from bot.core.texts.profile import Versions as Say
from bot.telegram.admin.visit import Card, Step, Visit
from bot.turns.aside import Aside
from bot.turns.tasks import Tasks
from bot.turns.trial import Trial
from db.chats import ChatWork
from db.records import Draft
from db.trying import BreakOff, EndTrying, begin_trying

Asking = Callable[[], Coroutine[Any, Any, Sequence[Card]]]


@dataclass(slots=True)
class Trying:
    """Asks beside the chat's other business; what is heard is said when it is there.

    What a process that ends has not heard by then is not asked again by itself, for each question
    costs: whoever asked is told, and may.
    """

    trial: Trial
    aside: Aside
    tasks: Tasks
    _at_it: dict[int, int] = field(default_factory=dict)  # who awaits answers, in which chat

    def begin(self, visit: Visit, ask: Asking, *, again: InlineKeyboardButton, busy: Step) -> Step:
        """Start asking, and say the cards that come of it; `busy` where something is asked yet.

        `again`: the key that does this once more.
        """
        if visit.user_id in self._at_it:
            return busy
        here: list[int] = []
        anew = str(again.callback_data)

        def work(chat: ChatWork) -> Sequence[Draft]:
            here.append(chat.chat)
            begin_trying(chat, anew)
            return ()

        async def start() -> None:
            if here:
                self._at_it[visit.user_id] = here[-1]
                self.tasks.start(self._run(visit, ask, here[-1], anew))

        return Step(work, then=start)

    async def resume(self, bots: Sequence[int]) -> None:
        """In the chats of bots that start here: what was tried there before has no end."""
        lanes, now = self.aside.lanes, self.aside.clock.now()
        at_it = tuple(self._at_it.values())
        broken = BreakOff(bots, at_it, lanes.delivery.owner, now, _words)
        rows = await self.aside.journal.do(broken)
        lanes.add(rows)

    async def _run(self, visit: Visit, ask: Asking, chat: int, anew: str) -> None:
        try:
            await self._end(visit, chat, await ask())
        except Exception:
            # Whatever it was, whoever asked waits for an end; the log says what it was.
            await self._end(visit, chat, [_broken_off(anew, visit.language)])
            raise
        finally:
            self._at_it.pop(visit.user_id, None)

    async def _end(self, visit: Visit, chat: int, cards: Sequence[Card]) -> None:
        *before, last = cards
        for card in (*before, last.leading_home(visit.language)):
            await self.aside.say(chat, card.drafts(), tenant=visit.here.id)
        await self.aside.journal.do(EndTrying(chat))


def _broken_off(anew: str, language: str | None) -> Card:
    key = InlineKeyboardButton(say(Say.TRY_ANEW, language), callback_data=anew)
    return Card(say(Say.TRYING_BROKEN_OFF, language), [[key]])


def _words(anew: str, language: str | None) -> Sequence[Draft]:
    return _broken_off(anew, language).drafts()
