"""What an owner types about a tool, line by line. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from bot.core.declared import (
    LONGEST_DESCRIPTION,
    MOST_FIELDS,
    NAME,
    DeclaredField,
    FieldKind,
    Method,
)

NOTHING: Final = frozenset({"-", "–", "—"})
_FIELD: Final = re.compile(r"(\w+)\s*(\?)?\s*[:=]\s*([^,;]+?)\s*(?:[,;]\s*(.*))?")
_VALUE: Final = re.compile(r"(\w+)\s*[:=]\s*(.*)")
_NUMBER: Final = re.compile(r"-?\d+(?:[.,]\d+)?")


class Misread(ValueError):
    """A line that cannot be read: its text is the line."""


def read_name(text: str) -> str:
    """As the model may know it; "" where the text makes no name."""
    name = re.sub(r"[\s-]+", "_", text.strip().lower())
    return name if NAME.fullmatch(name) else ""


def read_address(text: str) -> tuple[Method, str]:
    """An address, and how it is called, where a word before it says so."""
    word, _, rest = text.strip().partition(" ")
    if word.upper() in tuple(Method):
        return Method(word.upper()), rest.strip()
    return Method.GET, text.strip()


def read_fields(text: str, kinds: Mapping[str, FieldKind]) -> tuple[DeclaredField, ...]:
    """One a line: `name: kind, what it is`; with `?` behind the name it may be left out.

    `kinds`: by what they are called, in any language. Raises Misread.
    """
    if text.strip() in NOTHING:
        return ()
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    fields = tuple(_field(line, kinds) for line in lines)
    for number, one in enumerate(fields):
        if number >= MOST_FIELDS or one.name in {other.name for other in fields[:number]}:
            raise Misread(lines[number])
    return fields


def _field(line: str, kinds: Mapping[str, FieldKind]) -> DeclaredField:
    found = _FIELD.fullmatch(line)
    kind = kinds.get(found[3].lower()) if found else None
    does = (found[4] or "").strip() if found else ""
    if found is None or kind is None or len(does) > LONGEST_DESCRIPTION:
        raise Misread(line)
    if not (name := read_name(found[1])):
        raise Misread(line)
    return DeclaredField(name=name, kind=kind, required=not found[2], does=does)


def read_values(
    text: str, fields: Sequence[DeclaredField], yes: Collection[str]
) -> dict[str, object]:
    """Values to try a tool with, `name: value` a line. Raises Misread.

    `yes`: the words for it, in any language.
    """
    kinds = {field.name: field.kind for field in fields}
    values: dict[str, object] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        found = _VALUE.fullmatch(line)
        name = read_name(found[1]) if found else ""
        if found is None or name not in kinds:
            raise Misread(line)
        values[name] = _value(found[2].strip(), kinds[name], yes, line)
    return values


def _value(text: str, kind: FieldKind, yes: Collection[str], line: str) -> object:
    if kind is FieldKind.NUMBER:
        if not _NUMBER.fullmatch(text):
            raise Misread(line)
        return float(text.replace(",", "."))
    return text.lower() in yes if kind is FieldKind.YES_NO else text
