"""What a tool does with the company's books, while its turn lasts and after it."""

from dataclasses import replace

import pytest

from bot.core.calls import Status, write_output
from bot.errors import ToolError
from bot.ports import ToolContext
from bot.ports.tools import Desk as Books
from bot.tools.recall import recall
from bot.tools.remember import remember
from bot.turns.tool_desk import TurnDesk
from tests.fakes.channel import Client
from tests.fakes.model import calling, reply
from tests.fakes.tools import FakeTool, done
from tests.turns.acting import BOOK, has, serve, told
from tests.turns.desk import House


async def test_what_is_remembered_is_recalled_in_the_same_turn(house: House) -> None:
    async def does(context: ToolContext, _: str) -> str:
        await remember(context, "table", "by the window")
        known = await recall(context)
        return write_output(Status.SUCCESS, known["message"], remembered=known["remembered"])

    has(house, FakeTool("book", acts=does))
    await serve(house, calling(BOOK), reply("Fatto."))
    assert told(house)["call_1"]["remembered"] == {"table": "by the window"}


async def test_what_is_done_is_answered_to_the_tool(house: House) -> None:
    told: list[object] = []

    async def does(context: ToolContext, _: str) -> str:
        assert context.desk
        told.append(await context.desk.take_request([("Nome", "Anna")], key=context.key))
        told.append(await context.desk.remember("table", "by the window"))
        told.append(await context.desk.forget("table"))
        return done()

    has(house, FakeTool("book", acts=does))
    await serve(house, calling(BOOK), reply("Fatto."))
    assert told == [1, True, True]


async def test_the_companys_list_is_in_its_language(house: House) -> None:
    book = has(house, FakeTool("book"))
    await serve(house, calling(BOOK), reply("Fatto."))
    books = _of(book)
    assert [*books.request_fields][:2] == ["Nome", "Numero di telefono"]


async def test_whoever_tells_people_is_woken_while_the_turn_lasts(house: House) -> None:
    woken: list[str] = []

    async def does(context: ToolContext, _: str) -> str:
        assert isinstance(context.desk, TurnDesk)
        books = replace(context.desk, told=lambda: woken.append(context.key))
        await books.take_request([("Nome", "Anna")], key=context.key)
        return done()

    book = has(house, FakeTool("book", acts=does))
    await serve(house, calling(BOOK), reply("Fatto."))
    assert woken == [book.book[0][0]]


async def test_once_the_turn_is_over_nothing_is_written(house: House) -> None:
    book = has(house, FakeTool("book"))
    async with house.process() as desk:
        house.model.will(calling(BOOK), reply("Fatto."))
        await desk.answers(Client().writes("Un tavolo"))
        books = _of(book)
        with pytest.raises(ToolError, match="nothing was done"):
            await books.take_request([("Nome", "Anna")], key="another call")
        with pytest.raises(ToolError, match="nothing was done"):
            await books.remember("table", "outside")
        assert await books.recall() == {}


def _of(tool: FakeTool) -> Books:
    books = tool.contexts[0].desk
    assert books is not None
    return books
