"""When the messages of a chat become a turn. Pure."""

from dataclasses import dataclass

from db.seconds import MINUTE_SECONDS


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
        closed = MINUTE_SECONDS if self.turns_per_minute else 0.0
        return max(self.quiet, self.cap, self.unfinished, closed)

    @property
    def earlier(self) -> int:
        """How many turns a chat had since the one whose opening tells when it may have another."""
        return max(self.turns_per_minute - 1, 0)

    def opens_at(self, nth_last_turn: float | None) -> float:
        """When the chat may have another turn, given when its Nth-last one was opened."""
        if nth_last_turn is None or not self.turns_per_minute:
            return 0.0
        return nth_last_turn + MINUTE_SECONDS

    def burst(
        self,
        first: float | None,
        *,
        now: float,
        opens: float,
        unfinished: bool = False,
        awaited: bool = False,
    ) -> "Burst":
        """A chat's, with what comes now: it began at `first`, if anything waited before.

        `opens`: when the chat may have another turn. `awaited`: what comes is answered at once.
        """
        # Not later than now: before the clock was put back, it was later.
        first = min(first or now, now)
        complete = now if awaited else self.due_at(first=first, last=now, unfinished=unfinished)
        return Burst(first, complete, opens, now)


@dataclass(frozen=True, slots=True)
class Burst:
    """What waits in a chat: since when, when it is taken as complete, and when a turn may begin."""

    first: float
    complete: float
    opens: float
    now: float

    @property
    def due(self) -> float:
        """When it becomes a turn."""
        return max(self.complete, self.opens)

    @property
    def is_too_fast(self) -> bool:
        """Whether it waits for nothing but the turns per minute at the end."""
        return self.opens > max(self.complete, self.now)
