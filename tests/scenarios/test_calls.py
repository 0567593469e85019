"""The whole program, with tools: what a client sees, and what OpenAI is sent."""

import json
from typing import Any

import pytest

from bot.core.calls import Effect
from bot.core.texts import Text, say
from bot.playground.openai import Call, FaultKind, Reply
from bot.ports import ToolContext
from db.calls import CallState, NoteCalls
from tests.fakes.tools import FakeTool, done
from tests.scenarios.encounters import met
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

FOUR = '{"what":"four"}'
YES, NO = say(Text.CONFIRM_YES, "it"), say(Text.CONFIRM_NO, "it")
BOOK = Call("book", FOUR, "call_1")


async def begins(stage: Stage, *tools: FakeTool) -> Person:
    stage.toolbox.tools.extend(tools)
    return await met(stage)


def will_call(stage: Stage, *calls: Call, **how: Any) -> None:
    stage.openai.script.add([Reply(calls=calls, **how)])


def outputs(stage: Stage) -> list[dict[str, str]]:
    """All that was sent to OpenAI, in a request or beside one, by their calls."""
    sent = [body.get("input", []) for body in stage.asked()]
    items = [item for items in sent for item in items if item["type"] == "function_call_output"]
    return [{item["call_id"]: item["output"]} for item in items]


async def test_a_client_books_a_table(stage: Stage) -> None:
    anna = await begins(stage, FakeTool("book"), FakeTool("look", Effect.READ))
    will_call(stage, BOOK, Call("look", FOUR, "call_2"))
    stage.will_say("Prenotato.", "A sabato!")
    anna.writes("Un tavolo per quattro")
    await anna.hears("Prenotato.", "A sabato!")
    assert outputs(stage) == [{"call_1": done()}, {"call_2": done()}]
    first, second = stage.asked()
    assert first["tools"] == second["tools"]
    assert first["conversation"] == second["conversation"]
    assert len(stage.toolbox.tools[0].book) == 1


@pytest.mark.parametrize("kind", [FaultKind.PREFACE, FaultKind.NO_ID, FaultKind.TWICE])
async def test_however_a_call_comes_it_is_made_once(stage: Stage, kind: FaultKind) -> None:
    anna = await begins(stage, FakeTool("book"))
    stage.openai_fails(kind)
    will_call(stage, BOOK)
    stage.will_say("Prenotato.")
    anna.writes("Un tavolo")
    await anna.hears("Prenotato.")
    assert len(stage.toolbox.tools[0].book) == 1
    assert outputs(stage) == [{"call_1": done()}]


async def test_a_server_that_counts_its_calls_anew_is_served(stage: Stage) -> None:
    anna = await begins(stage, FakeTool("book"))
    will_call(stage, Call("book", FOUR, "call_0"))
    will_call(stage, Call("book", '{"what":"five"}', "call_0"), Call("book", "{}", "call_0"))
    stage.will_say("Prenotati.")
    anna.writes("Tre tavoli")
    await anna.hears("Prenotati.")
    assert len(stage.toolbox.tools[0].book) == 3
    assert outputs(stage) == [{"call_0": done()}] * 3


async def test_a_call_that_was_cut_is_not_made_and_the_client_is_answered(stage: Stage) -> None:
    anna = await begins(stage, FakeTool("book"))
    stage.openai_fails(FaultKind.INCOMPLETE, after_deltas=2)
    will_call(stage, BOOK)
    stage.will_say("Per quante persone?")
    anna.writes("Un tavolo")
    await anna.hears("Per quante persone?")
    assert stage.toolbox.tools[0].book == []


async def test_a_failed_answer_makes_no_call(stage: Stage) -> None:
    anna = await begins(stage, FakeTool("book"))
    stage.openai_fails(FaultKind.FAILED, after_deltas=2)
    will_call(stage, BOOK)
    stage.will_say("Per quante persone?")
    anna.writes("Un tavolo")
    await anna.hears("Per quante persone?")
    assert stage.toolbox.tools[0].book == []


async def test_a_cut_stream_whose_answer_was_kept_makes_its_call_once(stage: Stage) -> None:
    anna = await begins(stage, FakeTool("book"))
    stage.openai_fails(FaultKind.CUT, after_deltas=2)
    will_call(stage, BOOK)
    stage.will_say("Prenotato.")
    anna.writes("Un tavolo")
    await anna.hears("Prenotato.")
    assert len(stage.toolbox.tools[0].book) == 1
    assert len(stage.asked()) == 2


async def test_a_lock_after_the_call_is_waited_for(stage: Stage) -> None:
    anna = await begins(stage, FakeTool("book"))

    async def locks(_: ToolContext, __: str) -> str:
        stage.openai_fails(FaultKind.LOCKED, count=3)
        return done()

    stage.toolbox.tools[0].acts = locks
    will_call(stage, BOOK)
    stage.will_say("Prenotato.")
    anna.writes("Un tavolo")
    await anna.hears("Prenotato.")
    assert len(stage.asked()) == 5
    assert stage.telemetry.count("model delayed") == 0


async def test_a_request_with_outputs_that_is_cut_is_not_repeated_blindly(stage: Stage) -> None:
    anna = await begins(stage, FakeTool("book"))

    async def cuts(_: ToolContext, __: str) -> str:
        stage.openai_fails(FaultKind.CUT, after_deltas=-1)
        return done()

    stage.toolbox.tools[0].acts = cuts
    will_call(stage, BOOK)
    stage.will_say("Prenotato.")
    anna.writes("Un tavolo")
    await anna.hears("Prenotato.")
    assert outputs(stage) == [{"call_1": done()}]


async def test_a_conversation_that_is_lost_within_the_loop_is_told_of_the_call(
    stage: Stage,
) -> None:
    anna = await begins(stage, FakeTool("book"))

    async def loses(_: ToolContext, __: str) -> str:
        stage.openai.state.conversations.clear()
        return done("Table seven.")

    stage.toolbox.tools[0].acts = loses
    will_call(stage, BOOK)
    stage.will_say("Prenotato.")
    anna.writes("Un tavolo")
    await anna.hears("Prenotato.")
    assert len(stage.toolbox.tools[0].book) == 1
    said = json.dumps(stage.asked()[-1]["input"], ensure_ascii=False)
    assert "Table seven." in said
    assert "Un tavolo" in said


async def test_killed_with_the_output_stored_it_goes_on_and_books_nothing_again(
    stage: Stage,
) -> None:
    anna = await begins(stage, FakeTool("book"))
    will_call(stage, BOOK)
    stage.openai.script.add([Reply(messages=("Prenotato.",), first_ms=3_600_000)])

    def is_told(operation: Any) -> bool:
        over = isinstance(operation, NoteCalls)
        return over and operation.became[0].state is CallState.DONE

    anna.writes("Un tavolo")
    await stage.until(lambda: any(map(is_told, stage.committed)) and len(stage.asked()) == 2)
    await stage.dies()
    stage.will_say("Prenotato.")
    await stage.opens()
    await anna.hears("Prenotato.")
    assert len(stage.toolbox.tools[0].book) == 1
    told = [item["content"] for item in stage.asked()[-1]["input"]]
    assert any(done() in line for line in told)  # the answer was still under way: it is left


async def asked_to_confirm(stage: Stage) -> Person:
    anna = await begins(stage, FakeTool("book", confirm=True))
    will_call(stage, BOOK)
    stage.will_say("Serve una conferma.")
    anna.writes("Un tavolo")
    await anna.hears("Serve una conferma.", f"{say(Text.CONFIRM, 'it')}\n\nBook\n• what: four")
    await stage.until(lambda: anna.buttons() == [YES, NO])
    await stage.settles()
    return anna


async def test_what_is_to_be_confirmed_is_done_by_a_tap_over_a_restart(stage: Stage) -> None:
    anna = await asked_to_confirm(stage)
    await stage.dies()
    await stage.opens()
    stage.will_say("Prenotato.")
    anna.presses(YES)
    await anna.hears("Prenotato.")
    await stage.settles()
    assert len(stage.toolbox.tools[0].book) == 1
    anna.presses(anna.buttons()[0])
    await stage.settles()
    assert len(stage.toolbox.tools[0].book) == 1


async def test_what_is_declined_is_not_done(stage: Stage) -> None:
    anna = await asked_to_confirm(stage)
    stage.will_say("Va bene, niente.")
    anna.presses(NO)
    await anna.hears("Va bene, niente.")
    assert stage.toolbox.tools[0].book == []
    assert "is not done: it was not confirmed" in json.dumps(stage.asked()[-1]["input"])
