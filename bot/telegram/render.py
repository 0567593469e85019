"""The model's Markdown as messages: text and entities, never a word less than written."""

import json
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Final, Self

from telegramify_markdown import MessageEntity, RenderConfig
from telegramify_markdown.converter import EventWalker

from bot.ports import Rendered
from bot.telegram.guards import escape_unmeant, is_link, keeps_letters
from bot.telegram.wire import utf16_index, utf16_length, writable
from tenants.values import MESSAGE_UTF16_UNITS

_ENDS: Final = (  # where a part may end, best first
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"[.!?…。！？][\"'»”)\]]*\s"),
    re.compile(r"\s"),
)
_JOINER: Final = "\u200d"  # binds two emoji into one
_BLANK: Final = {"\u2800", "\u3164", "\u115f", "\u1160", "\uffa0"}  # letters without a glyph
_UNSEEN_CATEGORIES: Final = {"Cc", "Cf", "Mn", "Zl", "Zp", "Zs"}
LONGEST: Final = 16_384  # characters; what is longer is shown as it is

# Without one of these the text is shown as it is: lists, `<`, prices and addresses included.
_MARKUP: Final = re.compile(
    r"[*_`\[\\|]|~~|&[#\w]+;|^ {0,3}(?:#|>|-[ -]*-[ -]*-|=+\s*$)", re.MULTILINE
)


def _plain_symbols() -> RenderConfig:
    config = RenderConfig.isolated()
    symbols = config.markdown_symbol
    symbols.heading_level_1 = symbols.heading_level_2 = ""
    symbols.heading_level_3 = symbols.heading_level_4 = ""
    symbols.image = ""
    symbols.unordered_list_item = "-"
    return config


_CONFIG: Final = _plain_symbols()


def render(markdown: str, *, mark: str = "") -> tuple[Rendered, ...]:
    """The messages that show a text, each within Telegram's limit; none if it shows nothing.

    `mark` stands before each of them, as plain text.
    """
    text, entities = _converted(writable(markdown))
    room = utf16_length(mark)
    parts = split(text, entities, limit=MESSAGE_UTF16_UNITS - room)
    return tuple(Rendered(mark + one.text, _as_json(one.entities, after=room)) for one in parts)


def _converted(markdown: str) -> tuple[str, Sequence[MessageEntity]]:
    """Text and entities; the Markdown itself when a conversion would lose a word of it."""
    if len(markdown) > LONGEST or not _MARKUP.search(markdown):
        return markdown, ()
    if (meant := escape_unmeant(markdown)) is None:
        return markdown, ()
    # Not `convert`: it would parse again, and look for spoilers, which no model means.
    text, entities, _ = EventWalker(_CONFIG, meant.source).walk(meant.events)
    if not keeps_letters(meant, text):
        return markdown, ()
    return text, tuple(entity for entity in entities if _is_wanted(entity))


def _is_wanted(entity: MessageEntity) -> bool:
    """Headings are bold and not underlined as well; an address is found by Telegram itself."""
    if entity.type == "text_link":
        return is_link(entity.url or "")
    return entity.type != "underline"


def _as_json(entities: Iterable[MessageEntity], *, after: int) -> str | None:
    ordered = sorted(entities, key=lambda entity: (entity.offset, -entity.length))
    if not ordered:
        return None
    fields = [entity.to_dict() | {"offset": entity.offset + after} for entity in ordered]
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Part:
    """One message: trimmed text, and entities in UTF-16 units of that text."""

    text: str
    entities: tuple[MessageEntity, ...]


def split(
    text: str, entities: Sequence[MessageEntity], *, limit: int = MESSAGE_UTF16_UNITS
) -> tuple[Part, ...]:
    """Parts of at most `limit` UTF-16 units, without those that would show nothing.

    A part ends at a paragraph, a line, a sentence or a word, outside every entity; inside one
    only where it must, and the entity goes on in the next part.
    """
    ordered = sorted(entities, key=lambda entity: entity.offset)
    cutter = _Cutter(ordered)
    parts = []
    for start, end in _spans(text, ordered, limit=limit):
        part = cutter.cut(text[start:end])
        if is_visible(part.text):
            parts.append(part)
    return tuple(parts)


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
    marked: _Marked | None = None
    while utf16_length(text[start : start + limit + 1]) > limit:
        marked = marked or _Marked.of(text, entities)
        room = start + utf16_index(text[start : start + limit], limit)
        end = _end(text, start=start, room=room, marked=marked)
        yield start, end
        start = end
    yield start, len(text)


@dataclass(frozen=True, slots=True)
class _Marked:
    """Which characters stand inside entities: stretches that do not overlap, in order."""

    starts: list[int]
    ends: list[int]
    edges: list[int]

    @classmethod
    def of(cls, text: str, entities: Iterable[MessageEntity]) -> Self:
        units = list(accumulate((1 + (letter > "\uffff") for letter in text), initial=0))
        stretches: list[list[int]] = []
        for entity in entities:
            start = bisect_left(units, entity.offset)
            end = bisect_left(units, entity.offset + entity.length)
            if stretches and start < stretches[-1][1]:
                stretches[-1][1] = max(stretches[-1][1], end)
            else:
                stretches.append([start, end])
        starts, ends = [start for start, _ in stretches], [end for _, end in stretches]
        return cls(starts, ends, sorted((*starts, *ends)))

    def holds(self, index: int) -> bool:
        """Whether a cut before this character would cut an entity in two."""
        before = bisect_left(self.starts, index) - 1
        return before >= 0 and index < self.ends[before]

    def edges_in(self, start: int, room: int) -> list[int]:
        """Where an entity starts or ends, beyond `start` and not beyond `room`."""
        return self.edges[bisect_right(self.edges, start) : bisect_right(self.edges, room)]


def _end(text: str, *, start: int, room: int, marked: _Marked) -> int:
    """Where the part that begins at `start` ends: the best place not beyond `room`."""
    half = start + (room - start) // 2
    found = [[match.end() for match in end.finditer(text, start, room)] for end in _ENDS]
    searches = (
        (found, half, False),
        (
            (*found, marked.edges_in(start, room)),
            start,
            False,
        ),  # a short part is better than an entity in two
        (found, start, True),
    )
    for candidates, least, may_cut in searches:
        for ends in candidates:
            for end in reversed(ends):
                if least < end <= room and (may_cut or not marked.holds(end)):
                    return end
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


@dataclass(slots=True)
class _Cutter:
    """Cuts pieces of a text one after the other, each with its share of the entities."""

    entities: Sequence[MessageEntity]  # by offset
    _begun: int = 0  # entities that begin before the next piece
    _open: list[MessageEntity] = field(default_factory=list)  # those of them that reach into it
    _offset: int = 0  # of the next piece, in UTF-16 units

    def cut(self, piece: str) -> Part:
        """The next piece, trimmed as Telegram would, with what of each entity lies inside."""
        trimmed = piece.strip()
        low = self._offset + utf16_length(piece[: len(piece) - len(piece.lstrip())])
        self._offset += utf16_length(piece)
        while self._begun < len(self.entities):
            if self.entities[self._begun].offset >= self._offset:
                break
            self._open.append(self.entities[self._begun])
            self._begun += 1
        part = Part(trimmed, tuple(_clip(self._open, low=low, high=low + utf16_length(trimmed))))
        self._open = [one for one in self._open if one.offset + one.length > self._offset]
        return part


def _clip(entities: Sequence[MessageEntity], *, low: int, high: int) -> Iterator[MessageEntity]:
    for entity in entities:
        start, end = max(low, entity.offset), min(high, entity.offset + entity.length)
        if start < end:
            yield replace(entity, offset=start - low, length=end - start)
