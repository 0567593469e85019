"""The first request of a conversation says that it is the first, and no other does."""

import pytest

from bot.errors import CallUnanswered, ConversationGone, GiveUp, InDoubt, RetryLater
from bot.ports import AnswerState, Began, BubbleClosed, Item, Speaker
from tests.fakes.channel import Client
from tests.fakes.model import Step, answer, reply
from tests.turns.desk import House

COMMENTARY: list[Step] = [Began("resp_1"), answer(state=AnswerState.COMMENTARY)]


def opens(house: House) -> list[bool]:
    return [question.opens for question in house.model.asked]


async def asks(house: House, *scripts: list[Step], words: int = 1) -> None:
    house.model.will(*scripts)
    anna = Client()
    async with house.process() as desk:
        for number in range(words):
            await desk.answers(anna.writes(str(number)), seconds=60)


async def test_only_the_first_turn_does(house: House) -> None:
    await asks(house, reply("Uno."), reply("Due."), words=2)
    assert opens(house) == [True, False]


async def test_what_was_refused_is_the_first_again(house: House) -> None:
    await asks(house, [RetryLater(1, "503")], reply("Uno."))
    assert opens(house) == [True, True]


async def test_a_turn_without_an_answer_leaves_the_next_one_the_first(house: House) -> None:
    await asks(house, [GiveUp("no")], reply("Due."), words=2)
    assert opens(house) == [True, True]


async def test_an_answer_that_failed_after_a_bubble_left_nothing(house: House) -> None:
    failed: list[Step] = [Began("r"), BubbleClosed("Uno."), answer(state=AnswerState.FAILED)]
    await asks(house, failed, reply("Due."))
    assert opens(house) == [True, True]


@pytest.mark.parametrize("something", [COMMENTARY, [CallUnanswered(("call_9",))]])
async def test_what_has_commentary_or_a_call_has_begun(house: House, something: list[Step]) -> None:
    await asks(house, something, reply("Uno."))
    assert opens(house) == [True, False]


async def test_a_seeded_conversation_has_begun(house: House) -> None:
    await asks(house, reply("Uno."), [ConversationGone("404")], reply("Due."), words=2)
    assert opens(house) == [True, False, False]


async def test_a_new_one_that_is_not_seeded_begins(house: House) -> None:
    await asks(house, [ConversationGone("404")], reply("Uno."))
    assert opens(house) == [True, True]


async def test_after_a_cut_the_conversation_tells(house: House) -> None:
    house.model.will([InDoubt("cut")], [InDoubt("cut")], reply("Uno."))
    async with house.process() as desk:
        await desk.hears(Client().writes("?"))
        await desk.runs(2)
        house.model.items["conv_1"] = [Item("in_1", Speaker.DESK, ("A conversation begins here.",))]
        await desk.runs(60)
    assert opens(house)[0] is True
    assert opens(house)[-1] is False


async def test_who_takes_over_looks_first(house: House) -> None:
    house.model.will([house.hangs])
    async with house.process() as desk:
        await desk.answers(Client().writes("?"), seconds=10)
        await desk.dies()
    house.model.will(reply("Uno."))
    async with house.process() as desk:
        await desk.runs(120)
    assert opens(house) == [True, True]
