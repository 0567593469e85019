"""Take down what a client asks the company to do; its people are told at once."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from bot.tools import ToolContext, ToolError, tool
from db.bounds import LONGEST_LABEL, LONGEST_VALUE, MOST_FIELDS


class Detail(BaseModel):
    """What the client said to one of the things that the company asks for."""

    asked: Annotated[
        str, Field(max_length=LONGEST_LABEL, description="As `request_fields` names it.")
    ]
    answer: Annotated[
        str, Field(max_length=LONGEST_VALUE, description="In the client's own words.")
    ]


Details = Annotated[list[Detail], Field(max_length=MOST_FIELDS)]


@tool(effect="write", confirm=True, idempotent=True)
async def take_request(context: ToolContext, details: Details) -> dict[str, Any]:
    """Pass on what the client asks the company to do, once all that `request_fields` names is said.

    A person of the company reads it and does it: nothing is booked or promised yet.
    """
    if context.desk is None:
        raise ToolError("No requests are taken here: say how to reach the company.")
    told = [(one.asked.strip(), one.answer.strip()) for one in details if one.answer.strip()]
    said, wanted = {_plain(name): answer for name, answer in told}, context.desk.request_fields
    if missing := [name for name in wanted if _plain(name) not in said]:
        raise ToolError(f"Still missing: {'; '.join(missing)}. Ask for {missing[0]} now.")
    fields = [(name, said.pop(_plain(name))) for name in wanted]
    # What else the client confirmed is passed on, too.
    fields += [(name, answer) for name, answer in told if _plain(name) in said]
    await context.desk.take_request(fields, key=context.key)
    return {"message": "Passed on to the company. A person will see to it."}


def _plain(name: str) -> str:
    return " ".join(name.casefold().split()).rstrip(":?.")
