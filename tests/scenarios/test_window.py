"""When messages become a turn, and what a client sees meanwhile."""

import pytest

from tests.scenarios.encounters import met
from tests.scenarios.people import BOT
from tests.scenarios.stage import Stage

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

WAIT = "Solo un momento, sto verificando."


async def test_several_messages_in_a_row_are_one_turn(stage: Stage) -> None:
    anna = await met(stage)
    stage.will_say("Certo.")
    for text in ("Buongiorno", "vorrei una camera", "per due"):
        anna.writes(text)
    await anna.hears("Certo.")
    assert stage.inputs() == [["Buongiorno", "vorrei una camera", "per due"]]


async def test_a_text_cut_by_the_client_s_application_is_waited_for(closed: Stage) -> None:
    closed.clock.speed = 4
    await closed.opens(turn_quiet_seconds=0)
    anna = await met(closed)
    closed.will_say("Letto tutto.")
    anna.writes("a" * 4096)
    await closed.until(lambda: not closed.telegram.world.updates[BOT].pending)
    anna.writes("fine")
    await anna.hears("Letto tutto.")
    assert [len(text) for text in closed.inputs()[0]] == [4096, 4]


async def test_a_message_during_an_answer_is_the_next_turn(stage: Stage) -> None:
    anna = await met(stage)
    stage.will_say("Una camera.", first_ms=200)
    anna.writes("Cosa avete?")
    await stage.until(lambda: len(stage.asked()) == 1)
    stage.will_say("Due camere.")
    anna.writes("E per quattro?")
    await anna.hears("Una camera.", "Due camere.")
    assert stage.inputs() == [["Cosa avete?"], ["E per quattro?"]]


async def test_a_slow_model_gets_the_waiting_message_once(closed: Stage) -> None:
    await closed.opens(waiting_seconds=5)
    anna = await met(closed)
    closed.will_say("Eccomi.", first_ms=400)
    anna.writes("Ci siete?")
    await anna.hears(WAIT, "Eccomi.")


async def test_a_quick_one_gets_none(closed: Stage) -> None:
    await closed.opens(waiting_seconds=200)
    anna = await met(closed)
    closed.will_say("Eccomi.")
    anna.writes("Ci siete?")
    await anna.hears("Eccomi.")


async def test_who_is_too_fast_is_told_once_and_loses_nothing(closed: Stage) -> None:
    closed.clock.speed = 1  # however busy the machine is, a minute is long
    await closed.opens(turns_per_minute=2)
    anna = await met(closed)
    for number in (1, 2):
        closed.will_say(f"Risposta {number}.")
        anna.writes(f"Domanda {number}")
        await anna.hears(f"Risposta {number}.")
    closed.will_say("Risposta 3 e 4.")
    anna.writes("Domanda 3")
    anna.writes("Domanda 4")
    await anna.hears("Ho ricevuto i messaggi: rispondo fra circa 60 secondi.")
    closed.clock.skips(60)
    await anna.hears("Risposta 3 e 4.")
    assert closed.inputs()[-1] == ["Domanda 3", "Domanda 4"]


@pytest.mark.parametrize("pace", ["human", "brisk"])
async def test_a_pause_before_a_bubble_costs_none(closed: Stage, pace: str) -> None:
    await closed.opens(pace=pace)
    anna = await met(closed)
    closed.will_say("Prima bolla, di una certa lunghezza.", "Seconda.", "Terza.")
    anna.writes("Dica")
    await anna.hears("Prima bolla, di una certa lunghezza.", "Seconda.", "Terza.")
