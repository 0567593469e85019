"""The fields of a profile that are typed one by one, and what an admin may call them. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default_of
from enum import StrEnum, auto
from typing import Final

from tenants.profile import FormOfAddress, Language, Pace, Profile


class Kind(StrEnum):
    """How a field's value is typed."""

    LINE = auto()
    TEXT = auto()
    LINES = auto()  # one item a line
    NUMBER = auto()
    CHOICE = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """A field as the form asks for it. `limit` counts characters; of LINES, lines."""

    name: str
    kind: Kind
    limit: int = 0
    choices: tuple[str, ...] = ()

    @property
    def several_lines(self) -> bool:
        """Whether a value may have more than one."""
        return self.kind in (Kind.TEXT, Kind.LINES)


FIELDS: Final[Mapping[str, Field]] = {
    asked.name: asked
    for asked in (
        Field("company_name", Kind.LINE, limit=100),
        Field("sector", Kind.LINE, limit=100),
        Field("assistant_name", Kind.LINE, limit=100),
        Field("assistant_goal", Kind.TEXT, limit=1_000),
        Field("language", Kind.CHOICE, choices=tuple(Language)),
        Field("address", Kind.CHOICE, choices=tuple(FormOfAddress)),
        Field("knowledge", Kind.TEXT, limit=400_000),
        Field("escalation_phrase", Kind.TEXT, limit=1_000),
        Field("welcome", Kind.TEXT, limit=4_096),
        Field("ai_notice", Kind.TEXT, limit=4_096),
        Field("waiting_message", Kind.TEXT, limit=4_096),
        Field("waiting_seconds", Kind.NUMBER, limit=600),
        Field("pace", Kind.CHOICE, choices=tuple(Pace)),
        Field("pause_message", Kind.TEXT, limit=4_096),
        Field("retention_days", Kind.NUMBER, limit=36_500),
        Field("model", Kind.LINE, limit=100),
        Field("test_questions", Kind.LINES, limit=20),
    )
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
