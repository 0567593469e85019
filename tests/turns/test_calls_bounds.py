"""What bounds calls: steps, time, sizes; and what goes on meanwhile."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from bot.core.calls import RESULT_BYTES, Effect
from bot.core.texts import Text, say
from bot.ports import AnswerState, Began, BubbleClosed, Line, Speaker, Speaking, ToolContext
from bot.turns.asking import SEEN
from bot.turns.calls import STEPS
from bot.turns.proposals import PER_ANSWER
from db.chats import ChatWork
from db.records import NOTHING_STATED, Draft, OutboxKind, Outcome
from tests.fakes.channel import Client
from tests.fakes.model import answer, calling, reply
from tests.fakes.tools import FakeTool, done
from tests.turns.acting import BOOK, READ, another, has, rows, said, serve, told
from tests.turns.desk import House, rules


async def test_arguments_without_end_are_not_passed_on(house: House) -> None:
    book = has(house, FakeTool("book"))
    await serve(house, calling(another(BOOK, 1, arguments="x" * 70_000)), reply("Mi spiace."))

    assert book.book == []
    assert told(house)["call_1"]["status"] == "failure"


async def test_more_calls_than_an_answer_may_make_are_answered_and_not_made(house: House) -> None:
    book = has(house, FakeTool("book"))
    many = [another(BOOK, n, arguments=json.dumps({"what": n})) for n in range(PER_ANSWER + 2)]
    await serve(house, calling(*many), reply("Fatto."))

    assert len(book.book) == PER_ANSWER
    assert len(house.model.asked[1].outputs) == PER_ANSWER + 2


async def test_the_last_step_must_speak(house: House) -> None:
    has(house, FakeTool("look", Effect.READ))
    loop = [calling(another(READ, n), response_id=f"resp_{n}") for n in range(1, STEPS)]
    await serve(house, *loop, reply("Basta.", response_id="resp_9"))

    assert [asked.must_speak for asked in house.model.asked] == [False] * (STEPS - 1) + [True]
    assert said(house) == ["Basta."]


async def test_who_calls_all_the_same_is_not_followed(house: House) -> None:
    look = has(house, FakeTool("look", Effect.READ))
    loop = [calling(another(READ, n), response_id=f"resp_{n}") for n in range(1, STEPS + 1)]
    desk = await serve(house, *loop)

    assert len(look.book) == STEPS - 1
    assert said(house) == [say(Text.EMPTY_REPLY, "it")]
    assert desk.telemetry.count("not called any more") == 1


async def test_tools_have_a_minute_in_all(house: House) -> None:
    async def slow(_: ToolContext, __: str) -> str:
        await house.clock.sleep(29)
        return done()

    look = has(house, FakeTool("look", Effect.READ, timeout=30, acts=slow))
    steps = [calling(another(READ, n), response_id=f"resp_{n}") for n in range(1, 4)]
    await serve(house, *steps, reply("Basta."), seconds=120)

    assert [round(context.seconds) for context in look.contexts] == [30, 30, 2]
    assert house.model.asked[3].must_speak


async def test_patience_counts_tools_and_a_sign_of_life_renews_it(house: House) -> None:
    async def slow(_: ToolContext, __: str) -> str:
        await house.clock.sleep(25)
        return done()

    look = has(house, FakeTool("look", Effect.READ, timeout=30, acts=slow))
    steps = [calling(another(READ, n), response_id=f"resp_{n}") for n in range(1, 3)]
    house.model.will(*steps)
    async with house.process(rules(patience_seconds=40)) as desk:
        await desk.answers(Client().writes("?"), seconds=120)

    assert [round(context.seconds) for context in look.contexts] == [30, 15]
    assert said(house) == [say(Text.FAILURE, "it")]


async def test_somebody_types_and_the_client_is_told_to_wait_while_tools_run(house: House) -> None:
    async def slow(_: ToolContext, __: str) -> str:
        await house.clock.sleep(20)
        return done()

    has(house, FakeTool("look", Effect.READ, timeout=30, acts=slow))
    house.model.will(calling(READ), reply("Eccomi.", response_id="resp_2"))
    async with house.process(rules(waiting_seconds=5)) as desk:
        await desk.answers(Client().writes("?"), seconds=60)

    waiting, last = said(house)
    assert waiting == house.profile.text_for("waiting_message", "it")
    assert last == "Eccomi."
    assert len(house.channel.typed) >= 4


async def test_a_message_meanwhile_is_the_next_turn(house: House) -> None:
    async def slow(_: ToolContext, __: str) -> str:
        await house.clock.sleep(8)
        return done()

    anna = Client()
    has(house, FakeTool("look", Effect.READ, acts=slow))
    house.model.will(calling(READ), reply("Uno.", response_id="resp_2"))
    house.model.will(reply("Due.", response_id="resp_3"))
    async with house.process() as desk:
        await desk.answers(anna.writes("?"), seconds=5)
        await desk.answers(anna.writes("E poi?"))

    assert said(house) == ["Uno.", "Due."]
    assert [line.text for line in house.model.asked[2].lines] == ["E poi?"]


@pytest.mark.parametrize("size", [RESULT_BYTES // 2, 10 * RESULT_BYTES])
async def test_a_result_is_told_whole_or_by_its_beginning(house: House, size: int) -> None:
    async def talks(_: ToolContext, __: str) -> str:
        return done("à" * (size // 2) + "\0")

    has(house, FakeTool("look", Effect.READ, acts=talks))
    await serve(house, calling(READ), reply("Fatto."))

    assert len(house.model.asked[1].outputs[0].text.encode()) <= RESULT_BYTES
    assert told(house)["call_1"]["status"] == "success"


async def test_a_result_that_is_no_text_is_a_failure(house: House) -> None:
    async def errs(_: ToolContext, __: str) -> Any:
        return {"status": "success"}

    has(house, FakeTool("look", Effect.READ, acts=errs))
    await serve(house, calling(READ), reply("Mi spiace."))

    assert told(house)["call_1"]["status"] == "failure"


async def test_tokens_of_all_steps_are_summed(house: House) -> None:
    has(house, FakeTool("book"))
    await serve(house, calling(BOOK), reply("Fatto.", response_id="resp_2"))

    tokens = text("SELECT input_tokens, output_tokens FROM turns")
    row = await house.database.read(lambda connection: connection.execute(tokens).one())
    assert tuple(row) == (200, 40)


async def test_text_beside_a_call_is_left_to_the_next_step_unless_it_was_seen(house: House) -> None:
    has(house, FakeTool("book"))
    beside = answer("Prenoto.", "Ecco.", calls=(BOOK,))
    script = [Began("resp_1"), Speaking(), BubbleClosed("Prenoto."), beside]
    await serve(house, script, reply("Prenotato.", response_id="resp_2"))

    assert said(house) == ["Prenoto.", "Prenotato."]
    assert house.model.asked[1].lines == (Line(Speaker.DESK, SEEN),)


async def test_pieces_of_calls_are_answered_and_not_carried_out(house: House) -> None:
    book = has(house, FakeTool("book"))
    cut = answer(state=AnswerState.INCOMPLETE, broken=("call_1",))
    await serve(house, [Began("resp_1"), cut], reply("Fatto.", response_id="resp_2"))

    assert book.book == []
    assert told(house)["call_1"]["status"] == "failure"
    assert said(house) == ["Fatto."]


async def test_pieces_again_end_politely(house: House) -> None:
    has(house, FakeTool("book"))
    cut = answer(state=AnswerState.INCOMPLETE, broken=("call_1",))
    again = answer(state=AnswerState.INCOMPLETE, broken=("call_2",), response_id="resp_2")
    await serve(house, [Began("resp_1"), cut], [Began("resp_2"), again])

    assert said(house) == [say(Text.EMPTY_REPLY, "it")]


async def test_a_turn_without_tools_commits_and_asks_no_more_than_before(house: House) -> None:
    commits: list[str] = []

    def observe(operations: Any, _: object) -> None:
        commits.extend(type(one).__name__ for one in operations)

    house.model.will(reply("Uno."))
    async with house.process(observe=observe) as desk:
        await desk.answers(Client().writes("?"))

    assert commits.count("ProposeCalls") == commits.count("NoteCalls") == 0
    assert len(house.model.asked) == 1
    assert (house.model.asked[0].tools, house.model.asked[0].outputs) == ((), ())


@pytest.mark.parametrize("method", ["forget", "help"])
async def test_a_command_does_not_break_off_a_call(house: House, method: str) -> None:
    ended: list[str] = []

    async def slow(_: ToolContext, __: str) -> str:
        await house.clock.sleep(5)
        ended.append("booked")
        return done("Table of Anna Rossi.")

    def works(chat: ChatWork) -> Sequence[Draft]:
        if method == "forget":
            chat.forget()
        return (Draft(OutboxKind.COMMAND, 0, "Va bene."),)

    anna = Client()
    has(house, FakeTool("book", acts=slow))
    house.model.will(calling(BOOK))
    if method == "help":
        house.model.will(reply("Prenotato.", response_id="resp_2"))
    async with house.process() as desk:
        desk.works["/command"] = works
        await desk.answers(anna.writes("Un tavolo"), seconds=2)
        await desk.answers(anna.commands("/command"), seconds=30)

    assert ended == ["booked"]
    if method == "forget":
        assert said(house) == ["Va bene."]
        assert await rows(house, "arguments, output") == [("", None)]
    else:
        assert said(house) == ["Va bene.", "Prenotato."]


@pytest.mark.parametrize("outcome", [Outcome.COMPLAINT, Outcome.ANSWERED])
async def test_a_doubt_leaves_a_complaint_what_it_is(house: House, outcome: Outcome) -> None:
    async def breaks(_: ToolContext, __: str) -> str:
        raise RuntimeError

    has(house, FakeTool("book", acts=breaks))
    said_of_itself = replace(NOTHING_STATED, outcome=outcome)
    last = answer("Mi dispiace.", response_id="resp_2", stated=said_of_itself)
    await serve(house, calling(BOOK), [Began("resp_2"), last])
    query = text("SELECT outcome FROM questions")
    found = await house.database.read(lambda c: c.execute(query).scalars().all())
    told = Outcome.COMPLAINT if outcome is Outcome.COMPLAINT else Outcome.HANDOVER
    assert found == [told]
