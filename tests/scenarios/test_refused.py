"""A conversation that OpenAI refuses for good: its client is answered all the same."""

from typing import Any

import pytest

from bot.core.texts import Text, say
from bot.playground.openai import FaultKind
from tests.scenarios.encounters import host_of, met, talked
from tests.scenarios.stage import Stage

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

FAILURE = say(Text.FAILURE, "it")
ITEM = "Item 'rs_1' of type 'reasoning' was provided without its required following item."
REASONING: dict[str, Any] = {"kind": FaultKind.STATUS, "status": 400, "message": ITEM}
for_good = pytest.mark.parametrize(
    "fault",
    [REASONING, {"kind": FaultKind.SERVER_ERROR}, {"kind": FaultKind.LOCKED}],
    ids=["an item is missing", "a constant 500", "it stays locked"],
)


@for_good
async def test_another_one_answers_in_the_same_turn(stage: Stage, fault: dict[str, Any]) -> None:
    anna = await talked(stage)
    old = stage.asked()[0]["conversation"]
    stage.openai_fails(**fault, conversation=old, count=None)
    stage.will_say("Certo.")
    anna.writes("Avete posto?")
    await anna.hears("Certo.")
    await stage.settles()
    assert [text for _, text in stage.remembered()] == [
        "Buongiorno",
        "Salve.",
        "Dica pure.",
        "Avete posto?",
        "Certo.",
    ]
    new = stage.asked()[-1]["conversation"]
    assert await stage.rows("SELECT conversation_id FROM threads") == [(new,)]
    assert await stage.rows("SELECT conversation_id FROM erasures") == [(old,)]
    stage.will_say("Due.")
    anna.writes("Quante?")
    await anna.hears("Due.")
    assert stage.asked()[-1]["conversation"] == new
    stage.openai.faults.clear()


@pytest.mark.parametrize("fault", [REASONING, {"kind": FaultKind.SERVER_ERROR}])
async def test_when_that_is_refused_alike_the_old_one_stays_and_the_host_is_told(
    closed: Stage, fault: dict[str, Any]
) -> None:
    host = await host_of(closed, "en")
    anna = await talked(closed)
    old = closed.asked()[0]["conversation"]
    closed.openai_fails(**fault, count=None)
    closed.warns("turn failed", "refused")
    for _ in range(2):
        anna.writes("Avete posto?")
        await anna.hears(FAILURE)
        await closed.settles()
    await host.hears(say(Text.HOST_REFUSED, "en"))
    assert await closed.rows("SELECT conversation_id FROM threads ORDER BY id DESC LIMIT 1") == [
        (old,)
    ]
    closed.openai.faults.clear()
    closed.will_say("Certo.")
    anna.writes("Allora?")
    await anna.hears("Certo.")
    assert closed.asked()[-1]["conversation"] == old


async def test_a_request_that_a_new_chat_s_conversation_refuses_is_not_repeated(
    stage: Stage,
) -> None:
    anna = await met(stage)
    stage.openai_fails(**REASONING)
    stage.warns("turn failed", "refused")
    anna.writes("Dica")
    await anna.hears(FAILURE)
    assert len(stage.asked()) == 1


async def test_killed_while_the_new_one_answers_nothing_is_lost(closed: Stage) -> None:
    await closed.opens()
    anna = await talked(closed)
    old = closed.asked()[0]["conversation"]
    closed.openai_fails(**REASONING, conversation=old, count=None)
    closed.will_say("Certo.", "Per quando?", delay_ms=20)
    anna.writes("Avete posto?")
    await anna.hears("Certo.")
    await closed.dies()
    await closed.opens()
    await anna.hears("Per quando?")
    await closed.settles()
    new = closed.asked()[-1]["conversation"]
    assert new != old
    assert len(closed.asked()) == 3
    assert await closed.rows("SELECT conversation_id FROM threads") == [(new,)]
    assert await closed.rows("SELECT conversation_id FROM erasures") == [(old,)]
    closed.openai.faults.clear()


@pytest.mark.parametrize("status", [500, 400])
async def test_a_repair_that_fails_is_no_end(stage: Stage, status: int) -> None:
    anna = await met(stage)
    stage.openai_fails(FaultKind.FUNCTION_CALL)
    stage.will_say("non detto")
    anna.writes("Dica")
    await anna.hears(say(Text.EMPTY_REPLY, "it"))
    stage.openai_fails(FaultKind.STATUS, status=status, on="items.create")
    stage.will_say("Certo.")
    anna.writes("Avete posto?")
    await anna.hears("Certo.")
    assert len({body["conversation"] for body in stage.asked()}) == (1 if status == 500 else 2)
