"""However much the model says, a client gets a reply that can be read, and the chat goes on."""

from dataclasses import replace

import pytest

from bot.ports import Began, BubbleClosed, Speaking
from db.records import CUT, Outcome, Stated, TurnState
from tests.fakes.channel import Client
from tests.fakes.model import answer, reply
from tests.turns.desk import LIMITS, House, rules

NUMBERS = [f"{number}." for number in range(50)]


def bubbles(house: House) -> list[str]:
    return [text for text in house.channel.texts() if text != "Sono una IA."]


async def test_what_is_beyond_the_bubbles_of_a_turn_is_not_said(house: House) -> None:
    stated = Stated(Outcome.ANSWERED)
    house.model.will([*reply(*NUMBERS)[:-1], answer(*NUMBERS, stated=stated)])
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))
        (turn,) = (await desk.transcript()).turns
    assert bubbles(house) == NUMBERS[:8]
    assert (turn.state, turn.cause, turn.output_tokens) == (TurnState.DONE, CUT, 20)
    assert turn.stated == stated


async def test_as_many_bubbles_as_there_may_be_are_a_whole_reply(house: House) -> None:
    house.model.will(reply(*NUMBERS[:8]))
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))
        (turn,) = (await desk.transcript()).turns
    assert bubbles(house) == NUMBERS[:8]
    assert turn.cause is None


async def test_messages_count_also_within_one_bubble(house: House) -> None:
    house.model.will(reply("0.", "|".join(NUMBERS)))
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))
    assert bubbles(house) == ["0.", *NUMBERS[:7]]


async def test_what_is_beyond_the_characters_of_a_turn_is_not_said(house: House) -> None:
    house.model.will(reply("a" * 600, "b" * 400, "c", "d"))
    async with house.process(rules(limits=replace(LIMITS, characters=1_000))) as desk:
        await desk.answers(Client().writes("?"))
    assert bubbles(house) == ["a" * 600, "b" * 400]


async def test_the_first_message_is_always_said(house: House) -> None:
    house.model.will(reply("a" * 2_000, "b"))
    async with house.process(rules(limits=replace(LIMITS, characters=1_000))) as desk:
        await desk.answers(Client().writes("?"))
    assert bubbles(house) == ["a" * 2_000]


async def test_a_bubble_that_repeats_the_one_before_it_is_said_once(house: House) -> None:
    house.model.will(reply(*["Uno."] * 50, "Due.", "Uno."))
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))
    assert bubbles(house) == ["Uno.", "Due.", "Uno."]


@pytest.mark.parametrize("said", [3, 8])
async def test_a_reply_that_is_heard_again_is_cut_at_the_same_place(
    house: House, said: int
) -> None:
    closed = [BubbleClosed(text) for text in ["0.", *NUMBERS[:said]]]
    house.model.will([Began("resp_1"), Speaking(), *closed, house.hangs])
    async with house.process() as desk:
        await desk.answers(Client().writes("?"), seconds=10)
        await desk.dies()
    house.model.stored["resp_1"] = answer("0.", *NUMBERS)
    async with house.process() as desk:
        await desk.runs(60)
        (turn,) = (await desk.transcript()).turns
    assert bubbles(house) == NUMBERS[:8]
    assert turn.cause == CUT


async def test_the_model_is_told_with_the_next_message_where_its_reply_was_cut(
    house: House,
) -> None:
    house.model.will(reply(*NUMBERS), *(reply("Ok.", response_id=f"r{n}") for n in range(2)))
    client = Client()
    async with house.process() as desk:
        for text in ("a", "b", "c"):
            await desk.answers(client.writes(text))
    told = ["after: 7.⟧" in str(question.told) for question in house.model.asked]
    assert told == [False, True, False]
