"""How much of what a chat wrote one turn reads. Pure.

A turn takes so many messages and characters; the rest waits for the next ones. If the rest would
need too many of them, its oldest part goes into the first turn, and is read from both its ends.
The same rows and limits always give the same words: a turn that is adopted reads what it read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, Protocol, Self, TypeVar

from db.records import Gap

_CUT_UNITS: Final = 4000  # a client application cuts longer texts into several messages
_CUT_SECONDS: Final = 2.0  # between the pieces of one text, as Telegram dates them
PIECE: Final = 250  # so many rows of a backlog are left out in a commit
_DATE_CHARACTERS: Final = 20  # what stands before each message that is read under its date


class StoredWords(Protocol):
    """What must be known of a stored message or edit; `size` is that of its words."""

    @property
    def id(self) -> int: ...
    @property
    def message_id(self) -> int | None: ...
    @property
    def album(self) -> str | None: ...
    @property
    def size(self) -> int: ...
    @property
    def written_at(self) -> float | None: ...


R = TypeVar("R", bound=StoredWords)


@dataclass(frozen=True, slots=True)
class Portion:
    """The limits: messages and characters (in UTF-16 units) of a turn, turns of a backlog."""

    messages: int
    characters: int
    turns: int = 5

    @property
    def head(self) -> int:
        """Of the messages that wait, no more than so many of the first ones can be read."""
        return max(PIECE, self.characters // (2 * _DATE_CHARACTERS) + 1)

    @property
    def tail(self) -> int:
        """No more than so many of the last ones can be read, in the first turn or a later one."""
        return self.head + self.messages * self.turns


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Messages that wait no more, and are in no turn: how many, and the first one's row."""

    number: int = 0
    first: int = 0


_NOTHING: Final = LeftOut()


@dataclass(slots=True)
class _Message(Generic[R]):
    """A message and its edits, of which the last one counts."""

    rows: list[R]

    @property
    def size(self) -> int:
        return self.rows[-1].size

    @property
    def read(self) -> list[R]:
        return self.rows if len(self.rows) == 1 else [self.rows[0], self.rows[-1]]

    def goes_with(self, earlier: "_Message[R]") -> bool:
        """Whether both are of one album, or of one text that was cut."""
        one, other = earlier.rows[0], self.rows[0]
        if one.album is not None:
            return one.album == other.album
        seconds = (other.written_at or 0.0) - (one.written_at or 0.0)
        return one.size >= _CUT_UNITS and seconds <= _CUT_SECONDS


@dataclass(slots=True)
class _Taken(Generic[R]):
    """Messages in a row, and how long they are together."""

    messages: list[_Message[R]] = field(default_factory=list)
    size: int = 0

    def add(self, message: _Message[R]) -> None:
        self.messages.append(message)
        self.size += message.size

    def is_full(self, following: _Message[R], limits: Portion) -> bool:
        many = len(self.messages) >= limits.messages
        return bool(self.messages) and (many or self.size + following.size > limits.characters)

    def leave(self, following: _Message[R]) -> Self:
        """Take back, for the next portion, the beginning of what must not be cut here."""
        every = [*self.messages, following]
        end = len(self.messages)
        while end and every[end].goes_with(every[end - 1]):
            end -= 1
        rest = type(self)()
        for message in self.messages[end or len(self.messages) :]:
            rest.add(message)
        self.messages = self.messages[: end or len(self.messages)]
        return rest


def take(rows: Sequence[R], limits: Portion) -> list[R]:
    """The rows of the next turn, of those that wait, oldest first."""
    portions = [_Taken[R]()]
    for message in _messages(rows):
        while portions[-1].is_full(message, limits):
            portions.append(portions[-1].leave(message))
        portions[-1].add(message)
    backlog = portions[: max(0, len(portions) - limits.turns) + 1]
    taken = [row for portion in backlog for one in portion.messages for row in one.rows]
    return sorted(taken, key=lambda row: row.id)


def choose(
    rows: Sequence[R], limits: Portion, aside: LeftOut = _NOTHING
) -> tuple[list[R], Gap | None]:
    """Which rows of a turn are read; a gap where they are too many to be read as they are.

    `aside`: what was left out before the turn was opened, between two of its rows.
    """
    messages = _messages(rows)
    size = sum(message.size for message in messages)
    fits = len(messages) <= limits.messages and (size <= limits.characters or len(messages) == 1)
    if fits and not aside.number:
        return [row for message in messages for row in message.read], None
    before = [one for one in messages if not aside.number or one.rows[0].id < aside.first]
    first = _within(before, limits.characters // 2)
    rest = messages[len(before) if aside.number else len(first) :]
    last = _within(rest[::-1], limits.characters // 2)[::-1]
    read = [row for message in first for row in message.read]
    left_out = len(messages) - len(first) - len(last) + aside.number
    gap = Gap(after=len(read), left_out=left_out)
    return [*read, *(row for message in last for row in message.read)], gap


def _within(messages: Sequence[_Message[R]], characters: int) -> list[_Message[R]]:
    """The first of these, one at least, that do not exceed so many characters."""
    taken: list[_Message[R]] = []
    for message in messages:
        characters -= message.size + _DATE_CHARACTERS
        if taken and characters < 0:
            break
        taken.append(message)
    return taken


def _messages(rows: Sequence[R]) -> list[_Message[R]]:
    found: dict[tuple[str, int], _Message[R]] = {}
    for row in rows:
        key = ("row", row.id) if row.message_id is None else ("message", row.message_id)
        if key in found:
            found[key].rows.append(row)
        else:
            found[key] = _Message([row])
    return list(found.values())
