"""What an answer says of itself, from the model to the turn's row."""

from dataclasses import replace

import pytest

from bot.errors import InDoubt
from bot.ports import AnswerState, Began, BubbleClosed
from db.records import Outcome, Stated
from tenants.profile import Source
from tenants.prompt import escalations
from tests.fakes.channel import Client
from tests.fakes.model import answer, reply
from tests.turns.desk import PROFILE, Desk, House

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


@pytest.mark.parametrize("language", ["it", "ru"])
async def test_the_phrase_means_unknown_in_each_language_whatever_the_answer_says(
    house: House, language: str
) -> None:
    house.profile = PROFILE.changed({"escalation_phrase": None})
    house.model.will(reply(f"*{escalations(house.profile)[language]}*"))
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))
        assert await stated(desk) == Stated(Outcome.UNKNOWN)


async def test_a_promise_is_noted_and_counted_also_where_it_was_said_before_a_crash(
    house: House,
) -> None:
    house.model.will([Began("resp_1"), BubbleClosed("La richiameremo."), InDoubt("cut")])
    house.model.stored["resp_1"] = answer(state=AnswerState.FAILED)
    house.model.will(reply("A presto!", response_id="resp_2"))
    async with house.process() as desk:
        await desk.answers(Client().writes("?"), seconds=60)
        assert (await stated(desk)).promised
    assert desk.telemetry.count("promised") == 1


async def test_only_sources_that_there_are_count(house: House) -> None:
    found = Stated(sources=("Listino", "Internet"))
    house.profile = PROFILE.model_copy(update={"sources": (Source(name="Listino", text="1 €"),)})
    house.model.will([Began("resp_1"), BubbleClosed("Un euro."), answer("Un euro.", stated=found)])
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))
        assert await stated(desk) == Stated(sources=("Listino",))
