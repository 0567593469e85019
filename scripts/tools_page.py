"""Write docs/reference/tools.md from the decorator, the context and Sportello's own tools."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from bot.core.calls import ARGUMENTS_CHARACTERS, RESULT_BYTES, TURN_SECONDS
from bot.tools import ToolContext, tool
from bot.tools.kit import schema
from bot.tools.kit.discovery import discover
from bot.tools.kit.function import FunctionTool

PAGE: Final = Path(__file__).parents[1] / "docs" / "reference" / "tools.md"
_FIELD: Final = re.compile(r"(?<!\w)`(\w+)`: (.*?)(?=(?:\.|;) `\w+`: |\.?\Z)", re.DOTALL)

HEAD = """\
# Tools

What an assistant can look up or do: the functions in Sportello's own `bot/tools/` and in the folder
that [`TOOLS_DIR`](settings.md) names. An assistant has those that its profile names in
[`tools`](fields.md), and none at first. How to write one:
[write a tool](../how-to/write-a-tool.md).

This page is made from `bot/tools/` and `bot/ports/tools.py` by `make docs`.

## What Sportello brings

| tool | what the model is told | effect | asks the client first | parameters |
|---|---|---|---|---|
"""

TERMS = """
## `@tool(...)`

| term | default | what it says |
|---|---|---|
"""

CONTEXT = """
## `ToolContext`

The first parameter. The model sees nothing of it and writes nothing into it.

| field | type | what it holds |
|---|---|---|
"""

TYPES = """
## Types of parameters

Allowed are `str`, `int`, `float`, `bool`, `date`, `time`, `datetime`, `timedelta`, `UUID`,
`Decimal`, `Literal`, enums, pydantic models, lists and sets of these, unions of these, also
discriminated ones, and `X | None`. `Annotated[T, "..."]` describes a parameter; bounds of
pydantic's `Field` count. Lengths and patterns, which the API may refuse, are said to the model in
words and checked here. A parameter with a default may be null for the model: then the function
has its own default.

| refused | why, and what to use |
|---|---|
"""

LIMITS = """
## Limits and results

- A name has at most 64 of `a-z`, `A-Z`, `0-9` and `_`. A call may take {seconds:g} seconds at most.
- Arguments of more than {arguments:,} characters, broken JSON, other keys, other types call
  nothing: the model is told what to mend, with at most 200 characters of what it wrote.
- What comes back is a dict or a text: `{{"data": {{"status": "success", "message": ...}}}}` is
  made of it. A dict with a `status` of `success` or `failure` is taken at its word. More than
  {result:,} bytes are cut, and say so.
- `ToolError` says that nothing was done, and in a sentence to the model what to do now. After any
  other error nobody knows: a call that only looks something up has failed, one that writes is in
  doubt.
- A secret never reaches the model: in a result or a `ToolError` it becomes `•••`.
"""

REFUSED: Final[Mapping[str, str]] = {
    "`dict`": schema.DICT,
    "`tuple[A, B]`, a `NamedTuple`": schema.TUPLE,
    "`Any`, `object`, `list` alone": schema.ANY,
    "`bytes`": schema.BYTES,
    "anything else": schema.UNREAD,
    "more than 10 levels, or than 1,000 values to choose from": schema.BIG,
    "`*args`, `**kwargs`": "each parameter must have a name",
}


def render() -> str:
    """The whole page."""
    own = (_own(one) for one in discover(None, {}).tools.values())
    refused = (_row(what, why) for what, why in REFUSED.items())
    limits = LIMITS.format(
        seconds=TURN_SECONDS, arguments=ARGUMENTS_CHARACTERS, result=RESULT_BYTES
    )
    parts = (HEAD, *own, TERMS, *_terms(), CONTEXT, *_context(), TYPES, *refused, limits)
    return "".join(parts)


def _own(tool: FunctionTool) -> str:
    told = tool.definition
    named = ", ".join(f"`{name}`" for name in told.parameters["properties"])
    asks = "yes" if tool.confirm else "no"
    return _row(f"`{told.name}`", told.description, tool.effect, asks, named or "-")


def _terms() -> Iterator[str]:
    said = _said(tool)
    for name, parameter in inspect.signature(tool).parameters.items():
        given = parameter.default is not inspect.Parameter.empty
        yield _row(f"`{name}`", f"`{parameter.default!r}`" if given else "-", said[name])


def _context() -> Iterator[str]:
    said = _said(ToolContext)
    for one in fields(ToolContext):
        kind = one.type if isinstance(one.type, str) else inspect.formatannotation(one.type)
        shown = re.sub(r"\b[a-z_]+(\.[a-z_]+)*\.(?=\w)", "", kind).replace("|", "\\|")
        yield _row(f"`{one.name}`", f"`{shown}`", said[one.name])


def _said(documented: Callable[..., Any]) -> Mapping[str, str]:
    """What its docstring says of each name: "`name`: ..."."""
    text = " ".join((inspect.getdoc(documented) or "").split())
    return {name: words.rstrip(".") for name, words in _FIELD.findall(text)}


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
