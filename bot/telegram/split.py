"""Cutting a text and its entities into messages that Telegram takes."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from telegramify_markdown import MessageEntity

from bot.telegram.wire import utf16_index, utf16_length

MESSAGE_UNITS: Final = 4096

_ENDS: Final = (  # where a part may end, best first
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"[.!?…。！？][\"'»”)\]]*\s"),
    re.compile(r"\s"),
)
_JOINER: Final = "\u200d"  # binds two emoji into one
_BLANK: Final = {"\u2800", "\u3164", "\u115f", "\u1160", "\uffa0"}  # letters without a glyph
_UNSEEN_CATEGORIES: Final = {"Cc", "Cf", "Mn", "Zl", "Zp", "Zs"}


@dataclass(frozen=True, slots=True)
class Part:
    """One message: trimmed text, and entities in UTF-16 units of that text."""

    text: str
    entities: tuple[MessageEntity, ...]


def split(
    text: str, entities: Sequence[MessageEntity], *, limit: int = MESSAGE_UNITS
) -> tuple[Part, ...]:
    """Parts of at most `limit` UTF-16 units, without those that would show nothing.

    A part ends at a paragraph, a line, a sentence or a word, outside every entity; inside one
    only where it must, and the entity goes on in the next part.
    """
    parts = (_part(text, entities, *span) for span in _spans(text, entities, limit=limit))
    return tuple(part for part in parts if is_visible(part.text))


def is_visible(text: str) -> bool:
    """Whether Telegram would show anything; it refuses an empty message."""
    return any(
        unicodedata.category(character) not in _UNSEEN_CATEGORIES and character not in _BLANK
        for character in text
    )


def _spans(
    text: str, entities: Sequence[MessageEntity], *, limit: int
) -> Iterator[tuple[int, int]]:
    start = 0
    whole: list[tuple[int, int]] | None = None
    while utf16_length(text[start:]) > limit:
        if whole is None:
            whole = [_characters(text, entity) for entity in entities]
        room = start + utf16_index(text[start : start + limit], limit)
        end = _end(text, start=start, room=room, entities=whole)
        yield start, end
        start = end
    yield start, len(text)


def _end(text: str, *, start: int, room: int, entities: Sequence[tuple[int, int]]) -> int:
    """Where the part that begins at `start` ends: the best place not beyond `room`."""
    half = start + (room - start) // 2
    found = [[match.end() for match in end.finditer(text, start, room)] for end in _ENDS]
    edges = [edge for entity in entities for edge in entity]
    outside = [[end for end in ends if _is_outside(end, entities)] for ends in (*found, edges)]
    for candidates, least in ((outside[:4], half), (outside, start), (found, start)):
        for ends in candidates:
            if best := max((end for end in ends if least < end <= room), default=0):
                return best
    return _between_graphemes(text, start=start, room=room)


def _between_graphemes(text: str, *, start: int, room: int) -> int:
    """Step back from inside a joined emoji or an accented letter."""
    end = room
    while end > start + 1 and (text[end - 1] == _JOINER or _continues(text[end])):
        end -= 1
    return end if end > start + 1 else room


def _continues(character: str) -> bool:
    is_skin_tone = "\U0001f3fb" <= character <= "\U0001f3ff"
    return character == _JOINER or is_skin_tone or unicodedata.category(character) in {"Mn", "Me"}


def _is_outside(index: int, entities: Iterable[tuple[int, int]]) -> bool:
    return not any(start < index < end for start, end in entities)


def _characters(text: str, entity: MessageEntity) -> tuple[int, int]:
    return utf16_index(text, entity.offset), utf16_index(text, entity.offset + entity.length)


def _part(text: str, entities: Sequence[MessageEntity], start: int, end: int) -> Part:
    """Cut, trim as Telegram would, and keep of each entity what lies inside."""
    piece = text[start:end]
    trimmed = piece.strip()
    first = start + len(piece) - len(piece.lstrip())
    low = utf16_length(text[:first])
    high = low + utf16_length(trimmed)
    return Part(trimmed, tuple(_clip(entities, low=low, high=high)))


def _clip(entities: Sequence[MessageEntity], *, low: int, high: int) -> Iterator[MessageEntity]:
    for entity in entities:
        start, end = max(low, entity.offset), min(high, entity.offset + entity.length)
        if start < end:
            yield replace(entity, offset=start - low, length=end - start)
