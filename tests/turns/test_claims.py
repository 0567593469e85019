"""A bubble that says that something is done is counted where nothing had been."""

import pytest
from sqlalchemy import text

from bot.core.calls import Effect
from bot.errors import ToolError
from bot.ports import ToolContext
from tests.fakes.channel import Client
from tests.fakes.model import calling, reply
from tests.fakes.tools import FakeTool
from tests.turns.acting import BOOK, has, said
from tests.turns.desk import Desk, House

CLAIM = "Le ho prenotato un tavolo."


async def claimed(house: House) -> list[bool]:
    query = text("SELECT claimed FROM turns ORDER BY id")
    return [
        bool(one) for one in await house.database.read(lambda c: c.execute(query).scalars().all())
    ]


async def answers(house: House, desk: Desk, anna: Client, *bubbles: str, number: int = 9) -> None:
    house.model.will(reply(*bubbles, response_id=f"resp_{number}"))
    await desk.answers(anna.writes("Un tavolo"))


async def test_what_nobody_did_is_counted_and_said_all_the_same(house: House) -> None:
    async with house.process() as desk:
        await answers(house, desk, Client(), "Certo.", CLAIM)
        script = await desk.transcript()
    assert said(house) == ["Certo.", CLAIM]
    assert desk.telemetry.count("claimed") == 1
    assert [turn.stated.claimed for turn in script.turns] == [True]


async def test_what_was_done_in_this_turn_or_before_it_is_not(house: House) -> None:
    has(house, FakeTool("book"))
    anna = Client()
    async with house.process() as desk:
        house.model.will(calling(BOOK))
        await answers(house, desk, anna, CLAIM, number=2)
        await answers(house, desk, anna, CLAIM, number=3)
    assert await claimed(house) == [False, False]


@pytest.mark.parametrize("effect", Effect)
async def test_a_look_or_a_write_that_did_nothing_is_no_deed(house: House, effect: Effect) -> None:
    async def refuses(_: ToolContext, __: str) -> str:
        raise ToolError("No table is free.")

    acts = refuses if effect is Effect.WRITE else None
    has(house, FakeTool("book", effect, acts=acts))
    house.model.will(calling(BOOK))
    async with house.process() as desk:
        await answers(house, desk, Client(), CLAIM, number=2)
    assert await claimed(house) == [True]


async def test_another_chats_deed_is_none_of_this_one(house: House) -> None:
    has(house, FakeTool("book"))
    async with house.process() as desk:
        house.model.will(calling(BOOK))
        await answers(house, desk, Client(), CLAIM, number=2)
        await answers(house, desk, Client(chat_id=2), CLAIM, number=3)
    assert await claimed(house) == [False, True]
