"""When a table is free."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from bot.tools import ToolContext, ToolError, tool

from ._calendar import SEATS, free


@tool(effect="read")
def free_tables(
    context: ToolContext,
    day: Annotated[date, "The day that the client wants."],
    people: Annotated[int, Field(ge=1), "How many come."] = 2,
) -> dict[str, Any]:
    """Look up at what times a table is free on a day. Look before you offer a time."""
    if people > SEATS:
        raise ToolError(f"A table has {SEATS} seats: offer to book several, or to call.")
    if day < context.now.date():
        raise ToolError("That day is over: ask for another.")
    return {"free": [f"{one:%H:%M}" for one in free(day)]}
