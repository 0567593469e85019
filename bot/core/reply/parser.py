"""A reply as it comes, delta by delta, and as a whole."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.core.reply.repair import cut_back, find_closed, mend, parse_partly, save
from bot.core.reply.shapes import find_inside, load_json, read_objects, read_value
from bot.core.reply.tail import find_tail, read_stated
from bot.core.reply.wording import begins_thinking, drop_thoughts, mend_surrogates, tidy
from db.records import Stated


class ReplyEnd(StrEnum):
    """How the text of a reply came to its end."""

    WHOLE = "whole"  # the model said all it wanted to say
    CUT = "cut"  # in the middle, but what is there may be shown
    BROKEN = "broken"  # only what had closed by then may be shown


@dataclass(slots=True)
class ReplyParser:
    """A reply under way. Whatever the deltas, `feed` gives the first bubbles of `finish`."""

    _parts: list[str] = field(default_factory=list)
    _seen: int = 0  # strings that have closed
    _listed: bool = False  # the list of messages has closed

    @property
    def whole(self) -> bool:
        """Whether its list, or its object, has closed: what may follow adds no bubble to it."""
        if self._listed:
            return True
        text = drop_thoughts(mend_surrogates(self._join()))
        return text.startswith("{") and read_objects(text) is not None

    @property
    def stated(self) -> Stated:
        """What the reply says of itself, as far as it has come."""
        return read_stated(drop_thoughts(mend_surrogates(self._join())))

    def feed(self, delta: str) -> tuple[str, ...]:
        """Take the next piece; the bubbles that it closes.

        Only a quote can close a string, and none does behind the list: so only a delta with one,
        or with the list's end, costs a parse.
        """
        self._parts.append(delta)
        if self._listed or not ('"' in delta or "]" in delta):
            return ()
        text = self._join().lstrip()
        if not text.startswith("{"):
            text = drop_thoughts(text)
            if not text.startswith("{"):
                return ()
        self._listed = "]" in delta and find_tail(text) is not None
        fresh = (parse_partly(text) or [])[self._seen :]
        self._seen += len(fresh)
        return tidy(fresh)

    def finish(self, ending: ReplyEnd = ReplyEnd.WHOLE, *, refusal: str = "") -> tuple[str, ...]:
        """Every bubble of the reply, the fallbacks included; empty when nothing was said."""
        return read_reply(self._join(), ending, refusal=refusal)

    def _join(self) -> str:
        if len(self._parts) > 1:
            self._parts = ["".join(self._parts)]
        return "".join(self._parts)


def read_reply(
    text: str, ending: ReplyEnd = ReplyEnd.WHOLE, *, refusal: str = ""
) -> tuple[str, ...]:
    """The bubbles of a reply's text; of one that is not JSON, or not ours, the text itself."""
    text = drop_thoughts(mend_surrogates(text))
    is_shown_whole = not refusal and ending is not ReplyEnd.BROKEN
    if is_shown_whole and (strings := _read_whole(text)) is not None:
        return tidy(strings)
    closed = find_closed(text) if text.startswith("{") else []
    if not is_shown_whole:
        return tidy([*closed, refusal])
    inside = None if closed else find_inside(text)
    return tidy(_read_broken(text, closed, ending) if inside is None else inside)


def _read_whole(text: str) -> list[str] | None:
    """A reply that is JSON, though perhaps of another shape, in Python's notation or escaped."""
    if text.startswith("{") and (strings := read_objects(text)) is not None:
        return strings
    if (end := find_tail(text)) is not None:  # what followed the list was cut, or is no JSON
        return read_objects(f"{text[:end]}}}")
    value = load_json(text)
    if isinstance(value, str) and value.lstrip().startswith(("{", "[")):
        return _read_whole(value.strip()) or [value]
    return read_value(value)


def _read_broken(text: str, closed: list[str], ending: ReplyEnd) -> list[str]:
    cut = ending is ReplyEnd.CUT
    begun = text if text.startswith(("[", '"')) else text[text.find("{") :]
    strings = mend(begun, closed) or save(begun)
    if any(tidy(strings)) or (cut and text.startswith(("{", "[", "`"))):
        return strings
    if begins_thinking(text):
        return []
    return [cut_back(text) if cut else text]
