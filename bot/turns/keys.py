"""The short answers that a reply offers: which are shown, in which rows, and what a tap brings."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from bot.ports import AnswerKey, Channel
from db.records import Address, Draft, OutboxKind, OutboxRow

MOST: Final = 4
LONGEST: Final = 64  # characters of a label; Telegram shows about thirty
TOGETHER: Final = {2: 14, 3: 8, 4: 5}  # how long each may be where so many share a row
PREFIX: Final = "key:"  # of what a tap brings
CHOSEN: Final = "✓ "  # before the one that was tapped
_DATA: Final = re.compile(rf"{PREFIX}([0-9]{{1,18}}):[0-9]")

Message = TypeVar("Message", Draft, OutboxRow)
Rows = tuple[tuple[AnswerKey, ...], ...]


def can_tap(channel: Channel, address: Address) -> bool:
    """Whether clients can tap there; whoever is on the phone answers in words."""
    return channel.has_keys and channel.phone_call(address) is None


def answer_keys(turn: int, offered: Sequence[str]) -> Rows:
    """Keys for what a turn offers; none where nothing of it can be shown."""
    labels = tuple(fitting(offered))
    keys = iter([AnswerKey(label, f"{PREFIX}{turn}:{at}") for at, label in enumerate(labels)])
    return tuple(tuple(next(keys) for _ in range(size)) for size in sizes(labels))


@dataclass(frozen=True, slots=True)
class Offered:
    """Keys (the channel's JSON) for the bubble of a reply that stands at this position."""

    position: int
    keys: str

    def put_under(self, message: Message) -> Message:
        """That bubble with its keys, drafted or stored; any other message as it is."""
        if message.kind is OutboxKind.REPLY and message.position == self.position:
            return replace(message, markup=self.keys)
        return message


def chosen_key(label: str, data: str) -> Rows:
    """What stands in the place of the keys once one was tapped."""
    return ((AnswerKey(CHOSEN + label, data),),)


def turn_of(data: str) -> int | None:
    """The turn that offered what was tapped; None: it is no key of an answer."""
    found = _DATA.fullmatch(data)
    return int(found[1]) if found else None


def fitting(offered: Iterable[str]) -> Iterator[str]:
    """What may be shown of it, trimmed: no label that is too long, shows nothing or comes again."""
    seen = set[str]()
    for label in (" ".join(one.split()) for one in offered):
        new = label.casefold() not in seen and len(label) <= LONGEST and _shows(label)
        if new and len(seen) < MOST:
            seen.add(label.casefold())
            yield label


def _shows(label: str) -> bool:
    """Whether there is more in it than spaces, marks and what acts without being seen."""
    return any(unicodedata.category(one)[0] not in "CMZ" for one in label)


def sizes(labels: Sequence[str]) -> Iterator[int]:
    """How many keys stand in each row: all together where they are short, else by two or alone."""
    longest = max(map(len, labels), default=0)
    if longest <= TOGETHER.get(len(labels), -1):
        yield len(labels)
        return
    at = 0
    while at < len(labels):
        fit = [len(label) <= TOGETHER[2] for label in labels[at : at + 2]]
        size = 2 if fit == [True, True] else 1
        yield size
        at += size
