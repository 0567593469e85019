"""How long to type before a bubble. Pure.

Nobody waits for a person on a phone (40-60 words a minute, about 4 characters a second): a
bubble of 120 characters would take half a minute. At 28 characters a second, a quick reader's
speed, the next bubble comes about when the last one was read. Under 0.6 s two bubbles look like
one pasted text; over 3.5 s a client looks whether the connection is gone.
"""

from typing import assert_never

from tenants.profile import Pace

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
