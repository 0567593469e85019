"""What differs between two versions of a profile, as admins read it."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.core.texts import say
from bot.core.texts.fields import Fields
from bot.core.texts.figures import number
from bot.core.texts.versions import Versions as Say
from tenants.difference import Difference
from tenants.profile import Profile

SHOWN_CHARACTERS: Final = 3_000  # what is left of a message has room for what stands around it
EXCERPT_LINES: Final = 12
LINE_CHARACTERS: Final = 160


def shown(found: Sequence[Difference], language: str) -> str:
    """Old and new of each value; of long texts their sizes and an excerpt of what changed."""
    paragraphs: list[str] = []
    room = SHOWN_CHARACTERS
    for at, one in enumerate(found):
        paragraph = _paragraph(one, language)
        if len(paragraph) > room:
            paragraphs.append(say(Say.MORE_CHANGES, language, count=len(found) - at))
            break
        paragraphs.append(paragraph)
        room -= len(paragraph)
    return "\n".join(paragraphs)


def named(fields: Iterable[str], language: str) -> str:
    """What some fields are called."""
    return ", ".join(_label(field, language) for field in fields)


def place(one: Difference, language: str) -> str:
    """What a value is called: its field, and which source or assistant."""
    label = _label(one.field, language)
    if one.field != "assistants":
        return f"{label}, {one.part}" if one.part else label
    assistant, _, field = one.part.partition(".")
    return f"{assistant}: {_inner(field, language)}" if field else f"{label}, {assistant}"


def _paragraph(one: Difference, language: str) -> str:
    what = place(one, language)
    if one.is_short and one.field != "sources":
        old, new = (_value(text, language) for text in (one.old, one.new))
        return say(Say.CHANGE_SHORT, language, what=what, old=old, new=new)
    old, new = (number(len(text or ""), language) for text in (one.old, one.new))
    match one.old, one.new:
        case None, _:
            text = Say.CHANGE_ADDED
        case _, None:
            text = Say.CHANGE_REMOVED
        case _:
            text = Say.CHANGE_LONG
    head = say(text, language, what=what, old=old, new=new)
    return "\n".join((head, *_excerpt(one)))


def _excerpt(one: Difference) -> Iterable[str]:
    lines = one.lines().split("\n")
    for line in lines[:EXCERPT_LINES]:
        yield line if len(line) <= LINE_CHARACTERS else f"{line[:LINE_CHARACTERS]}…"
    if len(lines) > EXCERPT_LINES:
        yield "…"


def _value(text: str | None, language: str) -> str:
    if text is None:
        return say(Say.BY_DEFAULT, language)
    choice = f"CHOICE_{text.upper()}"
    if choice in Fields.__members__:
        return say(Fields[choice], language)
    return text or say(Say.NOTHING, language)


def _inner(field: str, language: str) -> str:
    name, _, source = field.partition(" ")
    return f"{_label(name, language)}, {source}" if source else _label(name, language)


def _label(field: str, language: str) -> str:
    key = f"LABEL_{field.upper()}"
    if key in Fields.__members__:
        return say(Fields[key], language)
    return Profile.model_fields[field].title or field
