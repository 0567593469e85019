"""Which links of the model's a client is sent."""

from dataclasses import dataclass

from bot.core.reply.links import KnownLinks, leave_out
from bot.ports import Telemetry


@dataclass(frozen=True, slots=True)
class Links:
    """Those that the model was told of in this turn, by the company or by the client.

    The same bubble becomes the same text each time that its answer is heard: a place in the
    outbox counts what came of it.
    """

    known: KnownLinks
    instead: str  # in the client's language
    turn: int
    telemetry: Telemetry

    def sift(self, bubble: str) -> str:
        """The bubble without the others."""
        text, left_out = leave_out(bubble, self.known, instead=self.instead)
        if left_out:
            self.telemetry.record("link left out", turn=self.turn, count=left_out)
        return text
