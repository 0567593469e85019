"""The assistant calls tools: each call once, each with its output, and then it speaks."""

import asyncio

import pytest
from sqlalchemy import text

from bot.core.calls import Effect, Output
from bot.errors import (
    ToolError,
)
from bot.ports import ToolContext
from bot.turns.proposals import UNKNOWN
from db.calls import CallState
from db.records import Outcome
from tests.fakes.channel import Client
from tests.fakes.model import calling, reply
from tests.fakes.tools import FakeTool, done
from tests.turns.acting import BOOK, FOUR, READ, another, has, rows, said, serve, told
from tests.turns.desk import House


async def test_a_call_is_carried_out_and_its_output_goes_back_alone(house: House) -> None:
    book = has(house, FakeTool("book"))
    await serve(house, calling(BOOK), reply("Prenotato.", response_id="resp_2"))

    first, second = house.model.asked
    assert [tool.name for tool in first.tools] == ["book"]
    assert (second.told, second.lines) == ((), ())
    assert second.outputs == (Output("call_1", done()),)
    assert second.conversation_id == first.conversation_id
    assert (first.opens, second.opens, second.must_speak) == (True, False, False)
    assert [arguments for _, arguments in book.book] == [FOUR]
    assert said(house) == ["Prenotato."]
    assert await rows(house, "state, tool, arguments, response_id, output") == [
        ("done", "book", FOUR, "resp_1", done())
    ]


async def test_a_tool_learns_for_whom_it_acts_from_us_alone(house: House) -> None:
    book = has(house, FakeTool("book"))
    await serve(house, calling(BOOK), reply("Fatto."))

    context = book.contexts[0]
    assert (context.tenant, context.chat, context.language) == ("hotel", 1, "it")
    assert context.now.timestamp() == pytest.approx(house.clock.now(), abs=60)
    assert context.seconds == book.timeout
    assert context.hours == house.profile.hours


async def test_all_calls_of_an_answer_run_together_and_go_back_together(house: House) -> None:
    met = asyncio.Barrier(2)

    async def waits(_: ToolContext, arguments: str) -> str:
        await met.wait()
        return done(arguments)

    has(house, FakeTool("book", acts=waits), FakeTool("look", Effect.READ, acts=waits))
    await serve(house, calling(BOOK, another(READ, 2)), reply("Fatto."))

    assert [output.call_id for output in house.model.asked[1].outputs] == ["call_1", "call_2"]


async def test_one_call_that_breaks_leaves_the_others_alone(house: House) -> None:
    async def breaks(_: ToolContext, __: str) -> str:
        raise ValueError("Anna Rossi, sk-secret")

    has(house, FakeTool("look", Effect.READ, acts=breaks), FakeTool("book"))
    desk = await serve(house, calling(READ, another(BOOK, 2)), reply("Fatto."))

    assert {key: one["status"] for key, one in told(house).items()} == {
        "call_1": "failure",
        "call_2": "success",
    }
    assert "Anna" not in str(house.model.asked[1])
    failed = dict(desk.telemetry.warnings)["tool failed"]
    assert failed["error"] == "ValueError"
    assert str(failed["at"]).startswith("test_calls.py:")
    assert "Anna" not in str(failed)


async def test_what_a_tool_says_of_its_failure_is_told_and_nothing_was_done(house: House) -> None:
    async def refuses(_: ToolContext, __: str) -> str:
        raise ToolError("Ask for a day that is not over.")

    book = has(house, FakeTool("book", acts=refuses))
    anew = calling(another(BOOK, 2), response_id="resp_2")
    await serve(house, calling(BOOK), anew, reply("Che giorno?", response_id="resp_3"))

    assert told(house, 1)["call_1"]["message"] == "Ask for a day that is not over."
    assert await rows(house) == ["failed", "failed"]
    assert len(book.book) == 2  # nothing was done, so it may be tried again


async def test_a_write_that_breaks_is_in_doubt_and_people_are_told_once(house: House) -> None:
    async def breaks(_: ToolContext, __: str) -> str:
        raise OSError

    book = has(house, FakeTool("book", acts=breaks))
    anew = calling(another(BOOK, 2), response_id="resp_2")
    await serve(house, calling(BOOK), anew, reply("Non so.", response_id="resp_3"))

    assert house.model.asked[1].outputs == (Output("call_1", UNKNOWN),)
    assert house.model.asked[2].outputs == (Output("call_2", UNKNOWN),)
    assert len(book.book) == 1
    assert await rows(house) == ["doubt", "doubt"]
    asked = text("SELECT outcome FROM questions")
    assert await house.database.read(lambda c: c.execute(asked).scalars().all()) == [
        Outcome.HANDOVER
    ]


@pytest.mark.parametrize(
    ("effect", "state"), [(Effect.READ, CallState.FAILED), (Effect.WRITE, CallState.DOUBT)]
)
async def test_a_tool_that_takes_too_long_is_ended(
    house: House, effect: Effect, state: CallState
) -> None:
    ended = asyncio.Event()

    async def hangs(_: ToolContext, __: str) -> str:
        try:
            await house.hangs()
        finally:
            ended.set()
        return ""

    has(house, FakeTool("book", effect, acts=hangs))
    await serve(house, calling(BOOK), reply("Mi spiace."))

    assert ended.is_set()
    assert await rows(house) == [state]
    assert told(house)["call_1"]["status"] == "failure"
    assert said(house) == ["Mi spiace."]


async def test_the_same_call_twice_in_an_answer_is_carried_out_once(house: House) -> None:
    book = has(house, FakeTool("book"))
    spaced = another(BOOK, 2, arguments='{ "what":"four" }')
    await serve(house, calling(BOOK, spaced), reply("Fatto."))

    assert len(book.book) == 1
    assert {one.text for one in house.model.asked[1].outputs} == {done()}
    assert len(house.model.asked[1].outputs) == 2


async def test_a_write_that_is_asked_for_again_in_the_turn_is_not_done_again(house: House) -> None:
    book = has(house, FakeTool("book"))
    anew = calling(another(BOOK, 2), response_id="resp_2")
    await serve(house, calling(BOOK), anew, reply("Fatto.", response_id="resp_3"))

    assert len(book.book) == 1
    assert house.model.asked[2].outputs == (Output("call_2", done()),)


async def test_another_turn_may_do_the_same_again_under_a_key_of_its_own(house: House) -> None:
    book = has(house, FakeTool("book"))
    anew = calling(another(BOOK, 2), response_id="resp_3")
    house.model.will(calling(BOOK), reply("Fatto.", response_id="resp_2"))
    house.model.will(anew, reply("Fatto.", response_id="resp_4"))
    anna = Client()
    async with house.process() as desk:
        await desk.answers(anna.writes("Un tavolo"))
        await desk.answers(anna.writes("Un altro"))

    assert len({key for key, _ in book.book}) == 2


@pytest.mark.parametrize("arguments", ["{", "[]", "null"])
async def test_arguments_are_the_tools_affair_and_are_kept_as_they_came(
    house: House, arguments: str
) -> None:
    async def refuses(_: ToolContext, got: str) -> str:
        raise ToolError(f"not {got}")

    has(house, FakeTool("book", acts=refuses))
    await serve(house, calling(another(BOOK, 1, arguments=arguments)), reply("Mi spiace."))

    assert await rows(house, "arguments") == [arguments]
    assert told(house)["call_1"]["message"] == f"not {arguments}"


async def test_a_tool_that_there_is_not_is_answered_with_those_that_there_are(house: House) -> None:
    has(house, FakeTool("book"), FakeTool("look"))
    await serve(house, calling(another(BOOK, 1, name="fly")), reply("Mi spiace."))

    assert "book, look" in told(house)["call_1"]["message"]
    assert await rows(house) == ["failed"]


async def test_a_transcript_has_what_was_called_until_it_is_erased(house: House) -> None:
    has(house, FakeTool("book"))
    house.model.will(calling(BOOK), reply("Fatto.", response_id="resp_2"))
    async with house.process() as desk:
        await desk.answers(Client().writes("Un tavolo"))
        (call,) = (await desk.transcript()).calls
        erase = text("UPDATE calls SET arguments = '', output = NULL")
        await house.database.write(lambda connection: connection.execute(erase))
        erased = (await desk.transcript()).calls

    assert (call.turn, call.tool, call.arguments, call.state) == (1, "book", FOUR, "done")
    assert call.output == done()
    assert erased == ()
