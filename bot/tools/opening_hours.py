"""When the company is open on a date."""

from datetime import date
from typing import Annotated, Any

from bot.tools import ToolContext, ToolError, tool
from bot.turns.open_now import open_on
from tenants.hours import HOUR_MINUTES, WHOLE


@tool(effect="read")
async def opening_hours(
    context: ToolContext, day: Annotated[date | None, "The date; null is today."] = None
) -> dict[str, Any]:
    """When the company is open on a date: holidays and other days that differ are known.

    An end that is not later than its beginning is on the next day.
    """
    day = day or context.now.date()
    spans = open_on(context.hours, day) if context.hours else None
    if spans is None:
        raise ToolError("The company does not say when it is open: do not guess.")
    told = {"day": f"{day:%A}, {day.isoformat()}", "message": "Open." if spans else "Closed."}
    if spans == (WHOLE,):
        return {**told, "message": "Open day and night."}
    return {**told, "open": [f"{_time(one.start)}-{_time(one.end)}" for one in spans]}


def _time(minutes: int) -> str:
    return f"{minutes // HOUR_MINUTES:02}:{minutes % HOUR_MINUTES:02}"
