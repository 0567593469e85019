"""The last message id known in each sequence: the lower bound for a bubble in doubt."""

from dataclasses import dataclass, field

from db.records import Address
from db.sequence import sequence


@dataclass(slots=True)
class Ids:
    """In memory; begun from the tables, then fed by every message seen or sent."""

    _last: dict[tuple[int, int], int] = field(default_factory=dict)

    def begin(self, bot_id: int, last: dict[int, int]) -> None:
        """Take over what the tables know: by Telegram's chat id, 0 for the shared sequence."""
        for chat_id, message_id in last.items():
            self._raise((bot_id, chat_id), message_id)

    def forget(self, bot_id: int) -> None:
        """The bot left; when it is back, its ids are begun anew."""
        self._last = {key: last for key, last in self._last.items() if key[0] != bot_id}

    def saw(self, address: Address, message_id: int | None) -> None:
        """A message exists."""
        if message_id:
            self._raise(sequence(address), message_id)

    def last(self, address: Address) -> int | None:
        """The highest id known, None when none is."""
        return self._last.get(sequence(address))

    def _raise(self, key: tuple[int, int], message_id: int) -> None:
        self._last[key] = max(self._last.get(key, 0), message_id)
