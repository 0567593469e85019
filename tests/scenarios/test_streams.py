"""Streams that break, and answers that are odd: the client sees the right bubbles, each once."""

import json

import pytest

from bot.core.texts import Text, say
from bot.playground.openai import FaultKind, Then
from bot.turns.asking import SPEAK
from tests.llm.support import deltas_of
from tests.scenarios.clock import UNHURRIED
from tests.scenarios.encounters import met
from tests.scenarios.stage import Stage

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

BUBBLES = ("Uno.", "Due.", "Tre.")
FAILURE = say(Text.FAILURE, "it")
ALL = 6  # the first request and its five repetitions


# ------------------------------------------------------------------- broken streams


PLACES = {
    "before it begins": -1,
    "before the first word": 0,
    "inside the first bubble": 15,
    "inside the second bubble": deltas_of("Uno.", then="Du"),
    "after the last bubble": deltas_of(*BUBBLES),
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
    closed: Stage, after_deltas: int
) -> None:
    closed.clock.speed = UNHURRIED
    await closed.opens()
    anna = await met(closed)
    late = {"then": Then.FINISH, "then_seconds": 0.1}
    closed.openai_fails(FaultKind.CUT, after_deltas=after_deltas, **late)
    closed.will_say(*BUBBLES)
    anna.writes("Dica")
    await anna.hears(*BUBBLES)
    assert len([line for line in closed.remembered() if line[0] == "user"]) == 1


async def test_an_answer_that_never_ends_is_left_behind(stage: Stage) -> None:
    anna = await met(stage)
    after = deltas_of("Uno.", then="Mai")
    stage.openai_fails(FaultKind.CUT, after_deltas=after, then=Then.FINISH, then_seconds=60.0)
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
    stage.warns("turn failed", "refused")
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


@pytest.mark.parametrize(
    "kind", [FaultKind.SILENT_END, FaultKind.CUT, FaultKind.FAILED, FaultKind.ERROR_EVENT]
)
async def test_an_answer_that_breaks_behind_its_last_bubble_is_whole(
    stage: Stage, kind: FaultKind
) -> None:
    anna = await met(stage)
    reply = {"messages": BUBBLES, "buttons": [], "outcome": "answered", "about": "Orari"}
    raw = json.dumps(reply)
    stage.openai_fails(kind, after_deltas=raw.index("about"), then=Then.DROP)
    stage.will_say(raw=raw, delay_ms=PACE_MS)
    anna.writes("Dica")
    await anna.hears(*BUBBLES)
    await stage.settles()
    assert len(stage.asked()) == 1
    stored = await stage.rows("SELECT state, outcome, about FROM turns ORDER BY id DESC LIMIT 1")
    assert stored == [("done", "answered", None)]


# ------------------------------------------------------------------- odd answers


@pytest.mark.parametrize(
    ("kind", "heard"),
    [
        (FaultKind.NOT_JSON, ("Good morning! Tell me.",)),
        (FaultKind.WRONG_SCHEMA, ("Good morning!",)),
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
    ("kind", "fields", "heard"),
    [
        (FaultKind.PREFACE, {}, BUBBLES),
        (FaultKind.PREFACE, {"text": '{"messages":["Vedo."]}'}, BUBBLES),
        (FaultKind.PREFACE, {"text": '{"messages":["Vedo."]}', "phase": ""}, ("Vedo.", *BUBBLES)),
        (FaultKind.TWICE, {}, BUBBLES),
    ],
)
async def test_of_two_messages_in_one_answer_each_reply_is_said_once(
    stage: Stage, kind: FaultKind, fields: dict[str, str], heard: tuple[str, ...]
) -> None:
    anna = await met(stage)
    stage.openai_fails(kind, **fields)
    stage.will_say(*BUBBLES)
    anna.writes("Dica")
    await anna.hears(*heard)
    assert len(stage.asked()) == 1


async def test_an_answer_of_commentary_alone_is_asked_once_more(stage: Stage) -> None:
    anna = await met(stage)
    stage.openai_fails(FaultKind.NO_REPLY)
    stage.will_say("Mai detto.")
    stage.will_say(*BUBBLES)
    anna.writes("Dica")
    await anna.hears(*BUBBLES)
    assert stage.inputs()[0] == ["Dica"]
    assert stage.inputs()[1] == [SPEAK]


# ------------------------------------------------------------------- no end, no stream


@pytest.mark.parametrize("kind", [FaultKind.SILENT_END, FaultKind.CUT])
async def test_a_whole_reply_needs_no_last_event(stage: Stage, kind: FaultKind) -> None:
    anna = await met(stage)
    stage.openai_fails(kind, after_deltas=deltas_of(*BUBBLES) + 2, then=Then.DROP)
    # Slower than others: what has come and is not read yet goes with its connection.
    stage.will_say(*BUBBLES, delay_ms=10 * PACE_MS)
    anna.writes("Dica")
    await anna.hears(*BUBBLES)
    await stage.settles()
    assert len(stage.asked()) == 1
    assert await stage.rows("SELECT state FROM turns") == [("done",)]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("", ()),
        ("<h1>Welcome</h1>", ("not the API",)),
        ('{"object":"response"}', ("not the API",)),
    ],
)
async def test_what_is_no_stream_is_asked_for_twice(
    stage: Stage, body: str, told: tuple[str, ...]
) -> None:
    anna = await met(stage)
    stage.openai_fails(FaultKind.NO_STREAM, text=body, count=None, on="responses.create")
    stage.warns("turn failed", *told)
    anna.writes("Dica")
    await anna.hears(FAILURE)
    assert len(stage.asked()) == 2
    stage.openai.faults.clear()


async def test_what_is_no_stream_once_costs_nothing(stage: Stage) -> None:
    anna = await met(stage)
    stage.openai_fails(FaultKind.NO_STREAM, text="<h1>Welcome</h1>")
    stage.will_say(*BUBBLES)
    anna.writes("Dica")
    await anna.hears(*BUBBLES)


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
