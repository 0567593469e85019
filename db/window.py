"""When the messages of a chat become a turn. Pure."""

from dataclasses import dataclass

MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Window:
    """The quiet window, in seconds, and the turns per minute (0: no limit)."""

    quiet: float = 0.7
    cap: float = 3.0
    unfinished: float = 1.5  # after a text cut by the client application, or in an album
    turns_per_minute: int = 12

    def due_at(self, *, first: float, last: float, unfinished: bool) -> float:
        """When the burst that began at `first` and last grew at `last` is taken as complete."""
        quiet = max(self.unfinished, self.quiet) if unfinished else self.quiet
        return min(last + quiet, first + max(self.cap, self.quiet))

    @property
    def longest_wait(self) -> float:
        """No chat is due later than so long after its last message."""
        closed = MINUTE if self.turns_per_minute else 0.0
        return max(self.quiet, self.cap, self.unfinished, closed)

    def opens_at(self, nth_last_turn: float | None) -> float:
        """When the chat may have another turn, given when its Nth-last one was opened."""
        return 0.0 if nth_last_turn is None else nth_last_turn + MINUTE
