"""A conversation that the model refuses for good: another is asked, and nothing is lost by it."""

import pytest

from bot.core.texts import Text, say
from bot.errors import (
    CallUnanswered,
    ContextOverflow,
    ConversationGone,
    GiveUp,
    InDoubt,
    RetryElsewhere,
    RetryLater,
)
from bot.ports import AnswerState, Began, BubbleClosed, Speaker, Speaking
from tests.fakes.channel import Client
from tests.fakes.model import Step, answer, reply
from tests.turns.desk import Desk, House, rules

FAILURE = say(Text.FAILURE, "it")
HOST = Client(99)
REFUSED = GiveUp("400 reasoning without its required following item")
WAYS: dict[str, list[list[Step]]] = {
    "refused": [[REFUSED]],
    "a constant 500": [[RetryElsewhere(0, "500")] for _ in range(6)],
    "always cut": [[InDoubt("502")] for _ in range(7)],
    "too long": [[ContextOverflow("long")]],
    "gone": [[ConversationGone("404")]],
    "calls without an output": [[CallUnanswered(("call_9",))] for _ in range(7)],
    "failed again and again": [[Began("r"), answer(state=AnswerState.FAILED)] for _ in range(6)],
}
refused_somehow = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)


def bubbles(house: House) -> list[str]:
    return [text for text in house.channel.texts() if text != "Sono una IA."]


def asked(house: House) -> list[str]:
    """The conversations, in the order in which they were asked, each once."""
    return list(dict.fromkeys(question.conversation_id for question in house.model.asked))


async def talks(desk: Desk, house: House, anna: Client) -> None:
    """One turn goes well, in conv_1."""
    house.model.will(reply("Salve.", response_id="resp_0"))
    await desk.answers(anna.writes("Buongiorno"))


@refused_somehow
async def test_a_new_one_answers_in_the_same_turn(house: House, way: list[list[Step]]) -> None:
    anna = Client()
    async with house.process() as desk:
        await talks(desk, house, anna)
        house.model.will(*way, reply("Uno."))
        await desk.answers(anna.writes("?"), seconds=85)
        assert bubbles(house) == ["Salve.", "Uno."]
        assert asked(house) == ["conv_1", "conv_2"]
        assert [line.text for line in house.model.seeded["conv_2"]] == ["Buongiorno", "Salve."]
        house.model.will(reply("Due."))
        await desk.answers(anna.writes("E poi?"))
        assert house.model.asked[-1].conversation_id == "conv_2"
        await desk.wakes_after(3700)
    assert house.model.erased == ["conv_1"]


@pytest.mark.parametrize("way", ["refused", "a constant 500"])
async def test_when_the_new_one_is_refused_alike_the_old_one_stays(house: House, way: str) -> None:
    anna = Client()
    async with house.process(rules(hosts=(99,))) as desk:
        await desk.answers(HOST.commands("/start"))
        await talks(desk, house, anna)
        for _ in range(2):
            house.model.will(*WAYS[way], *WAYS[way])
            await desk.answers(anna.writes("?"), seconds=85)
        causes = [turn.cause for turn in (await desk.transcript()).turns]
        house.model.will(reply("Uno."))
        await desk.answers(anna.writes("Allora?"))
        assert bubbles(house) == ["Salve.", FAILURE, FAILURE, "Uno."]
        assert house.model.asked[-1].conversation_id == "conv_1"
        await desk.wakes_after(4000)
    assert house.channel.texts(99) == [say(Text.HOST_REFUSED, "it")]
    assert sorted(house.model.erased) == ["conv_2", "conv_3"]
    assert [cause.split()[0] for cause in causes if cause] == ["ModelRefused", "ModelRefused"]


async def test_one_that_is_refused_at_once_is_not_at_fault(house: House) -> None:
    house.model.will([REFUSED])
    async with house.process(rules(hosts=(99,))) as desk:
        await desk.answers(HOST.commands("/start"))
        await desk.answers(Client().writes("?"))
    assert (bubbles(house), asked(house)) == ([FAILURE], ["conv_1"])
    assert house.channel.texts(99) == [say(Text.HOST_REFUSED, "it")]


async def test_a_busy_server_is_not_asked_elsewhere(house: House) -> None:
    anna = Client()
    async with house.process(rules(hosts=(99,))) as desk:
        await desk.answers(HOST.commands("/start"))
        await talks(desk, house, anna)
        busy: list[Step] = [RetryLater(0, "503")]
        house.model.will(*[busy] * 6)
        await desk.answers(anna.writes("?"), seconds=85)
    assert (bubbles(house), asked(house)) == (["Salve.", FAILURE], ["conv_1"])
    assert house.channel.texts(99) == []


async def test_without_time_for_a_new_one_the_old_one_stays(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await talks(desk, house, anna)
        house.model.will([REFUSED], [Began("resp_1"), house.hangs], reply("Uno."))
        await desk.answers(anna.writes("?"), seconds=100)
        await desk.answers(anna.writes("Allora?"))
        assert bubbles(house) == ["Salve.", FAILURE, "Uno."]
        assert house.model.asked[-1].conversation_id == "conv_1"
        await desk.wakes_after(3700)
    assert house.model.erased == ["conv_2"]


async def test_what_was_seen_goes_along_to_the_new_one(house: House) -> None:
    anna = Client()
    cut: list[Step] = [Began("resp_1"), Speaking(), BubbleClosed("Uno."), InDoubt("cut")]
    async with house.process() as desk:
        await talks(desk, house, anna)
        house.model.will(cut, [REFUSED], reply("Due.", response_id="resp_2"))
        house.model.stored["resp_1"] = GiveUp("unknown")
        await desk.answers(anna.writes("?"), seconds=60)
    assert bubbles(house) == ["Salve.", "Uno.", "Due."]
    roles = [line.role for line in house.model.asked[-1].lines]
    assert roles == [Speaker.CLIENT, Speaker.ASSISTANT, Speaker.DESK]


# ------------------------------------------------------------------- how much is kept


@pytest.mark.parametrize(("times", "lines"), [(1, 10), (2, 2), (3, 0)])
async def test_one_that_is_too_long_goes_on_with_the_last_lines(
    house: House, times: int, lines: int
) -> None:
    anna = Client()
    too_long: list[Step] = [ContextOverflow("long")]
    async with house.process() as desk:
        for number in range(6):
            house.model.will(reply(*(f"{number}.{n}" for n in range(8))))
            await desk.answers(anna.writes(f"{number}?"))
        house.model.will(*[too_long] * times, reply("Uno."))
        await desk.answers(anna.writes("?"))
    seeded = [line.text for line in house.model.seeded.get(f"conv_{times + 1}", [])]
    last = ["4.7", "5?", *(f"5.{n}" for n in range(8))]
    assert seeded == last[len(last) - lines :]
    assert bubbles(house)[-1] == "Uno."


async def test_one_that_holds_nothing_else_cannot_be_made_shorter(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await talks(desk, house, anna)
        too_long: list[Step] = [ContextOverflow("long")]
        house.model.will(*[too_long] * 4)
        await desk.answers(anna.writes("?"))
    assert bubbles(house)[-1] == FAILURE
    assert asked(house) == ["conv_1", "conv_2", "conv_3", "conv_4"]


async def test_any_other_is_seeded_with_the_last_forty(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        for number in range(6):
            house.model.will(reply(*(f"{number}.{n}" for n in range(8))))
            await desk.answers(anna.writes(f"{number}?"))
        house.model.will([ConversationGone("404")], reply("Uno."))
        await desk.answers(anna.writes("?"))
    assert len(house.model.seeded["conv_2"]) == 40


async def test_words_of_the_seed_are_not_taken_for_the_turn_s(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        house.model.will(reply("Vecchio.", response_id="resp_0"))
        await desk.answers(anna.writes("?"))
        house.model.will([ConversationGone("404")], [InDoubt("cut")], reply("Nuovo."))
        await desk.answers(anna.writes("?"))
    assert bubbles(house) == ["Vecchio.", "Nuovo."]


# ------------------------------------------------------------------- kills


async def dies_in_the_new_one(house: House, anna: Client, *script: Step) -> None:
    """The old one was refused; a new one is asked, as far as the script goes."""
    async with house.process() as desk:
        await talks(desk, house, anna)
        house.model.will([REFUSED], [*script, house.hangs])
        await desk.answers(anna.writes("?"), seconds=10)
        await desk.dies()


async def next_turn(house: House, desk: Desk, anna: Client) -> str:
    """Where it is asked."""
    house.model.will(reply("Poi.", response_id="resp_9"))
    await desk.answers(anna.writes("E poi?"))
    return house.model.asked[-1].conversation_id


async def test_killed_after_the_new_one_answered_it_is_the_thread_s(house: House) -> None:
    anna = Client()
    await dies_in_the_new_one(house, anna, Began("resp_1"), Speaking(), BubbleClosed("Uno."))
    house.model.stored["resp_1"] = answer("Uno.", "Due.", conversation_id="conv_2")
    async with house.process() as desk:
        await desk.runs(30)
        assert bubbles(house) == ["Salve.", "Uno.", "Due."]
        assert await next_turn(house, desk, anna) == "conv_2"
        await desk.wakes_after(3700)
    assert house.model.erased == ["conv_1"]


async def test_killed_where_nobody_tells_whose_answer_it_is_it_is_said_once(house: House) -> None:
    anna = Client()
    await dies_in_the_new_one(house, anna, Began("resp_1"), Speaking(), BubbleClosed("Uno."))
    house.model.stored["resp_1"] = answer("Uno.", "Due.")
    async with house.process() as desk:
        await desk.runs(30)
        assert bubbles(house) == ["Salve.", "Uno.", "Due."]
        house.model.will([REFUSED])
        assert await next_turn(house, desk, anna) == "conv_3"
        await desk.wakes_after(3700)
    assert bubbles(house) == ["Salve.", "Uno.", "Due.", "Poi."]
    assert sorted(house.model.erased) == ["conv_1", "conv_2"]


async def test_killed_before_the_new_one_answered_the_old_one_is_the_thread_s(
    house: House,
) -> None:
    anna = Client()
    await dies_in_the_new_one(house, anna)
    house.model.will([REFUSED], reply("Uno."))
    async with house.process() as desk:
        await desk.runs(30)
        assert asked(house) == ["conv_1", "conv_2", "conv_3"]
        assert await next_turn(house, desk, anna) == "conv_3"
        await desk.wakes_after(3700)
    assert bubbles(house) == ["Salve.", "Uno.", "Poi."]
    assert sorted(house.model.erased) == ["conv_1", "conv_2"]


async def test_killed_while_a_thread_without_one_is_answered_the_answer_is_fetched(
    house: House,
) -> None:
    anna = Client()
    async with house.process() as desk:
        await talks(desk, house, anna)
        house.model.will([Began("resp_1"), house.hangs])
        await desk.answers(anna.writes("?"), seconds=100)  # and leaves its conversation
        house.model.will([Began("resp_2"), house.hangs])
        await desk.answers(anna.writes("Allora?"), seconds=10)
        await desk.dies()
    house.model.stored["resp_2"] = answer("Uno.", conversation_id="conv_2", response_id="resp_2")
    async with house.process() as desk:
        await desk.runs(30)
        assert bubbles(house) == ["Salve.", FAILURE, "Uno."]
        assert await next_turn(house, desk, anna) == "conv_2"


async def test_a_commit_that_fails_gives_up_nothing(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await talks(desk, house, anna)

        async def breaks() -> None:
            desk.database.refusals = 1

        house.model.will([REFUSED], [Began("resp_1"), breaks, answer("Uno.")])
        house.model.stored["resp_1"] = answer("Uno.", conversation_id="conv_2")
        await desk.answers(anna.writes("?"), seconds=60)
        assert bubbles(house) == ["Salve.", "Uno."]
        assert await next_turn(house, desk, anna) == "conv_2"
