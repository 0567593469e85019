"""What an answer says of itself, from the model to the turn's row."""

from dataclasses import replace

from bot.ports import Began, BubbleClosed
from db.records import Outcome, Stated
from tests.fakes.channel import Client
from tests.fakes.model import answer
from tests.turns.desk import Desk, House

STATED = Stated(Outcome.ASKED, about="Una camera", buttons=("Sì", "No"))


async def stated(desk: Desk) -> Stated:
    """Of the only turn."""
    (turn,) = (await desk.transcript()).turns
    return turn.stated


async def test_it_is_recorded(house: House) -> None:
    house.model.will([Began("resp_1"), BubbleClosed("Ok?"), answer("Ok?", stated=STATED)])
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))
        assert await stated(desk) == STATED


async def test_it_is_fetched_with_the_answer_after_a_crash(house: House) -> None:
    house.model.will([Began("resp_1"), house.hangs])
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))
        await desk.dies()
    house.model.stored["resp_1"] = answer("Ok?", stated=STATED)
    async with house.process() as desk:
        await desk.runs(120)
        assert await stated(desk) == STATED


async def test_it_is_found_with_the_answer_in_the_conversation(house: House) -> None:
    house.model.will([house.hangs])
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))
        await desk.dies()
    house.model.remembers("conv_1", "?", "Ok?")
    items = house.model.items["conv_1"]
    items[-1] = replace(items[-1], stated=STATED)
    async with house.process() as desk:
        await desk.runs(120)
        assert await stated(desk) == STATED
