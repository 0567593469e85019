"""Take down what a client asks the company to do; its people are told at once."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from bot.tools import ToolContext, ToolError, tool


class Detail(BaseModel):
    """What the client said to one of the things that the company asks for."""

    asked: Annotated[str, Field(max_length=60, description="As `request_fields` names it.")]
    answer: Annotated[str, Field(max_length=300, description="In the client's own words.")]


@tool(effect="write", confirm=True, idempotent=True)
async def take_request(context: ToolContext, details: list[Detail]) -> dict[str, Any]:
    """Pass on what the client asks the company to do, once all that `request_fields` names is said.

    A person of the company reads it and does it: nothing is booked or promised yet.
    """
    if context.desk is None:
        raise ToolError("No requests are taken here: say how to reach the company.")
    said = {_plain(one.asked): one.answer.strip() for one in details if one.answer.strip()}
    wanted = context.desk.request_fields
    if missing := [name for name in wanted if _plain(name) not in said]:
        raise ToolError(f"Still missing: {'; '.join(missing)}. Ask for {missing[0]} now.")
    fields = [(name, said[_plain(name)]) for name in wanted]
    number = await context.desk.take_request(fields, key=context.key)
    if number is None:
        return {"message": "This is a trial: nobody was told."}
    return {"message": "Passed on to the company. A person will see to it.", "number": number}


def _plain(name: str) -> str:
    return " ".join(name.casefold().split()).rstrip(":?.")
