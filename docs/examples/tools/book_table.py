"""Book a table."""

from datetime import date, time
from typing import Annotated

from pydantic import Field

from bot.tools import ToolContext, ToolError, tool

from ._calendar import SEATS, book, booked


def is_booked(context: ToolContext, day: date, at: time, people: int, name: str) -> str | None:
    """Whether this very call was carried out, when nobody knows: by its key."""
    return "Booked." if booked(context.key) else None


@tool(
    effect="write",
    idempotent=True,
    probe=is_booked,
    titles={
        "it": {
            "book_table": "Prenotare un tavolo",
            **{"day": "giorno", "at": "ora", "people": "persone", "name": "nome"},
        },
        "ru": {
            "book_table": "Забронировать столик",
            **{"day": "день", "at": "время", "people": "гостей", "name": "имя"},
        },
    },
)
def book_table(
    context: ToolContext,
    day: Annotated[date, "The day that the client wants."],
    at: Annotated[time, "When, such as 20:30."],
    people: Annotated[int, Field(ge=1, le=SEATS), "How many come."],
    name: Annotated[str, Field(max_length=60), "For whom, as the client said it."],
) -> str:
    """Book a table, once the client has said day, time, how many come, and a name."""
    at = at.replace(second=0, microsecond=0, tzinfo=None)
    if not book(context.key, day, at, people=people, name=name):
        raise ToolError("No table is free then: look up the free ones, and offer them.")
    return f"Booked: {day} at {at:%H:%M}, {people} people, {name}."
