"""The program is stopped, or killed, in the middle: the client gets each bubble once, in order."""

import asyncio
from typing import Any

import pytest

from bot.core.texts import Text, say
from bot.playground.openai import FaultKind, Then
from tests.patience import PATIENCE_SECONDS
from tests.scenarios.clock import UNHURRIED
from tests.scenarios.encounters import dies_before_confirming
from tests.scenarios.people import Person
from tests.scenarios.stage import AI_NOTICE, WELCOME, Stage

BUBBLES = ("Uno.", "Due.", "Tre.")
LONG_MS = 5_000.0  # nobody waits for it: the model stops when its client is gone


async def asks(stage: Stage, **how: Any) -> Person:
    """Someone who knows that an AI answers, and is about to be answered."""
    anna = stage.person("Anna")
    anna.writes("/start")
    await anna.hears(WELCOME, AI_NOTICE)
    await stage.settles()
    if "delay_ms" in how:
        stage.clock.speed = UNHURRIED
    stage.will_say(*BUBBLES, **how)
    anna.writes("Dica")
    return anna


async def has(stage: Stage, query: str) -> None:
    """Wait until a query finds something."""
    while not await stage.count(query):
        before = stage.commits
        await stage.until(lambda: stage.commits > before)  # noqa: B023 - awaited in this round


# ------------------------------------------------------------------------- killed


async def test_in_the_quiet_window(closed: Stage) -> None:
    await closed.opens(turn_quiet_seconds=15)
    anna = await asks(closed)
    await has(closed, "SELECT count(*) FROM updates WHERE kind = 'message'")
    await closed.dies()
    await closed.opens()
    await anna.hears(*BUBBLES)


@pytest.mark.parametrize("then", Then)
async def test_while_the_model_thinks(stage: Stage, then: Then) -> None:
    stage.openai_fails(FaultKind.NONE, then=then, then_seconds=0.1)
    anna = await asks(stage, first_ms=LONG_MS)
    await stage.until(lambda: len(stage.asked()) == 1)
    await stage.dies()
    if then is Then.DROP:
        stage.will_say(*BUBBLES)
    else:
        await is_over(stage)
    await stage.opens()
    await anna.hears(*BUBBLES)


async def is_over(stage: Stage) -> None:
    """Wait until the model has ended what it was saying to nobody."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while any(one.busy for one in stage.openai.state.conversations.values()):  # noqa: ASYNC110  # it tells nobody
            await asyncio.sleep(0)


async def test_between_two_bubbles(stage: Stage) -> None:
    anna = await asks(stage, delay_ms=10)
    await stage.until(lambda: len(anna.untold()) == 1)
    await stage.dies()
    await stage.opens()
    await anna.hears(*BUBBLES)


@pytest.mark.parametrize("number", [0, 1])
@pytest.mark.parametrize("accepted", [False, True], ids=["before", "after"])
async def test_in_the_middle_of_a_bubble(stage: Stage, number: int, accepted: bool) -> None:
    stage.telegram_fails("delay", delay_seconds=0, count=2 + number)  # two answer /start
    stage.telegram_fails("hold_after" if accepted else "hold_before")
    anna = await asks(stage)
    await stage.until(lambda: stage.telegram.faults.held == 1)
    await stage.dies()
    stage.telegram.faults.release(lose=True)
    await stage.opens()
    await anna.hears(*BUBBLES)


async def test_in_the_middle_of_a_command_s_answer(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.telegram_fails("hold_after")
    anna.writes("/help")
    await stage.until(lambda: stage.telegram.faults.held == 1)
    await stage.dies()
    stage.telegram.faults.release(lose=True)
    await stage.opens()
    await anna.hears(say(Text.HELP, "it"))


async def test_twice_in_a_row(stage: Stage) -> None:
    anna = await asks(stage, delay_ms=10)
    await stage.until(lambda: len(anna.untold()) == 1)
    await stage.dies()
    stage.telegram_fails("hold_after")
    await stage.opens()
    await stage.until(lambda: stage.telegram.faults.held == 1)
    await stage.dies()
    stage.telegram.faults.release(lose=True)
    await stage.opens()
    await anna.hears(*BUBBLES)


async def test_messages_written_meanwhile_are_answered(stage: Stage) -> None:
    anna = await asks(stage, delay_ms=10)
    await stage.until(lambda: len(anna.untold()) == 1)
    await stage.dies()
    anna.writes("E poi?")
    stage.will_say("Quattro.")
    await stage.opens()
    await anna.hears(*BUBBLES, "Quattro.")


@pytest.mark.parametrize("writes", ["/help", "Dica", "/help Dica"])
async def test_an_update_that_telegram_delivers_again_is_answered_once(
    stage: Stage, writes: str
) -> None:
    anna = stage.person("Anna")
    anna.writes("/start")
    await anna.hears(WELCOME, AI_NOTICE)
    await stage.settles()
    stage.telegram_fails("500", method="getUpdates", count=None)
    stage.warns("Telegram cannot be polled")
    if "Dica" in writes:
        stage.will_say("Ecco.")
    anna.writes(writes)
    helped = [say(Text.HELP, "it")] if "/help" in writes else []
    await anna.hears(*helped, *(["Ecco."] if "Dica" in writes else []))
    await dies_before_confirming(stage)
    await anna.hears()


async def test_the_waiting_message_is_not_said_again(closed: Stage) -> None:
    await closed.opens(waiting_seconds=5)
    anna = closed.person("Anna")
    anna.writes("/start")
    await anna.hears(WELCOME, AI_NOTICE)
    closed.openai_fails(FaultKind.NONE, then=Then.DROP)
    closed.will_say(*BUBBLES, first_ms=LONG_MS)
    anna.writes("Dica")
    await anna.hears("Solo un momento, sto verificando.")
    await closed.until(lambda: len(closed.asked()) == 1)
    await closed.dies()
    closed.will_say(*BUBBLES, first_ms=200)
    await closed.opens()
    await anna.hears(*BUBBLES)


# ------------------------------------------------------------------------- stopped


async def test_stopped_between_two_bubbles_it_says_the_rest_at_the_next_start(
    stage: Stage,
) -> None:
    anna = await asks(stage, delay_ms=10)
    await stage.until(lambda: len(anna.untold()) == 1)
    await stage.closes()
    await stage.opens()
    await anna.hears(*BUBBLES)


async def test_a_stop_lets_the_bubble_on_its_way_arrive(stage: Stage) -> None:
    stage.telegram_fails("delay", delay_seconds=0, count=2)
    stage.telegram_fails("hold_before")
    anna = await asks(stage)
    await stage.until(lambda: stage.telegram.faults.held == 1)
    await stage.stops_while(stage.telegram.faults.release)
    await anna.hears("Uno.")
    assert await stage.rows("SELECT state FROM outbox WHERE text = 'Uno.'") == [("sent",)]
    await stage.opens()
    await anna.hears("Due.", "Tre.")


async def test_stopped_in_the_quiet_window_it_answers_at_the_next_start(closed: Stage) -> None:
    await closed.opens(turn_quiet_seconds=15)
    anna = await asks(closed)
    await has(closed, "SELECT count(*) FROM updates WHERE kind = 'message'")
    await closed.closes()
    await closed.opens()
    await anna.hears(*BUBBLES)


async def test_the_conversation_is_kept_over_a_restart(stage: Stage) -> None:
    anna = await asks(stage)
    await anna.hears(*BUBBLES)
    await stage.settles()
    await stage.closes()
    await stage.opens()
    stage.will_say("Quattro.")
    anna.writes("E poi?")
    await anna.hears("Quattro.")
    assert len({body["conversation"] for body in stage.asked()}) == 1
