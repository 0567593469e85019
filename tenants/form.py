"""What an admin types into /configure, read: pure, and total for any text.

company_name Hotel Aurora          one field
welcome: Buongiorno!               several, each on a line of its own;
Come posso aiutarLa?               a text goes on until the next field
pace: -                            back to the default
company_name = "Hotel Aurora"      TOML, as /configure export gives it
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from tenants import toml
from tenants.explain import Problem, problems_of
from tenants.fields import FIELDS, Field, Vocabulary, normal
from tenants.profile import Profile, is_blank
from tenants.values import Kind

DEFAULT: Final = frozenset({"-", "–", "—"})  # typed for "back to the default"
EXPORT: Final = "export"
LONGEST_NAME_WORDS: Final = 6


@dataclass(frozen=True, slots=True)
class Show:
    """Nothing was said: the card is wanted."""


@dataclass(frozen=True, slots=True)
class Export:
    """The profile is wanted as TOML."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A field was named without a value: it is to be asked for."""

    field: str


@dataclass(frozen=True, slots=True)
class Changes:
    """New values by field, as JSON knows them (None: the default), and the profile with them."""

    values: Mapping[str, Any]
    profile: Profile


@dataclass(frozen=True, slots=True)
class Refused:
    """What to mend, each with its line (0: it cannot be told). Nothing changes."""

    problems: tuple[tuple[int, Problem], ...]


Request = Show | Export | Ask | Changes | Refused


@dataclass(frozen=True, slots=True)
class Form:
    """Reads what was typed against the profile as it is drafted."""

    profile: Profile
    vocabulary: Vocabulary = field(default_factory=Vocabulary)

    def command(self, words: str) -> Request:
        """What follows /configure."""
        if looked := looks(words):
            return looked
        if name := self._asked(words):
            return Ask(name)
        return self._toml(words) or self._lines(words)

    def answer(self, name: str, text: str) -> Changes | Refused:
        """The new value of a field that was asked for. Raises KeyError for no field."""
        return self._set({name: self._value(FIELDS[name], text)})

    def document(self, text: str) -> Changes | Refused:
        """A TOML file: it sets the fields that it names."""
        try:
            profile, named = toml.change(self.profile, text)
        except toml.ProfileError as error:
            return Refused(error.found)
        return _changes(profile, named)

    def default(self, name: str) -> Changes | Refused:
        """A field back to its default."""
        return self._set({name: None})

    def _asked(self, words: str) -> str | None:
        name = self.vocabulary.field_called(words.rstrip(" \t\n:="))
        return name if name in FIELDS else None

    def _toml(self, words: str) -> Changes | Refused | None:
        """Only if it is TOML that names a field: any other text may hold an equals sign."""
        try:
            toml.change(Profile(), words)
        except toml.ProfileError as error:
            if not any(problem.field in Profile.model_fields for _, problem in error.found):
                return None
        return self.document(words)

    def _lines(self, words: str) -> Changes | Refused:
        said: dict[str, str] = {}
        unknown: list[tuple[int, Problem]] = []
        current = ""
        for number, line in enumerate(words.strip().splitlines(), 1):
            name, value = self._split(line, first=number == 1)
            if name:
                current, said[name] = name, value
            elif current and (FIELDS[current].several_lines or not said[current]):
                said[current] += f"\n{line}"
            elif line.strip():
                unknown.append((number, self._unknown(line)))
        if unknown:
            return Refused(tuple(unknown))
        return self._set({name: self._value(FIELDS[name], text) for name, text in said.items()})

    def _split(self, line: str, *, first: bool) -> tuple[str, str]:
        """The field that a line begins with, and what follows; "" when it begins with none."""
        for head, rest in _cuts(line, spaces=first):
            if (name := self.vocabulary.field_called(head)) in FIELDS:
                return name or "", rest.strip()
        return "", line

    def _unknown(self, line: str) -> Problem:
        head = _head(line)
        known = self.vocabulary.field_called(head)
        return Problem("not_typed", (known,)) if known else Problem("extra_forbidden", (head,))

    def _value(self, asked: Field, text: str) -> Any:
        if text.strip() in DEFAULT:
            return None
        if is_blank(text):
            return Problem("blank", (asked.name,))
        match asked.kind:
            case Kind.CHOICE | Kind.ZONE:
                return self.vocabulary.choice_called(asked, text) or text.strip()
            case Kind.SECONDS | Kind.DAYS:
                return _number(asked, text)
            case Kind.LINES:
                return [
                    re.sub(r"^\s*(?:[-•*]|\d{1,2}[.)])\s+", "", one) for one in text.splitlines()
                ]
            case Kind.LINE | Kind.TEXT | Kind.MESSAGE | Kind.HOURS | Kind.TOOLS:
                return text

    def _set(self, said: Mapping[str, Any]) -> Changes | Refused:
        unread = [value for value in said.values() if isinstance(value, Problem)]
        if unread:
            return Refused(tuple((0, problem) for problem in unread))
        try:
            return _changes(self.profile.changed(said), said)
        except ValidationError as error:
            return Refused(tuple((0, problem) for problem in problems_of(error)))


def looks(words: str) -> Show | Export | None:
    """What is looked at with these words; None: they are to change something."""
    if not words.strip():
        return Show()
    return Export() if normal(words) == EXPORT else None


def drafted(published: Profile, changes: Mapping[str, Any]) -> tuple[Profile, tuple[str, ...]]:
    """The profile with a draft's changes, and those that do not fit it any more.

    They fitted when they were made; another version may have been published since.
    """
    try:
        return published.changed(changes), ()
    except ValidationError:
        return _fitting(published, changes)


def _fitting(published: Profile, changes: Mapping[str, Any]) -> tuple[Profile, tuple[str, ...]]:
    left = []
    for name, value in changes.items():
        try:
            published = published.changed({name: value})
        except ValidationError:
            left.append(name)
    return published, tuple(left)


def _changes(profile: Profile, named: Iterable[str]) -> Changes:
    said = profile.model_dump(mode="json")
    return Changes({name: said.get(name) for name in named}, profile)


def _cuts(line: str, *, spaces: bool) -> Iterator[tuple[str, str]]:
    """Where a field's name may end: at the first colon or equals sign, or after some words."""
    if sign := re.search(r"[:=：]", line):
        yield line[: sign.start()], line[sign.end() :]
    if spaces:
        ends = [word.end() for word in re.finditer(r"\S+", line)][:LONGEST_NAME_WORDS]
        yield from ((line[:end], line[end:]) for end in reversed(ends))


def _head(line: str) -> str:
    sign = re.search(r"[:=：]", line)
    return (line[: sign.start()] if sign else line.split(maxsplit=1)[0]).strip()[:40]


def _number(asked: Field, text: str) -> float | Problem:
    found = re.fullmatch(r"\s*([+-]?\d{1,9}(?:[.,]\d{1,9})?)\s*\w{0,10}\.?\s*", text)
    return float(found[1].replace(",", ".")) if found else Problem("float_parsing", (asked.name,))
