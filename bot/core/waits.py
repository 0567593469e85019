"""How long to wait: before a bubble, until a moment, before trying again. Pure."""

from dataclasses import dataclass
from typing import assert_never

from tenants.profile import Pace


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
RECOVERIES = 6  # of a turn, whatever broke in a conversation, until another one is asked
RECOVERY = Retry(attempts=RECOVERIES)  # of an answer in doubt
DELIVERY = Retry(ceiling_seconds=60.0)  # a bubble is never given up for want of a connection
ERASURE = Retry(first_seconds=30.0, ceiling_seconds=6 * 3600.0)


# Nobody waits for a person on a phone (40-60 words a minute, about 4 characters a second): a bubble
# of 120 characters would take half a minute. At 28 characters a second, a quick reader's speed, the
# next bubble comes about when the last one was read. Under 0.6 s two bubbles look like one pasted
# text; over 3.5 s a client looks whether the connection is gone.
CHARACTERS_PER_SECOND = 28.0
FLOOR_SECONDS = 0.6
CEILING_SECONDS = 3.5
BRISK_SHARE = 0.5


def pause_seconds(text: str, *, pace: Pace, already_spent: float) -> float:
    """Seconds still to wait before `text`, when `already_spent` seconds went by for it."""
    return max(_typing_seconds(text, pace) - max(already_spent, 0.0), 0.0)


def _typing_seconds(text: str, pace: Pace) -> float:
    human = min(max(len(text) / CHARACTERS_PER_SECOND, FLOOR_SECONDS), CEILING_SECONDS)
    match pace:
        case Pace.HUMAN:
            return human
        case Pace.BRISK:
            return human * BRISK_SHARE
        case Pace.OFF:
            return 0.0
        case _:
            assert_never(pace)
