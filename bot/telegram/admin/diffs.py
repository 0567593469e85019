"""What differs between two versions of a profile, as admins read it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from bot.core.texts import say
from bot.core.texts.profile import Fields
from bot.core.texts.profile import Versions as Say
from bot.telegram.admin.company_card import pages
from bot.telegram.admin.fields import cut, label, worded
from tenants.difference import Difference
from tenants.fields import FIELDS
from tenants.profile import Profile
from tenants.values import Kind

SHOWN_CHARACTERS: Final = 3_000  # what is left of a message has room for what stands around it
SENTENCES: Final = 12
LINE_CHARACTERS: Final = 160
_BETWEEN: Final = "\n\n"


def shown(
    found: Sequence[Difference],
    language: str,
    *,
    room: int = SHOWN_CHARACTERS,
    most: int = SENTENCES,
    called: Callable[[str], str] = str,
) -> str:
    """Before and after of each value; of long texts the sentences that went and that came.

    In `room` characters, of each text `most` sentences. `called`: the name of an assistant.
    """
    paragraphs: list[str] = []
    for at, one in enumerate(found):
        paragraph = _paragraph(one, language, most, called)
        if len(paragraph) > room:
            paragraphs.append(say(Say.MORE_CHANGES, language, count=len(found) - at))
            break
        paragraphs.append(paragraph)
        room -= len(paragraph) + len(_BETWEEN)
    return _BETWEEN.join(paragraphs)


def names_in(*profiles: Profile) -> Callable[[str], str]:
    """What people call an assistant, be it one that is in one of these profiles alone."""

    def called(assistant: str) -> str:
        known = (one for one in profiles if assistant in one.assistants)
        return next((one.called(assistant) for one in known), assistant)

    return called


def named(fields: Iterable[str], language: str) -> str:
    """What some fields are called."""
    return ", ".join(label(field, language) for field in fields)


def place(one: Difference, language: str, called: Callable[[str], str] = str) -> str:
    """What a value is called: its field, and which source or assistant."""
    assistant, field, part = _parts(one)
    which = called(part) if field == "assistants" and part else part
    where = ", ".join(filter(None, (label(field, language), which)))
    return f"{called(assistant)}: {where}" if assistant else where


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
    return field in ("opening_hours", "tools") or (one.is_short and field != "sources")


def _parts(one: Difference) -> tuple[str, str, str]:
    """Whose the value is, "" being everybody's, the field, and which source or assistant."""
    if one.field != "assistants" or "." not in one.part:
        return "", one.field, one.part
    assistant, _, rest = one.part.partition(".")
    field, _, source = rest.partition(" ")
    return assistant, field, source


def _paragraph(one: Difference, language: str, most: int, called: Callable[[str], str]) -> str:
    lines = [f"• {place(one, language, called)}"]
    if is_value(one):
        lines.append(sides(one, language))
    else:
        lines += [length(one, language), *sentences(one, language, most=most)]
    return "\n".join(filter(None, lines))


def length(one: Difference, language: str) -> str:
    """Of a text that is new, or is gone, how long it is."""
    field = _parts(one)[1]
    if field in FIELDS and FIELDS[field].kind is Kind.LINES:
        return ""
    match one.old, one.new:
        case None, str(new):
            return say(Say.TEXT_NEW, language, pages=pages(new, language))
        case str(old), None:
            return say(Say.TEXT_GONE, language, pages=pages(old, language))
        case _:
            return ""


def sentences(one: Difference, language: str, *, most: int) -> Sequence[str]:
    """What a long text no longer says, and what it says now, so many sentences at most."""
    went, came = one.sentences()
    told = [say(Say.SENTENCE_GONE, language, said=cut(text, LINE_CHARACTERS)) for text in went]
    told = told[: most // 2] if came else told
    told += [say(Say.SENTENCE_NEW, language, said=cut(text, LINE_CHARACTERS)) for text in came]
    if not told:
        return [say(Say.ORDER_ONLY, language)]
    more = len(went) + len(came) - len(told[:most])
    return [*told[:most], *([say(Say.MORE_SENTENCES, language, count=more)] if more else [])]


def _value(text: str | None, field: str, language: str) -> str:
    if text is None:
        host = FIELDS[field].host if field in FIELDS else ""
        return say(Fields(f"host_{field}") if host else Say.NOTHING_THERE, language)
    return worded(field, text, language)
