"""How Telegram finds out about a message in doubt: `bot.ports.Search`."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar, Final

from telegram.error import BadRequest

from bot.ports import CALL_SECONDS, Doubt, Outgoing
from bot.telegram.calls import Calls, content
from bot.telegram.errors import is_absent, is_unmodified, repeatable
from bot.telegram.ids import NUMBERING, Ids, sequence_of
from db.engine import Database
from db.records import Address
from db.sequence import Numbering, clues

FEWEST = 16

# What was written so long after the intent has a higher id than the bubble: twice as long as a call
# may last.
LATER_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class TelegramSearch:
    """Message ids grow, and every one that we see is stored: few places are left to look at."""

    numbering: ClassVar[Numbering] = NUMBERING
    database: Database
    calls: Calls
    ids: Ids

    def last_id(self, address: Address) -> int | None:
        return self.ids.last(address)

    async def candidate(self, doubt: Doubt) -> str | None:
        row, lower = doubt.row, doubt.row.lower_id
        if lower is None:
            return None
        sequence = sequence_of(doubt.message.address)
        moment, settled = (row.intent_at or 0.0) + LATER_SECONDS, tuple(doubt.found)
        seen = await self.database.read(
            clues, sequence, row, above=lower, moment=moment, within=CALL_SECONDS, found=settled
        )
        others = {
            int(message_id)
            for other, (address, message_id) in doubt.found.items()
            if other != row.row and sequence_of(address) == sequence
        }
        likely = candidates(
            lower=lower,
            upper=seen.upper,
            known={*seen.known, *others},
            in_doubt=max(seen.in_doubt, 1),
            before=seen.before,
        )
        return next((one for one in map(str, likely) if one not in doubt.tried), None)

    async def is_delivered(self, message: Outgoing, message_id: str) -> bool:
        """Ask by editing the message to what it should say already.

        "message is not modified" says that it does; an edit that succeeds has made it so.
        """
        self.calls.admit(message.address)
        chat_id = int(message.address.chat_id)
        fields = {"chat_id": chat_id, "message_id": int(message_id), **content(message)}
        with repeatable():
            try:
                await self.calls.make(message.address, "editMessageText", fields)
            except BadRequest as error:
                if is_absent(error):
                    return False
                if not is_unmodified(error):
                    raise
        self.ids.saw(message.address, message_id)
        return True


def candidates(
    *, lower: int, upper: int | None, known: Collection[int], in_doubt: int, before: int = 0
) -> tuple[int, ...]:
    """The ids to try, the likeliest first.

    The bubble stands above `lower`, the last id known before its call, below `upper`, the first
    one that was certainly given later, and is none of `known`, other messages' ids (those up to
    `lower` say nothing). Without an `upper`: every other message of the sequence is known or in
    doubt itself, so the bubble stands at most `in_doubt` places above the highest known one.

    Ids are given in about the order of the calls: `before` others in doubt were on their way when
    its own began, so it is probably that many places from the first.
    """
    taken = {one for one in known if one > lower}
    end = max(taken, default=lower) + in_doubt + 1 if upper is None else upper
    free = (one for one in range(lower + 1, end) if one not in taken)
    found = islice(free, max(FEWEST, 2 * in_doubt))
    nearest = sorted(enumerate(found), key=lambda place: abs(place[0] - before))
    return tuple(one for _, one in nearest)
