"""What differs between two versions of a profile, as admins read it."""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.core.figures import number
from bot.core.texts import say
from bot.core.texts.profile import Versions as Say
from bot.telegram.admin.fields import label, worded
from tenants.difference import Difference

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
    return ", ".join(label(field, language) for field in fields)


def place(one: Difference, language: str) -> str:
    """What a value is called: its field, and which source or assistant."""
    assistant, field, part = _parts(one)
    where = ", ".join(filter(None, (label(field, language), part)))
    return f"{assistant}: {where}" if assistant else where


def sides(one: Difference, language: str) -> str:
    """Old and new of a short value; of a private assistant, that it came or went."""
    _, field, part = _parts(one)
    if field == "assistants" and part:
        return say(Say.IS_NEW if one.old is None else Say.IS_GONE, language)
    old, new = (_value(text, field, language) for text in (one.old, one.new))
    return say(Say.SIDES, language, old=old, new=new)


def is_value(one: Difference) -> bool:
    """Whether both sides are shown whole, and not line by line as texts of files are."""
    field = _parts(one)[1]
    return field == "opening_hours" or (one.is_short and field != "sources")


def _parts(one: Difference) -> tuple[str, str, str]:
    """Whose the value is, "" being everybody's, the field, and which source or assistant."""
    if one.field != "assistants" or "." not in one.part:
        return "", one.field, one.part
    assistant, _, rest = one.part.partition(".")
    field, _, source = rest.partition(" ")
    return assistant, field, source


def _paragraph(one: Difference, language: str) -> str:
    what = place(one, language)
    if is_value(one):
        return say(Say.CHANGE_SHORT, language, what=what, sides=sides(one, language))
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


def _value(text: str | None, field: str, language: str) -> str:
    if text is None:
        return say(Say.BY_DEFAULT, language)
    return worded(field, text, language)
