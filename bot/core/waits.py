"""How long to wait: for a moment that was written down, and before trying again. Pure."""

from dataclasses import dataclass


def seconds_until(moment: float, *, now: float, at_most: float) -> float:
    """From zero to `at_most`, also when the clock was put back after the moment was written."""
    return min(max(moment - now, 0.0), max(at_most, 0.0))


@dataclass(frozen=True, slots=True)
class Retry:
    """Exponential back-off. `attempts` counts the tries after the first; None: without end."""

    first_seconds: float = 0.5
    ceiling_seconds: float = 20.0
    attempts: int | None = None

    def delay(self, attempt: int, *, at_least: float = 0.0) -> float | None:
        """Seconds before try number `attempt` + 1 (0 was the first); None when it is time to stop.

        `at_least` is what the other side asked for; it wins over the ceiling.
        """
        if self.attempts is not None and attempt >= self.attempts:
            return None
        grown = self.first_seconds * 2.0 ** min(attempt, 16)
        return max(at_least, min(grown, self.ceiling_seconds))


MODEL = Retry(attempts=5)  # 0.5 + 1 + 2 + 4 + 8 s, or what the model asked for
DELIVERY = Retry(ceiling_seconds=60.0)  # a bubble is never given up for want of a connection
ERASURE = Retry(first_seconds=30.0, ceiling_seconds=6 * 3600.0)
