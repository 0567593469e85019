"""What the assistant can do: tools, as the engine knows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.core.calls import Effect, ToolDefinition
from tenants.hours import Hours
from tenants.profile import Profile


class Desk(Protocol):
    """What a tool may do with the company's own books, for the client of its turn.

    All of it may be done again under the same key, and is done once. It raises ToolError when the
    turn is over.
    """

    @property
    def request_fields(self) -> Sequence[str]:
        """What the company wants to know for a request."""

    async def take_request(self, fields: Sequence[tuple[str, str]], *, key: str) -> int:
        """Take a request down for the company's people; its number."""

    async def remember(self, name: str, value: str) -> bool:
        """Note something of the client. False: it knows too much, or somebody else noted it."""

    async def forget(self, name: str) -> bool:
        """Note it no more. False: somebody else noted it."""

    async def recall(self) -> Mapping[str, str]:
        """What is known of the client, by name."""


class Switchboard(Protocol):
    """What is done with phone calls, by the names that the phone stack gives them.

    Raises ToolError when nothing was done.
    """

    async def hang_up(self, call: str) -> None:
        """End a call; harmless if it is over. ToolError also when nobody knows whether it is."""

    async def transfer(self, call: str, extension: str) -> None:
        """Pass it on."""


class PhoneCall(Protocol):
    """What a tool may do with the phone call of its turn. Raises as `Switchboard` does."""

    @property
    def extensions(self) -> Mapping[str, str]:
        """To whom the company lets calls be passed on: names, by their numbers."""

    async def speak(self, words: str) -> None:
        """Say this now, once, and wait until it is spoken.

        Raises ToolError when the caller goes on speaking meanwhile, or has hung up.
        """

    async def hang_up(self) -> None:
        """End the call."""

    async def transfer(self, extension: str) -> None:
        """Pass it on."""


@dataclass(frozen=True, slots=True)
class ToolContext:
    """For whom and when a tool is called. Never made from what the model wrote.

    `tenant`: its short name. `chat`: our number of the chat. `language`: the client's, an IETF
    tag. `facts`: what the company knows of the client, by name. `key`: the same whenever this very
    call is made again, and no other's. `now`: in the company's zone. `seconds`: how long the call
    may last. `desk`: the company's books, where there are any. `hours`: when the company is open,
    if it says so. `phone`: the call that the client speaks in, if something can be done with
    it. `secrets`: those that the tool asks for, by name; it puts them there itself.
    """

    tenant: str
    chat: int
    language: str | None
    key: str
    now: datetime
    seconds: float
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)
    hours: Hours | None = None
    desk: Desk | None = None
    phone: PhoneCall | None = None
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


class Tool(Protocol):
    """A function that the model may call."""

    @property
    def definition(self) -> ToolDefinition:
        """What the model is told of it."""

    @property
    def effect(self) -> Effect:
        """Whether a call changes something."""

    @property
    def timeout(self) -> float:
        """Seconds that a call may last."""

    @property
    def confirm(self) -> bool:
        """Whether the client is asked before it is called."""

    @property
    def on_phone(self) -> bool:
        """Whether it is for phone calls alone, with which it does something."""

    @property
    def idempotent(self) -> bool:
        """Whether a call that is made again under its key does nothing more."""

    @property
    def probes(self) -> bool:
        """Whether it can find out if a call was carried out."""

    @property
    def host(self) -> str:
        """Whose system a company has it call, which may bring anybody's words; "" for none."""

    @property
    def secrets(self) -> Mapping[str, str]:
        """What it alone is given, by name; never logged."""

    def check(self, arguments: str) -> None:
        """Whether they fit. Raises ToolError; what fits is a JSON object."""

    async def call(self, context: ToolContext, arguments: str) -> str:
        """Carry it out; the output, as `bot.core.calls.write_output` writes it.

        Raises ToolError, with a sentence for the model, when nothing was done: the arguments do
        not fit, or the tool says so itself. Any other error leaves it unknown whether something
        was done; so does a cancellation.
        """

    async def probe(self, context: ToolContext, arguments: str) -> str | None:
        """The output of a call of which nobody knows whether it was carried out.

        None: it was not, and may be made. Raises what it likes when it cannot tell.
        """


class Toolbox(Protocol):
    """All tools of this process."""

    @property
    def declares(self) -> bool:
        """Whether companies may declare tools of their own."""

    def load(self) -> Mapping[str, Tool]:
        """Each by name, in the order of their names.

        The first time it may read files: not on the event loop. Raises ConfigError.
        """

    async def at(self, tenant: int) -> "Toolbox":
        """The same for one company: with what it has declared for itself."""

    def of(self, profile: Profile) -> Sequence[Tool]:
        """Those that an assistant may use, always in the same order."""

    def find(self, name: str) -> Tool | None:
        """The one of this name, whoever may use it; for calls that were written down earlier."""


class NoTools:
    """A toolbox with nothing in it."""

    declares = False

    def load(self) -> Mapping[str, Tool]:
        return {}

    async def at(self, tenant: int) -> Toolbox:
        return self

    def of(self, profile: Profile) -> Sequence[Tool]:
        return ()

    def find(self, name: str) -> Tool | None:
        return None
