"""What OpenAI and the network may do to an answer: the client sees the right bubbles, each once."""

from functools import partial

import pytest

from bot.core.texts import Text, say
from bot.llm.model import open_model
from bot.playground.openai import FaultKind, Then
from tests.scenarios.encounters import host_of, met, talked
from tests.scenarios.stage import AI_NOTICE, Stage

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

BUBBLES = ("Uno.", "Due.", "Tre.")
FAILURE = say(Text.FAILURE, "it")
ALL = 6  # the first request and its five repetitions


# ------------------------------------------------------------------ refused for a moment


@pytest.mark.parametrize(
    "kind",
    [FaultKind.LOCKED, FaultKind.RATE_LIMIT, FaultKind.SERVER_ERROR, FaultKind.OVERLOADED],
)
async def test_a_refusal_that_passes_costs_nothing(stage: Stage, kind: FaultKind) -> None:
    anna = await met(stage)
    stage.openai_fails(kind, count=3)
    stage.will_say(*BUBBLES)
    anna.writes("Dica")
    await anna.hears(*BUBBLES)


@pytest.mark.parametrize("operation", ["responses.create", "conversations.create"])
@pytest.mark.parametrize("kind", [FaultKind.SERVER_ERROR, FaultKind.OVERLOADED])
async def test_one_that_does_not_pass_ends_in_one_polite_bubble(
    stage: Stage, kind: FaultKind, operation: str
) -> None:
    anna = await met(stage)
    ahead = operation == "conversations.create"  # one is asked for while the client writes
    stage.openai_fails(kind, count=ALL + ahead, on=operation)
    stage.warns("turn failed")
    if kind is FaultKind.SERVER_ERROR:  # nobody has to be told of a rush
        stage.warns("refused")
    anna.writes("Dica")
    await anna.hears(FAILURE)
    await stage.settles()
    assert await stage.rows("SELECT state FROM turns") == [("failed",)]


async def test_the_pause_that_openai_asks_for_is_kept(stage: Stage) -> None:
    anna = await met(stage)
    stage.openai_fails(FaultKind.RATE_LIMIT, retry_after=30)
    stage.will_say("Uno.")
    anna.writes("Dica")
    await anna.hears("Uno.")
    (delay,) = [fields for event, fields in stage.telemetry.records if event == "model delayed"]
    assert delay["seconds"] == 30


async def test_a_request_that_is_wrong_is_not_repeated(stage: Stage) -> None:
    anna = await met(stage)
    stage.openai_fails(FaultKind.STATUS, status=400, code="invalid_value")
    stage.warns("turn failed", "refused")
    anna.writes("Dica")
    await anna.hears(FAILURE)
    assert len(stage.asked()) == 1


async def test_the_next_message_after_a_failure_is_answered(stage: Stage) -> None:
    anna = await met(stage)
    stage.openai_fails(FaultKind.STATUS, status=400, code="invalid_value")
    stage.warns("turn failed", "refused")
    anna.writes("Dica")
    await anna.hears(FAILURE)
    stage.will_say(*BUBBLES)
    anna.writes("Dica")
    await anna.hears(*BUBBLES)


# ------------------------------------------------------------------- silence


@pytest.mark.parametrize("then", Then)
async def test_a_server_that_hangs_is_asked_again(closed: Stage, then: Then) -> None:
    closed.open_model = partial(open_model, silence_seconds=0.3)
    await closed.opens()
    anna = await met(closed)
    closed.openai_fails(FaultKind.HANG, then=then)
    closed.will_say(*BUBBLES)
    if then is Then.DROP:
        closed.will_say(*BUBBLES)
    anna.writes("Dica")
    await anna.hears(*BUBBLES)


async def test_a_stream_that_falls_silent_is_recovered(closed: Stage) -> None:
    closed.open_model = partial(open_model, silence_seconds=0.3)
    await closed.opens()
    anna = await met(closed)
    closed.openai_fails(FaultKind.SLOW, seconds=0.5, then=Then.FINISH)
    closed.will_say(*BUBBLES)
    anna.writes("Dica")
    await anna.hears(*BUBBLES)


# ------------------------------------------------------------------- told to the hosts


async def test_a_host_who_never_wrote_to_the_bot_is_not_written_to(closed: Stage) -> None:
    host = closed.person("Oste")
    await closed.opens(admin_ids=str(host.chat_id))
    anna = await met(closed)
    closed.openai_fails(FaultKind.NO_CREDIT)
    closed.warns("turn failed", "out of credit")
    anna.writes("Dica")
    await anna.hears(FAILURE)
    await closed.settles()
    assert host.calls() == 0


async def test_over_the_daily_limit_the_host_is_told_once(closed: Stage) -> None:
    host = await host_of(closed, "en", daily_token_limit=1)
    anna = await talked(closed)
    closed.warns("turn failed", "cap")
    for _ in range(2):
        anna.writes("Dica")
        await anna.hears(say(Text.DAILY_CAP, "it"))
        await closed.settles()
    await host.hears(say(Text.HOST_DAILY_CAP, "en"))
    assert len(closed.asked()) == 1


# ------------------------------------------------------------------- the conversation


async def test_a_lost_conversation_is_seeded_from_our_own_log(stage: Stage) -> None:
    anna = await talked(stage)
    stage.openai.state.delete_conversation(stage.asked()[0]["conversation"])
    stage.will_say("Certo.")
    anna.writes("Avete posto?")
    await anna.hears("Certo.")
    await stage.settles()
    assert stage.remembered() == [
        ("user", "Buongiorno"),
        ("assistant", "Salve."),
        ("assistant", "Dica pure."),
        ("user", "Avete posto?"),
        ("assistant", "Certo."),
    ]


async def test_a_long_log_is_seeded_whole(stage: Stage) -> None:
    anna = await met(stage)
    for number in range(13):
        stage.will_say(f"Risposta {number}.")
        anna.writes(f"Domanda {number}")
        await anna.hears(f"Risposta {number}.")
    await stage.settles()
    stage.openai.state.delete_conversation(stage.asked()[0]["conversation"])
    stage.will_say("Certo.")
    anna.writes("Avete posto?")
    await anna.hears("Certo.")
    await stage.settles()
    said = [text for _, text in stage.remembered()]
    assert said[:2] == ["Domanda 0", "Risposta 0."]
    assert len(said) == 28


async def test_a_group_s_log_says_who_said_what(stage: Stage) -> None:
    anna = stage.person("Anna")
    group = stage.group(anna)
    stage.will_say("Salve.")
    anna.writes("@aurora_bot buongiorno", to=group)
    await group.hears(AI_NOTICE, "Salve.")
    await stage.settles()
    stage.openai.state.delete_conversation(stage.asked()[0]["conversation"])
    stage.will_say("Certo.")
    anna.writes("@aurora_bot avete posto?", to=group)
    await group.hears("Certo.")
    assert stage.remembered()[0] == ("user", "⟦from: Anna⟧\nbuongiorno")


async def test_the_log_holds_an_edited_message_once(stage: Stage) -> None:
    anna = await met(stage)
    stage.will_say("Salve.")
    anna.edits(anna.writes("Buongiorn"), "Buongiorno")
    await anna.hears("Salve.")
    await stage.settles()
    stage.openai.state.delete_conversation(stage.asked()[0]["conversation"])
    stage.will_say("Certo.")
    anna.writes("Avete posto?")
    await anna.hears("Certo.")
    assert stage.remembered()[:2] == [("user", "Buongiorno"), ("assistant", "Salve.")]


@pytest.mark.parametrize("kind", [FaultKind.SERVER_ERROR, FaultKind.RATE_LIMIT])
async def test_seeding_that_fails_is_gone_on_with(stage: Stage, kind: FaultKind) -> None:
    anna = await talked(stage)
    stage.openai.state.delete_conversation(stage.asked()[0]["conversation"])
    stage.openai_fails(kind, on="items.create")
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


async def test_a_conversation_that_is_too_long_goes_on_in_a_shorter_one(stage: Stage) -> None:
    anna = await talked(stage)
    stage.openai_fails(FaultKind.STATUS, status=400, code="context_length_exceeded")
    stage.will_say("Certo.")
    anna.writes("Avete posto?")
    await anna.hears("Certo.")
    assert stage.asked()[-1]["conversation"] != stage.asked()[0]["conversation"]


async def test_a_message_that_is_too_long_by_itself_ends_in_one_polite_bubble(
    stage: Stage,
) -> None:
    anna = await met(stage)
    stage.openai_fails(FaultKind.STATUS, status=400, code="context_length_exceeded", count=None)
    stage.warns("turn failed", "refused")
    anna.writes("Dica")
    await anna.hears(FAILURE)
    stage.openai.faults.clear()


async def test_a_function_call_without_an_output_is_repaired(stage: Stage) -> None:
    anna = await met(stage)
    stage.openai_fails(FaultKind.FUNCTION_CALL)
    stage.will_say("non detto")
    anna.writes("Dica")
    await anna.hears(say(Text.EMPTY_REPLY, "it"))
    stage.will_say("Certo.")
    anna.writes("Avete posto?")
    await anna.hears("Certo.")
    assert len({body["conversation"] for body in stage.asked()}) == 1
