"""Remember something of a client, or forget it."""

from typing import Annotated, Final

from pydantic import Field

from bot.core.labels import one_line
from bot.tools import ToolContext, ToolError, tool
from db.facts import LONGEST_VALUE

_LONGEST_NAME: Final = 40


@tool(effect="write", confirm=False, idempotent=True)
async def remember(
    context: ToolContext,
    name: Annotated[
        str, Field(min_length=1, max_length=_LONGEST_NAME), "What it is, such as favourite table."
    ],
    value: Annotated[
        str | None, Field(max_length=LONGEST_VALUE), "What to remember; null forgets it."
    ] = None,
) -> str:
    """Remember something lasting that the client says about themselves and that will help later.

    Nothing about health, beliefs or money, and no passwords, unless the client asks you to.
    """
    if context.desk is None:
        raise ToolError("Nothing can be remembered here.")
    name, value = one_line(name, _LONGEST_NAME), one_line(value or "", LONGEST_VALUE)
    if not name:
        raise ToolError("Say what it is, in a word or two.")
    if not value:
        if not await context.desk.forget(name):
            raise ToolError("The company noted this itself: say that a person can change it.")
        return "Forgotten."
    if not await context.desk.remember(name, value):
        raise ToolError("It cannot be remembered: too much is, or the company noted it itself.")
    return "Remembered."
