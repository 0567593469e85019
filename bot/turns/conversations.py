"""Which conversation a turn asks: its thread's, or a new one that has yet to answer."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.ports import Clock, Line
from bot.turns.patience import PatientModel
from bot.turns.spares import ERASED_AFTER_SECONDS, Spares
from db.chores import QueueErasure
from db.journal import Journal
from db.operations import SetConversation
from db.records import Turn
from db.transcript import SEEDED

SEEDED_LINES: Final = (SEEDED, 10, 2, 0)  # of our own log; fewer each time that it was too long

History = Callable[[Turn, int], Awaitable[Sequence[Line]]]


@dataclass(slots=True)
class Conversations:
    """A new one becomes the thread's once it has answered, and only then the old one is given up.

    Until then a new one stands in the queue of erasures, so that a kill leaves none behind. Where
    there is nothing to lose, it is the thread's at once.
    """

    turn: Turn
    model: PatientModel
    journal: Journal
    clock: Clock
    spares: Spares
    history: History
    asks: str  # the name of the model
    kept: str | None = field(init=False)  # the thread's
    asked: str | None = field(init=False)  # None: a new one is to be opened
    last_item: str | None = field(init=False)  # in it; what is newer is of this turn
    _running: bool = False  # an answer that nobody waits for may still come in the kept one
    _shorter: int = 0
    _lines: int = 0  # that the one that was opened last is seeded with
    _unseeded: Sequence[Line] = ()
    _holds: bool = False  # something, though no last item is known

    def __post_init__(self) -> None:
        self.kept = self.asked = self.turn.conversation_id
        self.last_item = self.turn.last_item_id

    @property
    def fresh(self) -> bool:
        """Whether this turn has opened the one that is asked, or could not even do that."""
        return self.asked is None or self.asked != self.turn.conversation_id

    @property
    def empty(self) -> bool:
        """Whether the one that is asked holds nothing, as far as is known."""
        return self.last_item is None and not self._holds

    def holds(self) -> None:
        """There is something in the one that is asked."""
        self._holds = True

    @property
    def shortest(self) -> bool:
        """Whether a new one could not be seeded with less."""
        bare = self.asked is not None and self.fresh and not self._lines
        return bare or self._shorter == len(SEEDED_LINES) - 1

    async def open(self) -> str:
        """The conversation to ask; begun again, it goes on where it stopped."""
        asked = self.asked or await self._create()
        if self._unseeded:
            self.last_item = await self.model.seed(asked, self._unseeded, model=self.asks)
            self._unseeded = ()
        return asked

    def move(self, *, running: bool, shorter: bool = False) -> None:
        """Ask a new one; in the present one an answer may be `running`."""
        self._running |= running and self.asked == self.kept
        self._shorter += shorter and not self.shortest
        self.asked, self._unseeded = None, ()

    async def answered(self, conversation: str) -> None:
        """It is the thread's from now on."""
        if conversation != self.kept:
            await self._set(conversation)

    async def end(self, *, running: bool) -> None:
        """There is no answer, and one may be `running` in the conversation that was asked last."""
        if self.kept and (self._running or (running and self.asked == self.kept)):
            await self._set(None)

    async def _create(self) -> str:
        lines = await self.history(self.turn, SEEDED_LINES[self._shorter])
        spare = await self.model.patience.of(self.spares.take(self.turn.chat))
        created = spare or await self.model.create_conversation()
        if self.kept or lines:
            used_for = self.model.patience.left + ERASED_AFTER_SECONDS
            later = self.clock.now() + used_for
            await self.journal.do(QueueErasure(created, later))
        else:
            await self._set(created)
        self.asked, self.last_item, self._holds = created, None, False
        self._unseeded, self._lines = lines, len(lines)
        return created

    async def _set(self, conversation: str | None) -> None:
        later = self.clock.now() + ERASED_AFTER_SECONDS
        await self.journal.do(
            SetConversation(self.turn.fence, self.turn.thread, conversation, self.kept, later)
        )
        self.kept, self._running = conversation, False
