"""What OpenAI and the network may do to an answer: the client sees the right bubbles, each once."""

from functools import partial

import pytest

from bot.core.texts import Text, say
from bot.llm.model import open_model
from bot.playground.openai import FaultKind, Then
from tests.llm.support import deltas_of
from tests.scenarios.people import Person
from tests.scenarios.stage import AI_NOTICE, WELCOME, Stage

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

BUBBLES = ("Uno.", "Due.", "Tre.")
FAILURE = say(Text.FAILURE, "it")
ALL = 6  # the first request and its five repetitions


async def met(stage: Stage, name: str = "Anna") -> Person:
    """Someone who knows that an AI answers."""
    person = stage.person(name)
    person.writes("/start")
    await person.hears(WELCOME, AI_NOTICE)
    return person


async def talked(stage: Stage) -> Person:
    """Someone who was answered once."""
    person = await met(stage)
    stage.will_say("Salve.", "Dica pure.")
    person.writes("Buongiorno")
    await person.hears("Salve.", "Dica pure.")
    await stage.settles()
    return person


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
    stage.openai_fails(kind, count=ALL, on=operation)
    stage.warns("turn failed")
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
    stage.warns("turn failed")
    anna.writes("Dica")
    await anna.hears(FAILURE)
    assert len(stage.asked()) == 1


async def test_an_address_where_nobody_answers_ends_in_one_polite_bubble(closed: Stage) -> None:
    await closed.opens(openai_base_url="http://127.0.0.1:9/v1")
    anna = await met(closed)
    closed.warns("model not checked", "turn failed")
    anna.writes("Dica")
    await anna.hears(FAILURE)


async def test_the_next_message_after_a_failure_is_answered(stage: Stage) -> None:
    anna = await met(stage)
    stage.openai_fails(FaultKind.STATUS, status=400, code="invalid_value")
    stage.warns("turn failed")
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


@pytest.mark.parametrize(
    ("kind", "event", "text"),
    [
        (FaultKind.NO_CREDIT, "out of credit", Text.HOST_OUT_OF_CREDIT),
        (FaultKind.UNAUTHORIZED, "key refused", Text.HOST_KEY_REFUSED),
    ],
)
async def test_the_host_is_told_once_what_only_the_host_can_mend(
    closed: Stage, kind: FaultKind, event: str, text: Text
) -> None:
    host = closed.person("Oste", "ru")
    await closed.opens(admin_ids=str(host.chat_id))
    host.writes("/start")
    await host.hears(WELCOME, AI_NOTICE)
    anna = await met(closed)
    closed.openai_fails(kind, count=2)
    closed.warns("turn failed", event)
    for _ in range(2):
        anna.writes("Dica")
        await anna.hears(FAILURE)
        await closed.settles()
    await host.hears(say(text, "ru"))


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
    host = closed.person("Oste", "en")
    await closed.opens(admin_ids=str(host.chat_id), daily_token_limit=1)
    host.writes("/start")
    await host.hears(WELCOME, AI_NOTICE)
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
    assert stage.remembered()[0] == ("user", "Anna: buongiorno")


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
    stage.warns("turn failed")
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


# ------------------------------------------------------------------- broken streams


PLACES = {
    "before it begins": -1,
    "before the first word": 0,
    "inside the first bubble": 15,
    "inside the second bubble": deltas_of("Uno.", then="Du"),
    "after the last bubble": deltas_of(*BUBBLES) + 1,
}
# What comes together with the break of a connection is lost with it: a delta needs its time.
PACE_MS = 2.0


def seen(after_deltas: int) -> int:
    """How many bubbles have closed by then."""
    return sum(after_deltas >= deltas_of(*BUBBLES[:number]) for number in (1, 2, 3))


@pytest.mark.parametrize("kind", [FaultKind.SILENT_END, FaultKind.CUT])
@pytest.mark.parametrize("after_deltas", PLACES.values(), ids=PLACES)
async def test_an_answer_that_openai_finishes_is_fetched(
    stage: Stage, kind: FaultKind, after_deltas: int
) -> None:
    anna = await met(stage)
    stage.openai_fails(kind, after_deltas=after_deltas, then=Then.FINISH)
    stage.will_say(*BUBBLES)
    anna.writes("Dica")
    await anna.hears(*BUBBLES)
    assert len(stage.asked()) == 1


@pytest.mark.parametrize("kind", [FaultKind.SILENT_END, FaultKind.CUT])
@pytest.mark.parametrize("after_deltas", PLACES.values(), ids=PLACES)
async def test_an_answer_that_openai_drops_is_asked_for_again_and_goes_on(
    stage: Stage, kind: FaultKind, after_deltas: int
) -> None:
    anna = await met(stage)
    stage.openai_fails(kind, after_deltas=after_deltas, then=Then.DROP)
    stage.will_say(*BUBBLES, delay_ms=PACE_MS)
    stage.will_say(*BUBBLES[seen(after_deltas) :], "Altro?")
    anna.writes("Dica")
    await anna.hears(*BUBBLES, "Altro?")
    assert stage.inputs()[1][0] == "Dica"
    assert stage.openai.state.conversations.keys() == {stage.asked()[0]["conversation"]}


@pytest.mark.parametrize("after_deltas", list(PLACES.values())[1:], ids=list(PLACES)[1:])
async def test_an_answer_that_is_finished_late_is_waited_for(
    stage: Stage, after_deltas: int
) -> None:
    anna = await met(stage)
    stage.openai_fails(FaultKind.CUT, after_deltas=after_deltas, then=Then.FINISH, then_seconds=0.1)
    stage.will_say(*BUBBLES)
    anna.writes("Dica")
    await anna.hears(*BUBBLES)
    assert len([line for line in stage.remembered() if line[0] == "user"]) == 1


async def test_an_answer_that_never_ends_is_left_behind(stage: Stage) -> None:
    anna = await met(stage)
    after = deltas_of("Uno.", then="Mai")
    stage.openai_fails(FaultKind.CUT, after_deltas=after, then=Then.FINISH, then_seconds=1.0)
    stage.will_say("Uno.", "Mai sentita.", delay_ms=PACE_MS)
    stage.will_say("Due.", "Tre.")
    anna.writes("Dica")
    await anna.hears(*BUBBLES)
    assert len({body["conversation"] for body in stage.asked()}) == 2


async def test_a_stream_that_breaks_again_and_again_ends_in_one_polite_bubble(
    stage: Stage,
) -> None:
    anna = await met(stage)
    stage.openai_fails(FaultKind.CUT, after_deltas=3, then=Then.DROP, count=7)
    stage.warns("turn failed")
    for _ in range(7):
        stage.will_say(*BUBBLES)
    anna.writes("Dica")
    await anna.hears(FAILURE)


@pytest.mark.parametrize("kind", [FaultKind.FAILED, FaultKind.ERROR_EVENT, FaultKind.ERROR_FIELD])
@pytest.mark.parametrize("after_deltas", list(PLACES.values())[1:], ids=list(PLACES)[1:])
async def test_an_answer_that_fails_is_asked_for_again_and_goes_on(
    stage: Stage, kind: FaultKind, after_deltas: int
) -> None:
    anna = await met(stage)
    stage.openai_fails(kind, after_deltas=after_deltas)
    stage.will_say(*BUBBLES, delay_ms=PACE_MS)
    stage.will_say(*BUBBLES[seen(after_deltas) :], "Altro?")
    anna.writes("Dica")
    await anna.hears(*BUBBLES, "Altro?")


# ------------------------------------------------------------------- odd answers


@pytest.mark.parametrize(
    ("kind", "heard"),
    [
        (FaultKind.NOT_JSON, ("Good morning! Tell me.",)),
        (FaultKind.WRONG_SCHEMA, ('{"answer":"Good morning!"}',)),
        (FaultKind.NO_MESSAGES, (say(Text.EMPTY_REPLY, "it"),)),
        (FaultKind.REFUSAL, ("I'm sorry, but I can't help with that.",)),
        (FaultKind.EXTRA_TEXT, BUBBLES),
    ],
)
async def test_an_odd_answer_is_made_the_best_of(
    stage: Stage, kind: FaultKind, heard: tuple[str, ...]
) -> None:
    anna = await met(stage)
    stage.openai_fails(kind)
    stage.will_say(*BUBBLES)
    anna.writes("Dica")
    await anna.hears(*heard)
    assert len(stage.asked()) == 1


@pytest.mark.parametrize(
    ("cause", "heard"),
    [
        (None, ("Uno.", "Il check-in è…")),  # max_output_tokens
        ("content_filter", ("Uno.",)),
    ],
)
async def test_of_a_reply_that_was_cut_what_can_be_saved_is_said(
    stage: Stage, cause: str | None, heard: tuple[str, ...]
) -> None:
    anna = await met(stage)
    after = deltas_of("Uno.", then="Il check-in è poss")
    stage.openai_fails(FaultKind.INCOMPLETE, after_deltas=after, code=cause)
    stage.will_say("Uno.", "Il check-in è possibile dalle 14:00.")
    anna.writes("Dica")
    await anna.hears(*heard)


async def test_a_reply_that_was_cut_before_any_word_gets_the_polite_sentence(
    stage: Stage,
) -> None:
    anna = await met(stage)
    stage.openai_fails(FaultKind.INCOMPLETE)
    stage.will_say(*BUBBLES)
    anna.writes("Dica")
    await anna.hears(say(Text.EMPTY_REPLY, "it"))
