"""Which links of the model's a client is sent."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.reply.links import KnownLinks, leave_out
from bot.ports import Telemetry

LOOKED_BACK: Final = 200  # lines of the thread, in which a client's own links are looked for


@dataclass(slots=True)
class Links:
    """Those that the model was told of in this turn, and those that a client gave before it.

    What was said before is read where a link is not known otherwise, and once. The same bubble
    becomes the same text each time that its answer is heard: a place in the outbox counts what
    came of it.
    """

    known: KnownLinks
    earlier: Callable[[], Awaitable[Sequence[str]]]  # the clients' words before this turn
    instead: Callable[[], str]  # what is said in the place of one, in the client's language
    turn: int
    telemetry: Telemetry
    _looked_back: bool = False

    def learn(self, texts: Sequence[str]) -> None:
        """The model is told more in this turn."""
        self.known = KnownLinks((*self.known.texts, *texts))

    async def sift(self, bubble: str) -> str:
        """The bubble without the others."""
        text, left_out = leave_out(bubble, self.known, instead=self.instead)
        if left_out and not self._looked_back:
            self.known = KnownLinks((*self.known.texts, *await self.earlier()))
            self._looked_back = True
            text, left_out = leave_out(bubble, self.known, instead=self.instead)
        if left_out:
            self.telemetry.record("link left out", turn=self.turn, count=left_out)
        return text
