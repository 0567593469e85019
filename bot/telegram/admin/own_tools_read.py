"""What an owner types about a tool of their own, read, or what to mend in it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.core.calls import Effect
from bot.core.declared import (
    HEADER,
    LONGEST_DESCRIPTION,
    OURS,
    SECRET,
    DeclaredTool,
    FieldKind,
    Method,
    bare,
)
from bot.core.declared_lines import NOTHING, Misread, read_address, read_fields, read_name
from bot.core.secrets import SHORTEST_SECRET
from bot.core.texts import LANGUAGES, say
from bot.core.texts.own_tools import OwnTools as Say
from bot.net.fence import Barred, Fenced, Perimeter

PARTS: Final[Mapping[str, Say]] = {  # in this order they are asked for; the header is asked later
    "name": Say.ASK_NAME,
    "does": Say.ASK_DOES,
    "address": Say.ASK_ADDRESS,
    "fields": Say.ASK_FIELDS,
    "header": Say.ASK_HEADER,
}
FIRST: Final = "name"
KINDS: Final[Mapping[FieldKind, Say]] = {
    FieldKind.TEXT: Say.KIND_TEXT,
    FieldKind.NUMBER: Say.KIND_NUMBER,
    FieldKind.DATE: Say.KIND_DATE,
    FieldKind.YES_NO: Say.KIND_YES_NO,
}
_EFFECTS: Final = {Method.GET: Effect.READ}  # until the owner says otherwise
_KINDS: Final = {
    say(text, language).lower(): kind for kind, text in KINDS.items() for language in LANGUAGES
} | {kind.value: kind for kind in FieldKind}
_FENCED: Final[Mapping[Barred, Say]] = {
    Barred.MALFORMED: Say.BAD_ADDRESS,
    Barred.CREDENTIALS: Say.CREDENTIALS,
    Barred.NOT_ENCRYPTED: Say.NOT_ENCRYPTED,
    Barred.PORT: Say.PORT,
    Barred.INSIDE: Say.INSIDE,
}


class Mend(Exception):
    """What to mend in what was typed."""

    def __init__(self, text: Say, **values: object) -> None:
        super().__init__(text)
        self.text = text
        self.values = values


@dataclass(frozen=True, slots=True)
class ToolReading:
    """`taken`: names that there are."""

    fence: Perimeter
    taken: Collection[str] = ()

    def read(self, part: str, text: str, said: Mapping[str, Any]) -> dict[str, Any]:
        """What was said before, with this part of it. Raises Mend."""
        reads = {
            "name": self._name,
            "does": _does,
            "address": self._address,
            "fields": _fields,
            "header": _header,
        }
        read = reads[part](text.strip())
        if part == "address" and said.get("method") != read["method"]:
            read["effect"] = _EFFECTS.get(Method(read["method"]), Effect.WRITE).value
        said = {**said, **read}
        if part in ("address", "fields") and "fields" in said:
            _fits(said)
        return said

    def _name(self, text: str) -> dict[str, Any]:
        name = read_name(text)
        if not name:
            raise Mend(Say.BAD_NAME)
        if name in self.taken:
            raise Mend(Say.NAME_TAKEN, name=name)
        return {"name": name}

    def _address(self, text: str) -> dict[str, Any]:
        method, address = read_address(text)
        try:
            self.fence.place(bare(address))
        except Fenced as error:
            raise Mend(_FENCED[error.why]) from None
        return {"method": method.value, "address": address}


def _does(text: str) -> dict[str, Any]:
    if not 0 < len(text) <= LONGEST_DESCRIPTION:
        raise Mend(Say.BAD_DOES, count=LONGEST_DESCRIPTION)
    return {"does": text}


def _fields(text: str) -> dict[str, Any]:
    try:
        fields = read_fields(text, _KINDS)
    except Misread as error:
        raise Mend(Say.BAD_LINE, line=str(error)[:100]) from None
    return {"fields": [field.model_dump(mode="json") for field in fields]}


def _header(text: str) -> dict[str, Any]:
    if text in NOTHING:
        return {"header": ""}
    if not HEADER.fullmatch(text) or text.lower() in OURS:
        raise Mend(Say.BAD_HEADER)
    return {"header": text}


def _fits(said: Mapping[str, Any]) -> None:
    unnamed = DeclaredTool.model_validate({"does": "", **said}).unnamed
    if unnamed:
        raise Mend(Say.UNNAMED, names=", ".join(unnamed))


def is_sendable(secret: str) -> bool:
    """Whether it can stand in a header, and be hidden where it is said."""
    return len(secret) >= SHORTEST_SECRET and bool(SECRET.fullmatch(secret))
