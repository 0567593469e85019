"""A process dies, or a stream is cut: the client gets the answer once, and whole."""

import pytest
from sqlalchemy import text

from bot.core.texts import Text, say
from bot.errors import (
    CallUnanswered,
    ContextOverflow,
    ConversationGone,
    GiveUp,
    InDoubt,
    NoStream,
    RetryLater,
)
from bot.ports import AnswerState, Began, BubbleClosed, Item, Line, Speaker, Speaking
from db.records import TurnState
from tests.backends import on_both
from tests.fakes.channel import Client
from tests.fakes.model import Step, answer, reply
from tests.turns.desk import Desk, House, rules

pytestmark = on_both

CUT = InDoubt("cut")


def cut(*bubbles: str, began: bool = True) -> list[Step]:
    """A stream that breaks after some bubbles."""
    start: list[Step] = [Began("resp_1"), Speaking()] if began else []
    return [*start, *(BubbleClosed(bubble) for bubble in bubbles), CUT]


async def dies_while(house: House, *script: Step, writes: str = "?") -> None:
    """A process takes a message, gets as far as the script, and is killed."""
    house.model.will([*script, house.hangs])
    async with house.process() as desk:
        await desk.answers(Client().writes(writes), seconds=10)
        await desk.dies()


async def comes_back(house: House) -> Desk:
    async with house.process() as desk:
        await desk.runs(120)
    return desk


def bubbles(house: House) -> list[str]:
    return [text for text in house.channel.texts() if text != "Sono una IA."]


# ----------------------------------------------------------------- after a crash


async def test_a_turn_that_was_never_asked_is_asked(house: House) -> None:
    async with house.process() as desk:
        await desk.hears(Client().writes("?"))
        await desk.dies()
    house.model.will(reply("Uno."))
    await comes_back(house)
    assert bubbles(house) == ["Uno."]


async def test_a_completed_answer_is_fetched_and_only_the_rest_is_sent(house: House) -> None:
    await dies_while(house, Began("resp_1"), Speaking(), BubbleClosed("Uno."))
    house.model.stored["resp_1"] = answer("Uno.", "Due.")
    await comes_back(house)
    assert bubbles(house) == ["Uno.", "Due."]
    assert len(house.model.asked) == 1


async def test_an_answer_that_runs_is_waited_for(house: House) -> None:
    await dies_while(house, Began("resp_1"))
    house.model.stored["resp_1"] = answer("Uno.", state=AnswerState.RUNNING)
    async with house.process() as desk:
        await desk.runs(10)
        house.model.stored["resp_1"] = answer("Uno.")
        await desk.runs(10)
    assert bubbles(house) == ["Uno."]


async def test_an_answer_that_never_ends_moves_the_thread_to_a_new_conversation(
    house: House,
) -> None:
    await dies_while(house, Began("resp_1"))
    house.model.stored["resp_1"] = answer("Uno.", state=AnswerState.RUNNING)
    house.model.will(reply("Due.", response_id="resp_2"))
    await comes_back(house)
    assert bubbles(house) == ["Due."]
    assert [question.conversation_id for question in house.model.asked] == ["conv_1", "conv_2"]


async def test_the_conversation_that_was_left_is_erased_later(house: House) -> None:
    await dies_while(house, Began("resp_1"))
    house.model.stored["resp_1"] = answer("Uno.", state=AnswerState.RUNNING)
    house.model.will(reply("Due.", response_id="resp_2"))
    async with house.process() as desk:
        await desk.runs(120)
        await desk.wakes_after(3700)
    assert house.model.erased == ["conv_1"]


async def test_an_answer_in_the_conversation_is_used(house: House) -> None:
    await dies_while(house)
    house.model.remembers("conv_1", "?", "Uno.", "Due.")
    await comes_back(house)
    assert bubbles(house) == ["Uno.", "Due."]
    assert len(house.model.asked) == 1


async def test_an_answer_to_other_words_is_not_taken_for_ours(house: House) -> None:
    await dies_while(house)
    house.model.remembers("conv_1", "altro", "Vecchio.")
    house.model.will(reply("Nuovo."))
    await comes_back(house)
    assert bubbles(house) == ["Nuovo."]


async def test_words_that_the_conversation_holds_are_not_sent_again(house: House) -> None:
    await dies_while(house)
    house.model.remembers("conv_1", "?")
    house.model.will(reply("Uno."))
    await comes_back(house)
    assert house.model.asked[-1].lines == ()
    assert bubbles(house) == ["Uno."]


async def test_bubbles_that_were_seen_go_along_when_the_answer_is_lost(house: House) -> None:
    await dies_while(house, Began("resp_1"), Speaking(), BubbleClosed("Uno."))
    house.model.stored["resp_1"] = GiveUp("unknown")
    house.model.will(reply("Due.", response_id="resp_2"))
    await comes_back(house)
    assert bubbles(house) == ["Uno.", "Due."]
    roles = [line.role for line in house.model.asked[-1].lines]
    assert roles == [Speaker.CLIENT, Speaker.ASSISTANT, Speaker.DESK]


async def test_a_failed_answer_is_asked_again(house: House) -> None:
    await dies_while(house, Began("resp_1"))
    house.model.stored["resp_1"] = answer(state=AnswerState.FAILED)
    house.model.will(reply("Uno.", response_id="resp_2"))
    await comes_back(house)
    assert bubbles(house) == ["Uno."]


@pytest.mark.parametrize("begun", [True, False])
async def test_over_the_daily_limit_only_what_was_begun_is_finished(
    house: House, begun: bool
) -> None:
    limited = rules(daily_token_limit=100)
    start: list[Step] = [Began("resp_1")] if begun else []
    house.model.will([*start, house.hangs], reply("Due.", response_id="resp_2"))
    house.model.stored["resp_1"] = answer("Uno.")
    async with house.process(limited) as desk:
        await desk.answers(Client(1).writes("?"), seconds=10)
        await desk.answers(Client(2).writes("?"), seconds=10)
        await desk.dies()
    async with house.process(limited) as desk:
        await desk.runs(120)
    assert house.channel.texts(1)[-1] == ("Uno." if begun else say(Text.DAILY_CAP, "it"))
    assert len(house.model.asked) == 2


async def test_an_adopted_turn_has_the_next_epoch(house: House) -> None:
    await dies_while(house, Began("resp_1"))
    house.model.stored["resp_1"] = answer("Uno.")
    desk = await comes_back(house)
    assert [turn.epoch for turn in (await desk.transcript()).turns] == [2]


async def test_a_turn_whose_failure_was_told_is_only_closed(house: House) -> None:
    house.model.will([GiveUp("broken")])
    async with house.process() as desk:
        house.channel.refusals += [None, RetryLater(5)]
        await desk.answers(Client().writes("?"), seconds=2)
        await desk.dies()
    desk = await comes_back(house)
    assert len(bubbles(house)) == 1
    assert (await desk.transcript()).turns[0].state == TurnState.FAILED


# ------------------------------------------------------------- within one process


async def test_a_cut_stream_is_completed_from_what_openai_stored(house: House) -> None:
    house.model.will(cut("Uno."))
    house.model.stored["resp_1"] = answer("Uno.", "Due.")
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))
    assert bubbles(house) == ["Uno.", "Due."]
    assert len(house.model.asked) == 1


async def test_a_cut_before_any_id_looks_at_the_conversation_first(house: House) -> None:
    house.model.will(cut(began=False), reply("Uno."))
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))
    assert bubbles(house) == ["Uno."]


async def test_an_answer_that_was_committed_meanwhile_is_not_asked_for_twice(
    house: House,
) -> None:
    house.model.will(cut(began=False), [RetryLater(1, "conversation_locked")])
    async with house.process() as desk:
        await desk.hears(Client().writes("?"))
        await desk.runs(1.5)
        house.model.remembers("conv_1", "?", "Uno.")
        await desk.runs(20)
    assert bubbles(house) == ["Uno."]
    assert len(house.model.asked) == 2


async def test_a_stream_that_is_always_cut_ends_in_one_polite_bubble(house: House) -> None:
    house.model.will(*(cut(began=False) for _ in range(7)))
    async with house.process() as desk:
        await desk.answers(Client().writes("?"), seconds=120)
        transcript = await desk.transcript()
    assert len(bubbles(house)) == 1
    assert transcript.turns[0].state == TurnState.FAILED


async def test_what_is_no_stream_is_not_asked_for_a_third_time(house: House) -> None:
    page: list[Step] = [NoStream("a page")]
    house.model.will(page, cut(began=False), page)
    async with house.process() as desk:
        await desk.answers(Client().writes("?"), seconds=120)
        transcript = await desk.transcript()
    assert len(bubbles(house)) == 1
    assert len(house.model.asked) == 3
    assert transcript.turns[0].state == TurnState.FAILED


async def test_what_is_no_stream_once_is_asked_for_again(house: House) -> None:
    house.model.will([NoStream("a page")], reply("Uno."))
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))
    assert bubbles(house) == ["Uno."]


# ------------------------------------------------------------- only commentary

COMMENTARY: list[Step] = [Began("resp_1"), answer(state=AnswerState.COMMENTARY)]


async def test_nothing_but_commentary_is_asked_once_more(house: House) -> None:
    house.model.will(COMMENTARY, reply("Uno.", response_id="resp_2"))
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))
    assert bubbles(house) == ["Uno."]
    first, second = house.model.asked
    assert [line.text for line in first.lines] == ["?"]
    assert [line.role for line in second.lines] == [Speaker.DESK]
    assert first.conversation_id == second.conversation_id


async def test_nothing_but_commentary_again_is_no_answer(house: House) -> None:
    house.model.will(COMMENTARY, COMMENTARY)
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))
    assert bubbles(house) == [say(Text.EMPTY_REPLY, "it")]


async def test_after_a_crash_commentary_is_no_answer_either(house: House) -> None:
    await dies_while(house, Began("resp_1"))
    house.model.stored["resp_1"] = answer(state=AnswerState.COMMENTARY)
    house.model.will(reply("Uno.", response_id="resp_2"))
    await comes_back(house)
    assert bubbles(house) == ["Uno."]
    assert [line.role for line in house.model.asked[-1].lines] == [Speaker.DESK]


async def test_a_conversation_without_the_commentary_is_told_the_words(house: House) -> None:
    house.model.will(COMMENTARY, [ConversationGone("404")], reply("Uno.", response_id="resp_2"))
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))
    assert bubbles(house) == ["Uno."]
    assert [line.text for line in house.model.asked[-1].lines] == ["?"]


@pytest.mark.parametrize("trouble", [ConversationGone("404"), ContextOverflow("long")])
async def test_a_lost_conversation_is_seeded_from_our_own_log(
    house: House, trouble: GiveUp
) -> None:
    anna = Client()
    house.model.will(reply("Salve.", response_id="resp_0"))
    async with house.process() as desk:
        await desk.answers(anna.writes("Buongiorno"))
        house.model.will([trouble], reply("Uno."))
        await desk.answers(anna.writes("?"))
    assert house.model.asked[-1].conversation_id == "conv_2"
    assert house.model.seeded["conv_2"] == [
        Line(Speaker.CLIENT, "Buongiorno"),
        Line(Speaker.ASSISTANT, "Salve."),
    ]
    assert bubbles(house) == ["Salve.", "Uno."]


async def test_function_calls_without_an_output_get_one(house: House) -> None:
    house.model.will([CallUnanswered(("call_9",))], reply("Uno."))
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))
    assert house.model.answered == ["call_9"]
    assert bubbles(house) == ["Uno."]


async def test_an_overloaded_model_is_asked_again(house: House) -> None:
    house.model.will([RetryLater(2, "503")], [RetryLater(0, "503")], reply("Uno."))
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))
    assert bubbles(house) == ["Uno."]


async def test_a_bubble_in_doubt_does_not_wait_for_an_older_message(house: House) -> None:
    older = (
        "INSERT INTO outbox (id, chat_id, kind, position, text, state, owner, attempts, queued_at)"
        " SELECT 0, chat_id, 'command', 0, 'Ecco.', 'queued', owner, 0, 0 FROM outbox WHERE id = 1"
    )
    in_doubt = "UPDATE outbox SET state = 'sending', message_id = NULL WHERE kind = 'reply'"
    await dies_while(house, Began("resp_1"), BubbleClosed("Uno."))
    await house.database.write(lambda connection: connection.execute(text(older)))
    await house.database.write(lambda connection: connection.execute(text(in_doubt)))
    house.channel.existing.clear()
    house.model.stored["resp_1"] = answer("Uno.")
    await comes_back(house)
    assert "Ecco." in house.channel.texts()


async def test_a_second_kill_loses_nothing_of_an_answer_that_went_on(house: House) -> None:
    await dies_while(house, Began("resp_1"), Speaking(), BubbleClosed("Uno."))
    house.model.stored["resp_1"] = GiveUp("unknown")
    house.model.will([Began("resp_2"), house.hangs])
    async with house.process() as desk:
        await desk.runs(20)
        await desk.dies()
    house.model.stored["resp_2"] = answer("Due.", "Tre.", response_id="resp_2")
    await comes_back(house)
    assert bubbles(house) == ["Uno.", "Due.", "Tre."]


async def test_what_went_along_with_a_request_to_go_on_is_not_said_again(house: House) -> None:
    await dies_while(house, Began("resp_1"), BubbleClosed("Uno."), BubbleClosed("Due."))
    house.model.stored["resp_1"] = GiveUp("unknown")
    house.model.remembers("conv_1", "?", "Uno.", "Due.")
    house.model.items["conv_1"] += [
        Item("in_2", Speaker.DESK, ("Go on.",)),
        Item("out_2", Speaker.ASSISTANT, ("Tre.", "Quattro.")),
    ]
    await comes_back(house)
    assert bubbles(house) == ["Uno.", "Due.", "Tre.", "Quattro."]
