"""docs/reference/fields.md tells of each field, with the limits that count."""

import re
from pathlib import Path

from tenants.fields import FIELDS, Kind
from tenants.profile import Persona, Profile, Source

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "fields.md"
ROW = re.compile(r"^\| `(?P<name>\w+)` \|(?P<rest>.*)\|$", re.MULTILINE)


def rows() -> dict[str, str]:
    return {row["name"]: row["rest"] for row in ROW.finditer(PAGE.read_text("utf-8"))}


def test_each_field_is_told_of() -> None:
    assert set(rows()) == Profile.model_fields.keys() | Source.model_fields.keys()


def test_the_limits_are_those_that_count() -> None:
    told = rows()
    for name, asked in FIELDS.items():
        if asked.kind is not Kind.CHOICE:
            limit = "a message" if asked.limit == 4_096 else f"{asked.limit:,}"
            assert limit in told[name], name


def test_every_choice_is_told() -> None:
    told = rows()
    for name, asked in FIELDS.items():
        assert all(f"`{choice}`" in told[name] for choice in asked.choices)


def test_what_is_no_private_assistants_is_told() -> None:
    end = PAGE.read_text("utf-8").split("## Private assistants")[1]
    assert all(f"`{name}`" in end for name in Profile.model_fields.keys() - Persona.model_fields)
