"""A company's own address as a tool: called with what the model wrote, answered as it is told."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from inspect import Parameter
from typing import Annotated, Any, ClassVar, Final

from pydantic import Field

from bot.core.calls import Effect, ToolDefinition
from bot.core.declared import LONGEST_VALUE, DeclaredField, DeclaredTool, FieldKind, Unfit, filled
from bot.core.json_text import to_json
from bot.errors import ToolError
from bot.net.outside import NoReply, Outbound, OutsideReply, Unreached
from bot.ports.tools import ToolContext
from bot.tools.kit.arguments import read_arguments
from bot.tools.kit.results import hide, output_of
from bot.tools.kit.schema import Parameters, parameters_of

TIMEOUT_SECONDS: Final = 10.0
MOST_BYTES: Final = 65_536  # of an answer; the model is told less
_QUOTED: Final = 500  # characters of a refusal
_TYPES: Final[Mapping[FieldKind, Any]] = {
    FieldKind.TEXT: Annotated[str, Field(max_length=LONGEST_VALUE)],
    FieldKind.NUMBER: float,
    FieldKind.DATE: date,
    FieldKind.YES_NO: bool,
}
_NOT_SET_UP: Final = "This is not set up: the company has to give its key anew. Go on without it."
_NO_ANSWER: Final = "It did not answer. Go on without it."


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpTool:
    """A `bot.ports.tools.Tool`. `lost`: there is a secret, and no key opens it."""

    definition: ToolDefinition
    declared: DeclaredTool
    parameters: Parameters
    outside: Outbound
    secrets: Mapping[str, str] = field(repr=False)  # by the header
    lost: bool = False
    timeout: ClassVar[float] = TIMEOUT_SECONDS
    probes: ClassVar[bool] = False
    on_phone: ClassVar[bool] = False

    @property
    def effect(self) -> Effect:
        """Whether a call changes something."""
        return self.declared.effect

    @property
    def host(self) -> str:
        """Whose system is called."""
        return self.declared.host

    @property
    def confirm(self) -> bool:
        """Whether the client is asked before it is called."""
        return self.declared.asks_first

    @property
    def idempotent(self) -> bool:
        """Whether a call that is made again under its key does nothing more."""
        return self.declared.changes and self.declared.idempotent

    def check(self, arguments: str) -> None:
        """Raises ToolError where they do not fit."""
        self._filled(arguments)

    async def call(self, context: ToolContext, arguments: str) -> str:
        """Call the address; the output. Raises ToolError when nothing was done.

        Raises NoReply where nobody knows whether something was.
        """
        url, body = self._filled(arguments)
        if self.lost:
            raise ToolError(_NOT_SET_UP)
        try:
            reply = await self.outside.ask(
                self.declared.method,
                url,
                headers=self._headers(context.key),
                body=body,
                seconds=min(context.seconds, self.timeout),
                most=MOST_BYTES,
            )
        except Unreached as error:
            raise ToolError(f"Nothing was done: {error}. Go on without it.") from None
        except NoReply:
            if self.effect is Effect.WRITE:
                raise
            raise ToolError(_NO_ANSWER) from None
        return self._hide(self._told(reply))

    async def probe(self, context: ToolContext, arguments: str) -> str | None:
        """There is no way to find out."""
        raise TypeError(f"{self.definition.name} has no probe")

    def _filled(self, arguments: str) -> tuple[str, bytes | None]:
        try:
            return filled(self.declared, read_arguments(self.parameters, arguments))
        except Unfit as error:
            raise ToolError(f"Nothing was done: {error}. Mend it and call again.") from None

    def _headers(self, key: str) -> Mapping[str, str]:
        headers = {"Accept": "application/json, text/plain;q=0.5, */*;q=0.1"}
        if self.declared.method.carries:
            headers["Content-Type"] = "application/json"
        if self.idempotent:
            headers["Idempotency-Key"] = key
        return {**headers, **self.secrets}

    def _told(self, reply: OutsideReply) -> str:
        status, read = reply.status, _read(self._hide(reply.text), whole=not reply.cut)
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return output_of(read)
        refused = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
        if self.effect is Effect.WRITE and (not refused or status == HTTPStatus.REQUEST_TIMEOUT):
            raise NoReply(f"status {status}")
        said = self._hide(read if isinstance(read, str) else to_json(read))
        said = " ".join(said[:_QUOTED].split())
        told = f"It was refused ({status}): {said}" if refused else f"It failed ({status}): {said}"
        raise ToolError(told.rstrip(" :"))

    def _hide(self, text: str) -> str:
        return hide(text, self.secrets.values())


def http_tool(
    name: str, declared: DeclaredTool, outside: Outbound, *, secret: str | None, lost: bool = False
) -> HttpTool:
    """The tool that a company declares."""
    parameters = parameters_of(name, [_parameter(one) for one in declared.fields])
    return HttpTool(
        definition=ToolDefinition(name, declared.does, parameters.schema),
        declared=declared,
        parameters=parameters,
        outside=outside,
        secrets={declared.header: secret} if secret and declared.header else {},
        lost=lost,
    )


def _parameter(declared: DeclaredField) -> Parameter:
    kind = _TYPES[declared.kind]
    return Parameter(
        declared.name,
        Parameter.KEYWORD_ONLY,
        annotation=Annotated[kind, declared.does] if declared.does else kind,
        default=Parameter.empty if declared.required else None,
    )


def _read(text: str, *, whole: bool) -> str | dict[str, Any]:
    """As JSON, if it is some; else as it is."""
    try:
        read = json.loads(text) if whole else None
    except (ValueError, RecursionError):
        read = None
    if read is None:
        return text
    return read if isinstance(read, dict) else {"answer": read}
