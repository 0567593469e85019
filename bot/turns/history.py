"""What was said before a turn, for the seed of a new conversation."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from bot.ports import Clock, Line
from bot.turns.brief import Briefing
from db.engine import Database
from db.onward import is_being_answered
from db.records import Turn
from db.transcript import recent_lines

ELSEWHERE_SECONDS: Final = 60.0  # for which a turn waits for what is answered in another chat
ELSEWHERE_LOOK_SECONDS: Final = 0.5


def history_of(
    database: Database, briefing: Briefing, clock: Clock
) -> Callable[[Turn, int], Awaitable[Sequence[Line]]]:
    """What was said in a thread before a turn, so many lines of it.

    Where it goes on from another chat, what is being answered there is answered first.
    """

    async def history(turn: Turn, limit: int) -> Sequence[Line]:
        ends = clock.boottime() + ELSEWHERE_SECONDS
        while turn.resumed and await database.read(is_being_answered, thread=turn.thread):
            if clock.boottime() >= ends:
                break
            await clock.sleep(ELSEWHERE_LOOK_SECONDS)
        spoken = await database.read(
            recent_lines, thread=turn.thread, before_turn=turn.fence.turn, limit=limit
        )
        return briefing.recall(turn, spoken)

    return history
