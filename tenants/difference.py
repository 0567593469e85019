"""What differs between two profiles, field by field, long texts line by line. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from itertools import islice
from typing import Any, Final

from pydantic import ValidationError

from db.audit import Trail
from tenants.fields import FIELDS
from tenants.profile import Profile

LONGEST_VALUE: Final = 200  # characters that are shown whole, if they stand in one line
CONTEXT_LINES: Final = 1
COMPARED: Final = 1_000_000  # lines times lines: beyond, a comparison takes seconds
GAP: Final = "…"  # lines that are the same are left out here
_END: Final = re.compile(r"(?<=[.!?…])\s+(?=[^\W\d_a-zà-ÿа-яё]|\d)")
LONGEST_DIFF: Final = 20_000  # characters that are kept of one


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs; None is the default, or that there is no such thing.

    `part` names a source, or a private assistant and its field ("staff.welcome").
    """

    field: str
    part: str
    old: str | None
    new: str | None

    @property
    def subject(self) -> str:
        """What it is a difference of, as the trail of changes names it."""
        return f"{self.field} {self.part}".strip()

    @property
    def is_short(self) -> bool:
        """Whether old and new can be shown whole, each in a line."""
        return all(_is_short(text) for text in (self.old, self.new))

    def lines(self) -> str:
        """What changed as a unified diff without its head, at most LONGEST_DIFF characters."""
        return "\n".join(_compare(_split(self.old), _split(self.new)))[:LONGEST_DIFF]

    def sentences(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What went and what came, sentence by sentence; one that only moved did neither."""
        old, new = (Counter(_sentences(text or "")) for text in (self.old, self.new))
        return tuple((old - new).elements()), tuple((new - old).elements())

    def excerpts(self) -> tuple[str | None, str | None]:
        """Old and new, of long ones only the lines about what changed; their diff is the same."""
        if self.is_short:
            return self.old, self.new
        lines = self.lines().split("\n")
        old, new = (_side(lines, sign) for sign in "-+")
        return None if self.old is None else old, None if self.new is None else new


def noticed(old: Profile, new: Profile) -> tuple[Difference, ...]:
    """The differences that somebody could notice: a default stands there as what it says.

    One that is said now, word for word, is none. What the host's settings say is not known here.
    """
    told = (_in_effect(one, old, new) for one in differences(old, new))
    return tuple(one for one in told if one.old != one.new)


def _in_effect(one: Difference, old: Profile, new: Profile) -> Difference:
    name, _, rest = one.part.partition(".") if one.field == "assistants" else ("", "", "")
    field = rest or one.field
    if field not in FIELDS or (one.part and not rest):
        return one
    sides = (_says(side, name, field) for side in (old, new))
    return Difference(one.field, one.part, *sides)


def _says(profile: Profile, assistant: str, field: str) -> str | None:
    """What one says of a field; who has no such assistant is answered by everybody's."""
    of = profile.assistant(assistant) if assistant in profile.assistants else profile
    value = getattr(of, field)
    return None if value is None else _text(value) or None


def trail_of(found: Sequence[Difference]) -> Trail:
    """What is kept of each: old and new, of long texts what differs."""
    return tuple((one.subject, *one.excerpts()) for one in found)


def trail_between(old: str, new: str) -> Trail:
    """The same of two bodies (JSON); of those that nobody can compare, that they differ."""
    try:
        before, after = map(Profile.model_validate_json, (old, new))
    except ValidationError:  # one is of another version of the program's
        return ((None, None, None),)
    return trail_of(differences(before, after))


def differences(old: Profile, new: Profile) -> tuple[Difference, ...]:
    """What differs, in the order of the profile's fields."""
    before, after = (dict(_flat(one.model_dump(mode="json"))) for one in (old, new))
    places = sorted({*before, *after}, key=lambda place: (_ORDER[place[0]], place[1]))
    return tuple(
        Difference(*place, before.get(place), after.get(place))
        for place in places
        if before.get(place) != after.get(place)
    )


_ORDER: Final = {name: at for at, name in enumerate(Profile.model_fields)}


def _flat(said: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    for field, value in said.items():
        match field:
            case "sources":
                yield from (((field, source["name"]), source["text"]) for source in value)
            case "assistants":
                for name, own in value.items():
                    yield from (((field, part), text) for part, text in _persona(name, own))
            case _:
                yield (field, ""), _text(value)


def _persona(name: str, own: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A private assistant is there even if it has nothing of its own; its name is no part of it."""
    yield name, ""
    for (field, part), text in _flat({key: own[key] for key in own if key != "called"}):
        yield f"{name}.{field}" + (f" {part}" if part else ""), text


def _text(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "\n".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _is_short(text: str | None) -> bool:
    return text is None or (len(text) <= LONGEST_VALUE and "\n" not in text)


def _sentences(text: str) -> list[str]:
    """By line, and where one ends and another begins."""
    pieces = (piece.strip() for line in text.split("\n") for piece in _END.split(line))
    return [piece for piece in pieces if piece]


def _split(text: str | None) -> list[str]:
    return (text or "").split("\n") if text else []


def _compare(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    gone, come = old[start : len(old) - end], new[start : len(new) - end]
    if len(gone) * len(come) > COMPARED:
        yield from (f"-{line}" for line in gone)
        yield from (f"+{line}" for line in come)
        return
    # After the head comes the place of the first hunk: what differs begins there.
    if start:
        yield GAP
    after_head = islice(unified_diff(gone, come, n=CONTEXT_LINES, lineterm=""), 3, None)
    yield from (GAP if line.startswith("@@") else line for line in after_head)


def _side(lines: Sequence[str], sign: str) -> str:
    """What stands on one side of a diff."""
    kept = (line for line in lines if line.startswith((" ", sign, GAP)))
    return "\n".join(line if line == GAP else line[1:] for line in kept)


def _shared(old: Sequence[str], new: Sequence[str]) -> int:
    """How many lines both begin with."""
    return next(
        (at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]),
        min(len(old), len(new)),
    )
