"""What can be done to the knowledge: each edit is told what is drafted, and says what it did."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bot.core.figures import number
from bot.core.texts import say
from bot.core.texts.profile import Knowledge as Say
from bot.telegram.admin.company_card import pages
from tenants.explain import problems_of
from tenants.profile import Profile, Source
from tenants.sources import find, lengthen, put, without
from tenants.values import KNOWLEDGE_CHARACTERS


@dataclass(frozen=True, slots=True)
class Edited:
    """New values by field, and what to say about them."""

    changes: Mapping[str, Any]
    what: str


Edit = Callable[[Profile], Edited | None]  # None: what it was about is no longer there


def write(text: str, language: str) -> Edit:
    """The text in the place of the one written before; none of it takes that away."""

    def edit(_: Profile) -> Edited:
        if not text:
            return Edited({"knowledge": None}, say(Say.PASTED_CLEARED, language))
        said = say(Say.PASTED_NOW, language, pages=pages(text, language))
        return Edited({"knowledge": text}, said)

    return edit


def append(text: str, language: str, *, joint: str) -> Edit:
    """More text, after the one written before."""

    def edit(profile: Profile) -> Edited | None:
        whole = joint.join(filter(None, (profile.knowledge, text)))
        return write(whole, language)(profile)

    return edit


def add(source: Source, language: str, *, instead_of: str = "") -> Edit:
    """A source, in the place of the one with its name or the key `instead_of`."""

    def edit(profile: Profile) -> Edited:
        after = put(profile.sources, source, instead_of=instead_of)
        gone = [one for one in profile.sources if one not in after]
        what = Say.SOURCE_NOW if gone else Say.SOURCE_NEW
        length = pages(source.text, language)
        return Edited({"sources": after}, say(what, language, name=source.name, pages=length))

    return edit


def rewrite(key: str, text: str, language: str, *, now: float) -> Edit:
    """Another text for a source, under the same name."""

    def edit(profile: Profile) -> Edited | None:
        source = find(profile.sources, key)
        if source is None:
            return None
        return add(Source(name=source.name, text=text, added_at=now), language)(profile)

    return edit


def extend(key: str, text: str, language: str, *, joint: str, now: float) -> Edit:
    """More text at the end of a source."""

    def edit(profile: Profile) -> Edited | None:
        source = find(profile.sources, key)
        if source is None:
            return None
        return add(lengthen(source, text, joint=joint, now=now), language)(profile)

    return edit


def remove(key: str, language: str) -> Edit:
    """A source away."""

    def edit(profile: Profile) -> Edited | None:
        source = find(profile.sources, key)
        if source is None:
            return None
        what = say(Say.SOURCE_REMOVED, language, name=source.name)
        return Edited({"sources": without(profile.sources, key) or None}, what)

    return edit


def refusal(error: ValidationError, language: str) -> str:
    """Why an edit cannot be made, and what to do. Raises the error when it is no limit's."""
    problem = problems_of(error)[0]
    match problem.kind:
        case "knowledge_too_long" if assistant := problem.values["assistant"]:
            text, limit = Say.TOO_MUCH_FOR, KNOWLEDGE_CHARACTERS
        case "knowledge_too_long" | "string_too_long":
            text, assistant, limit = Say.TOO_MUCH, "", KNOWLEDGE_CHARACTERS
        case "too_long":
            text, assistant, limit = Say.TOO_MANY, "", problem.values["max_length"]
        case _:
            raise error
    return say(text, language, assistant=assistant, limit=number(limit, language))
