"""The fields of a profile that are typed one by one, and what an admin may call them. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as default_of
from enum import StrEnum
from typing import Any, Final, get_args

from pydantic.fields import FieldInfo

from tenants.profile import Profile
from tenants.values import MESSAGE_UTF16_UNITS, Group, Kind, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field that admins type, as it is declared in the profile.

    `limit` counts characters; of LINES, lines; of MESSAGE, UTF-16 units. `section`: where the model
    reads it as `read_as`. `host`: the host's setting that is its default.
    """

    name: str
    kind: Kind
    limit: int
    choices: tuple[str, ...]
    place: int
    group: Group
    section: Section | None
    read_as: str
    host: str

    @property
    def several_lines(self) -> bool:
        """Whether a value may have more than one."""
        return self.kind in (Kind.TEXT, Kind.MESSAGE, Kind.LINES, Kind.HOURS, Kind.TOOLS)


def _fields() -> Iterator[Field]:
    for name, info in Profile.model_fields.items():
        declared: Any = info.json_schema_extra
        if declared is not None:
            kind, limit, choices = _typed(info)
            named = {"name": name, "read_as": declared["read_as"] or name}
            yield Field(**{**declared, **named}, kind=kind, limit=limit, choices=choices)


def _typed(info: FieldInfo) -> tuple[Kind, int, tuple[str, ...]]:
    """Its kind, its limit and its choices. Raises ValueError for a type that has no kind."""
    if isinstance(info.annotation, type) and issubclass(info.annotation, StrEnum):
        return Kind.CHOICE, 0, tuple(info.annotation)
    marks = tuple(_marks(info))
    (kind,) = (mark for mark in marks if isinstance(mark, Kind))
    limits = [getattr(mark, what, None) for mark in marks for what in ("max_length", "le")]
    return kind, min(filter(None, limits), default=MESSAGE_UTF16_UNITS), ()


def _marks(info: FieldInfo) -> Iterator[object]:
    """What stands beside the type; of one that may be None, beside the type itself."""
    yield from info.metadata
    for one in get_args(info.annotation):
        for mark in getattr(one, "__metadata__", ()):
            yield from getattr(mark, "metadata", (mark,))


FIELDS: Final[Mapping[str, Field]] = {  # in the order of the card
    field.name: field for field in sorted(_fields(), key=lambda field: field.place)
}


def normal(text: str) -> str:
    """The same for "Company name", "company_name" and "COMPANY-NAME"."""
    plain = text.strip().replace("’", "'").casefold()
    return re.sub(r"(?<=\w)[\s_\-]+(?=\w)", " ", plain)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What fields and choices may be called; their names in a profile always count.

    Keys are `normal`; `choices` holds by field what a word stands for.
    """

    fields: Mapping[str, str] = default_of(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = default_of(default_factory=dict)

    def field_called(self, name: str) -> str | None:
        """The field of that name."""
        named = {normal(known): known for known in Profile.model_fields}
        return named.get(normal(name)) or self.fields.get(normal(name))

    def choice_called(self, asked: Field, word: str) -> str | None:
        """The choice of that name."""
        named = {normal(known): known for known in asked.choices}
        return named.get(normal(word)) or self.choices.get(asked.name, {}).get(normal(word))
