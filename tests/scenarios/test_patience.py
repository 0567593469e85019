"""A model that never answers: an apology in time, and the next message is answered."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bot.core.texts import Text, say
from bot.playground.openai import Fault, FaultKind, Then
from tests.llm.support import deltas_of
from tests.scenarios.encounters import met
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

BUBBLES = ("Uno.", "Due.", "Tre.")
FAILURE = say(Text.FAILURE, "it")
PATIENCE = 600.0
FOR_EVER = 36_000.0
PACE_MS = 2.0


@dataclass(frozen=True)
class Trial:
    """What OpenAI does, and how one sees from outside that the turn has come that far."""

    faults: tuple[Fault, ...]
    reached: Callable[[Stage], bool]
    heard: tuple[str, ...] = ()


def asked(times: int) -> Callable[[Stage], bool]:
    return lambda stage: len(stage.asked()) >= times


def looked(stage: Stage) -> bool:
    """The conversation's items are being listed."""
    requests = stage.openai.records.requests
    return any(one.method == "GET" and one.path.endswith("/items") for one in requests)


def looked_up(stage: Stage) -> bool:
    """The response is being asked for by its id."""
    requests = stage.openai.records.requests
    return any(one.method == "GET" and "/responses/" in one.path for one in requests)


UNFINISHED = Fault(FaultKind.CUT, count=None, then=Then.FINISH, then_seconds=FOR_EVER)
LOST = Fault(FaultKind.CUT, after_deltas=-1, count=None, then=Then.DROP)
HANGING = Fault(FaultKind.HANG, seconds=FOR_EVER, count=None)
TRIALS = {
    "a response stays in progress": Trial((UNFINISHED,), looked_up),
    "a look at the items goes on and on": Trial(
        (LOST, Fault(FaultKind.HANG, on="items.list", seconds=FOR_EVER, count=None)), looked
    ),
    "a look at the response goes on and on": Trial(
        (UNFINISHED, Fault(FaultKind.HANG, on="responses.retrieve", seconds=FOR_EVER, count=None)),
        looked_up,
    ),
    "the stream is cut again and again": Trial((LOST,), asked(4)),
    "the stream is kept open by pings": Trial((Fault(FaultKind.PINGS, count=None),), asked(1)),
    "it is so after a bubble": Trial(
        (Fault(FaultKind.PINGS, count=None, after_deltas=deltas_of("Uno.", then="D")),),
        asked(1),
        heard=("Uno.",),
    ),
    "the server says nothing": Trial((HANGING,), asked(1)),
}


async def waits(stage: Stage, trial: Trial) -> Person:
    """Anna has written, and the model keeps her waiting."""
    await stage.opens(turn_patience_seconds=PATIENCE)
    anna = await met(stage)
    for fault in trial.faults:
        stage.openai.faults.add(fault)
    for _ in range(8):
        stage.will_say(*BUBBLES, delay_ms=PACE_MS)
    anna.writes("Dica")
    if trial.heard:
        await anna.hears(*trial.heard)
    await stage.until(lambda: trial.reached(stage))
    return anna


def recovers(stage: Stage) -> None:
    """OpenAI is well again."""
    stage.openai.faults.clear()
    stage.openai.script.clear()
    stage.openai.script.strict = True


@pytest.mark.parametrize("trial", TRIALS.values(), ids=TRIALS)
async def test_patience_ends_politely_and_the_next_message_is_answered(
    closed: Stage, trial: Trial
) -> None:
    anna = await waits(closed, trial)
    assert anna.untold() == []
    closed.clock.skips(PATIENCE)
    await anna.hears(FAILURE)
    await closed.settles()
    ((state, cause),) = await closed.rows("SELECT state, cause FROM turns")
    assert (state, cause.split()[0]) == ("failed", "OutOfPatience")
    closed.warns("turn failed")
    left = {body["conversation"] for body in closed.asked()}
    recovers(closed)
    closed.will_say("Eccomi.")
    anna.writes("C'è nessuno?")
    await anna.hears("Eccomi.")
    assert closed.asked()[-1]["conversation"] not in left  # an answer may still come there
    assert closed.remembered()[0] == ("user", "Dica")


async def test_a_pause_that_is_longer_than_patience_is_not_begun(closed: Stage) -> None:
    await closed.opens(turn_patience_seconds=PATIENCE)
    anna = await met(closed)
    closed.openai_fails(FaultKind.RATE_LIMIT, retry_after=900)
    closed.warns("turn failed")
    anna.writes("Dica")
    await anna.hears(FAILURE)
    closed.will_say("Eccomi.")
    anna.writes("C'è nessuno?")
    await anna.hears("Eccomi.")
    first, second = closed.asked()
    assert first["conversation"] == second["conversation"]  # nothing came of the first


async def test_a_message_sent_meanwhile_waits_for_the_apology_and_no_longer(
    closed: Stage,
) -> None:
    anna = await waits(closed, TRIALS["the server says nothing"])
    anna.writes("C'è nessuno?")
    await closed.until(lambda: not closed.pending())
    recovers(closed)
    closed.will_say("Eccomi.")
    closed.clock.skips(PATIENCE)
    await anna.hears(FAILURE, "Eccomi.")
    closed.warns("turn failed")
    assert closed.asked()[-1]["input"][-1]["content"] == "C'è nessuno?"


async def test_a_kill_begins_with_new_patience(closed: Stage) -> None:
    silent = Fault(FaultKind.HANG, seconds=FOR_EVER, count=None, then=Then.DROP)
    anna = await waits(closed, Trial((silent,), asked(1)))
    closed.clock.skips(PATIENCE * 0.9)
    await closed.dies()
    await closed.opens()
    await closed.until(lambda: asked(2)(closed))
    closed.clock.skips(PATIENCE * 0.5)
    recovers(closed)
    assert anna.untold() == []
    closed.clock.skips(PATIENCE * 0.5)
    await anna.hears(FAILURE)
    closed.warns("turn failed")
