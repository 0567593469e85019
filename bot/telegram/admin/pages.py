"""Long lists, a page at a time.

A keyboard has 100 buttons at most, by users' reports (Telegram answers "reply markup is too long"
to more; its documentation has no figure), and what takes the place of a card is one message.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from telegram import InlineKeyboardButton

T = TypeVar("T")
PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items of a list, from number `first` on, and how many there are in all."""

    items: Sequence[T]
    first: int
    count: int
    size: int

    def turns(
        self, turn: Callable[[str, int], InlineKeyboardButton]
    ) -> Sequence[Sequence[InlineKeyboardButton]]:
        """A row with the buttons to the pages beside it; none where there are none."""
        row = []
        if self.first:
            row.append(turn("‹", max(0, self.first - self.size)))
        if self.first + self.size < self.count:
            row.append(turn("›", self.first + self.size))
        return [row] if row else []


def page_of(items: Sequence[T], words: str = "", *, size: int = PAGE) -> Page[T]:
    """The page that begins at the item whose number a button's words are, else the first."""
    asked = int(words) if words.isdecimal() else 0
    first = asked if asked < len(items) else 0
    return Page(items[first : first + size], first, len(items), size)
