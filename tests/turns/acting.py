"""What tests of calls have in common."""

import json
from typing import Any

from sqlalchemy import text

from bot.core.calls import Call
from bot.ports import ToolContext
from tests.fakes.channel import Client
from tests.fakes.model import calling, reply
from tests.fakes.tools import FakeTool
from tests.turns.desk import Desk, House

FOUR = '{"what": "four"}'
BOOK = Call("call_1", "book", FOUR)
READ = Call("call_1", "look", FOUR)
LAST = "Prenotato."  # of the turn, behind its calls


def another(call: Call, number: int, **fields: Any) -> Call:
    made = {"name": call.name, "arguments": call.arguments, **fields}
    return Call(f"call_{number}", **made)


def has(house: House, *tools: FakeTool) -> FakeTool:
    house.toolbox.tools.extend(tools)
    return tools[0]


def said(house: House) -> list[str]:
    return [bubble for bubble in house.channel.texts() if bubble != "Sono una IA."]


def told(house: House, asked: int = -1) -> dict[str, Any]:
    """The outputs that a request brings, by their calls."""
    return {one.call_id: json.loads(one.text)["data"] for one in house.model.asked[asked].outputs}


async def serve(house: House, *scripts: Any, seconds: float = 30.0) -> Desk:
    house.model.will(*scripts)
    async with house.process() as desk:
        await desk.answers(Client().writes("Un tavolo"), seconds=seconds)
    return desk


async def rows(house: House, columns: str = "state") -> list[Any]:
    query = text(f"SELECT {columns} FROM calls ORDER BY id")  # noqa: S608 - a test's own words
    found = await house.database.read(lambda connection: connection.execute(query).all())
    return [row[0] if len(row) == 1 else tuple(row) for row in found]


async def in_t8(house: House, tool: FakeTool, *, call: Any = BOOK) -> FakeTool:
    """The tool was called, and the process died while it was at work."""

    async def hangs(_: ToolContext, __: str) -> str:
        await house.hangs()
        return ""

    tool.acts = hangs
    house.toolbox.tools = [tool]
    house.model.will(calling(call))
    async with house.process() as desk:
        await desk.answers(Client().writes("Un tavolo"), seconds=5)
        await desk.dies()
    assert await rows(house) == ["running"]
    tool.acts = None
    return tool


async def comes_back(house: House, *script: Any) -> Desk:
    house.model.will(*script)
    async with house.process() as desk:
        await desk.runs(120)
    return desk


def last() -> list[Any]:
    return reply(LAST, response_id="resp_2")
