"""A tool as a company declares it in /configure: an address, and what is filled in. Pure."""

import json
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, Literal
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, ConfigDict

from bot.core.calls import Effect

NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
HEADER: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
SECRET: Final = re.compile(r"[!-~](?:[ -~]{0,2000}[!-~])?")
MOST_FIELDS: Final = 12
LONGEST_DESCRIPTION: Final = 500
LONGEST_VALUE: Final = 1_000  # of what the model fills in
_PLACE: Final = re.compile(r"\{([a-z][a-z0-9_]{0,39})\}")
# What says how a call is sent is ours to say.
OURS: Final = frozenset(
    {"host", "connection", "content-length", "content-type", "transfer-encoding", "te", "trailer"}
    | {"upgrade", "expect", "accept-encoding", "idempotency-key", "user-agent"}
)


class Method(StrEnum):
    """How an address is called."""

    GET = "GET"
    POST = "POST"
    PUT = "PUT"
    DELETE = "DELETE"

    @property
    def carries(self) -> bool:
        """Whether what is not in the address goes along as JSON, and not behind the address."""
        return self in (Method.POST, Method.PUT)


class FieldKind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes-no"


# What one tap makes of a tool: the state that is wanted, however often it is tapped.
TURNS: Final[Mapping[str, Mapping[str, Any]]] = {
    "reads": {"effect": Effect.READ},
    "changes": {"effect": Effect.WRITE},
    "asks": {"confirm": True},
    "asks-not": {"confirm": False},
    "again": {"idempotent": True},
    "again-not": {"idempotent": False},
}


class Unfit(ValueError):
    """A value that cannot stand where it would have to; the text names the field."""


class DeclaredField(BaseModel):
    """What the model fills in."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    kind: FieldKind
    required: bool = True
    does: str = ""


class DeclaredTool(BaseModel):
    """`address`: a URL with fields in braces. `header`: that of the secret; "": there is none."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: Literal["http"] = "http"
    does: str
    method: Method = Method.GET
    address: str
    fields: tuple[DeclaredField, ...] = ()
    header: str = ""
    effect: Effect = Effect.READ
    confirm: bool = True
    idempotent: bool = False

    @property
    def host(self) -> str:
        """Whose address it is."""
        return urlsplit(self.address).hostname or ""

    @property
    def goes_to(self) -> tuple[str, str, str]:
        """What a secret is given for: where, and in which header."""
        parts = urlsplit(self.address)
        return parts.scheme, parts.netloc.lower(), self.header.lower()

    @property
    def changes(self) -> bool:
        """Whether a call changes something."""
        return self.effect is Effect.WRITE

    def turned(self, how: str) -> "DeclaredTool":
        """The same as one of TURNS has it."""
        return self.model_copy(update=TURNS[how])

    @property
    def asks_first(self) -> bool:
        """Whether the client is asked before it is called."""
        return self.changes and self.confirm

    @property
    def unnamed(self) -> Sequence[str]:
        """What the address has in braces and no field is called."""
        known = {field.name for field in self.fields}
        return [name for name in _PLACE.findall(self.address) if name not in known]


def bare(address: str) -> str:
    """An address as it is judged before anything is filled in; "" where braces stand wrongly."""
    beginning = re.match(r"[A-Za-z]+://[^/?#]*", address)
    filled = _PLACE.sub("0", address)
    wrong = beginning and "{" in beginning[0]
    return "" if wrong or "{" in filled or "}" in filled or "#" in filled else filled


def filled(tool: DeclaredTool, values: Mapping[str, Any]) -> tuple[str, bytes | None]:
    """The address and the body of a call; what is not in `values` was left out. Raises Unfit."""
    values = {name: _whole(value) for name, value in values.items()}
    path, mark, query = tool.address.partition("?")
    inside = {*_PLACE.findall(tool.address)}
    for name, value in values.items():
        if len(_written(value)) > LONGEST_VALUE:
            raise Unfit(f"{name} is too long")
    address = _PLACE.sub(lambda match: _in_path(match[1], values), path)
    if mark:
        address += mark + _PLACE.sub(lambda match: _encoded(values.get(match[1])), query)
    rest = {name: value for name, value in values.items() if name not in inside}
    if tool.method.carries:
        return address, json.dumps(rest, default=_written, ensure_ascii=False).encode()
    if rest:
        said = "&".join(f"{name}={_encoded(value)}" for name, value in rest.items())
        address += f"{'&' if query else '' if mark else '?'}{said}"
    return address, None


def _whole(value: Any) -> Any:
    """A number as most systems want it: 4, and not 4.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _in_path(name: str, values: Mapping[str, Any]) -> str:
    """Nothing that leads out of where it stands."""
    text = _written(values.get(name))
    if not text or re.fullmatch(r"\.+", text) or re.search(r"[/\\\x00-\x1f\x7f%]", text):
        raise Unfit(f"{name} cannot stand in the address: it must be plain words or a number")
    return quote(text, safe="")


def _encoded(value: Any) -> str:
    return quote(_written(value), safe="")


def _written(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value.encode(errors="replace").decode()
        case _ if hasattr(value, "isoformat"):
            return str(value.isoformat())
    return str(value)
