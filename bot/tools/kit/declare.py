"""How a function is said to be a tool. It stays the function that it was: call it in a test."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeVar

Function = Callable[..., Any]
_F = TypeVar("_F", bound=Function)
_TERMS: Final = "__tool__"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What `tool` was told, unchecked: `bot.tools.kit.discovery` names what is wrong."""

    effect: str
    timeout: float
    confirm: bool | None
    idempotent: bool
    on_phone: bool
    probe: Function | None
    secrets: Sequence[str]
    titles: Mapping[str, Mapping[str, str]] | None


def tool(
    *,
    effect: Literal["read", "write"],
    timeout: float = 10.0,
    confirm: bool | None = None,
    idempotent: bool = False,
    on_phone: bool = False,
    probe: Function | None = None,
    secrets: Sequence[str] = (),
    titles: Mapping[str, Mapping[str, str]] | None = None,
) -> Callable[[_F], _F]:
    """Let assistants call a function.

    Its first parameter is a ToolContext, the others are the model's: annotated, each described by
    `Annotated[T, "..."]`. The docstring's first paragraph tells the model when to call it. A `def`
    is run in a thread.

    `effect`: "write" for what changes anything outside the conversation. `timeout`: seconds.
    `confirm`: whether the client is asked before; a write is, a read is not, unless this says so.
    `idempotent`: called again with the same `context.key` it does nothing more. `on_phone`: for
    phone calls alone, with which it does something: there is a `context.phone`. `probe`: a function
    with the same parameters that finds out whether a call was carried out: its result, else None.
    `secrets`: names in the environment, for `context.secrets`. `titles`: what clients read, by
    language, for the names of the function and of its parameters.
    """
    terms = Terms(
        effect=effect,
        timeout=timeout,
        confirm=confirm,
        idempotent=idempotent,
        on_phone=on_phone,
        probe=probe,
        secrets=secrets,
        titles=titles,
    )

    def declare(function: _F) -> _F:
        setattr(function, _TERMS, terms)
        return function

    return declare


def terms_of(value: object) -> Terms | None:
    """What was said of a function; None of what is no tool."""
    terms = getattr(value, _TERMS, None) if callable(value) else None
    return terms if isinstance(terms, Terms) else None
