"""The waiting message: once per turn, when nothing went out in the tenant's waiting time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.ports import Channel, Clock, Timer
from bot.turns.lanes import Lanes
from bot.turns.speech import drafts, mark_of
from bot.turns.tasks import Tasks
from db.errors import Stale
from db.journal import Journal
from db.operations import Wait
from db.records import OutboxKind, Turn


@dataclass(frozen=True, slots=True)
class Waiting:
    """Arms one timer per turn; the database decides whether it is still needed."""

    journal: Journal
    channels: Mapping[str, Channel]
    lanes: Lanes
    clock: Clock
    tasks: Tasks

    def arm(self, turn: Turn, text: str, *, seconds: float, said: Callable[[], object]) -> Timer:
        """Say `text` in so many seconds, unless the turn has said something by then.

        `said` is called when it is.
        """
        return self.clock.call_later(seconds, lambda: self.tasks.start(self._say(turn, text, said)))

    async def _say(self, turn: Turn, text: str, said: Callable[[], object]) -> None:
        lane = self.lanes.find(turn.chat)
        if lane is None or lane.fence != turn.fence or lane.has_words:
            return
        mark, channel = mark_of(turn.purpose), self.channels[turn.address.channel]
        wait = Wait(
            fence=turn.fence,
            chat=turn.chat,
            owner=self.lanes.delivery.owner,
            now=self.clock.now(),
            drafts=drafts(OutboxKind.WAITING, channel.render(text, mark=mark)),
        )
        try:
            rows = await self.journal.do(wait)
        except Stale:
            return
        except Exception as error:  # it may be written down all the same
            self.lanes.broken(turn.chat, error)
            raise
        if rows:
            said()
        self.lanes.add(rows, {turn.chat: turn.address})
