"""The last message id known in each sequence: the lower bound for a message in doubt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from db.records import Address
from db.sequence import Numbering, Sequence

# Supergroups stand below, each with ids of its own; private chats and basic groups share the bot's.
NUMBERING: Final = Numbering(shared_from=-1_000_000_000_000 + 1)


@dataclass(slots=True)
class Ids:
    """In memory; begun from the tables, then fed by every message seen or sent."""

    _last: dict[Sequence, int] = field(default_factory=dict)

    def begin(self, last: Mapping[Sequence, int]) -> None:
        """Take over what the tables know."""
        self._last |= {its: max(known, self._last.get(its, 0)) for its, known in last.items()}

    def forget(self, bot_id: int) -> None:
        """The bot left; when it is back, its ids are begun anew."""
        self._last = {its: last for its, last in self._last.items() if its.bot_id != bot_id}

    def saw(self, address: Address, message_id: str | None) -> None:
        """A message exists."""
        if message_id:
            sequence = sequence_of(address)
            self._last[sequence] = max(self._last.get(sequence, 0), int(message_id))

    def last(self, address: Address) -> int | None:
        """The highest id known, None when none is."""
        return self._last.get(sequence_of(address))


def sequence_of(address: Address) -> Sequence:
    """The one from which a chat takes its message ids."""
    return NUMBERING.sequence(address.bot_id, int(address.chat_id))
