"""What clients say behind a command is answered as if they had said it alone."""

import pytest

from bot.core.texts import Text, say
from bot.front.commands import what_is_kept
from tests.scenarios.people import Person
from tests.scenarios.stage import AI_NOTICE, HOTEL, WELCOME, Stage

NEW, HELP = say(Text.NEW, "it"), say(Text.HELP, "it")
PRIVACY = what_is_kept(HOTEL, "it", host_days=365)
TOKEN = "987654321:AAH-x_secretsecretsecretsecretsecre"


async def met(stage: Stage) -> Person:
    """Someone who was answered once."""
    anna = stage.person("Anna")
    stage.will_say("Salve.")
    anna.writes("Buongiorno")
    await anna.hears(AI_NOTICE, "Salve.")
    return anna


# --------------------------------------------------------------------------- /new


async def test_behind_new_they_are_the_first_message_of_the_new_conversation(stage: Stage) -> None:
    anna = await met(stage)
    stage.will_say("Sì, la Classic.")
    anna.writes("/new Avete una camera per due?")
    await anna.hears(NEW, "Sì, la Classic.")
    before, after = (body["conversation"] for body in stage.asked())
    assert before != after
    assert stage.inputs()[1] == ["Avete una camera per due?"]


async def test_so_they_are_in_a_caption(stage: Stage) -> None:
    anna = await met(stage)
    stage.will_say("La Classic.")
    anna.sends("photo", caption="/new Che camera è?")
    await anna.hears(NEW, "La Classic.")
    before, after = (body["conversation"] for body in stage.asked())
    assert before != after
    assert stage.inputs()[1] == ["⟦photo⟧\nChe camera è?"]


@pytest.mark.parametrize("style", ["bold", "code"])
async def test_however_they_are_written(stage: Stage, style: str) -> None:
    anna = await met(stage)
    stage.will_say("Sì, la Classic.")
    text = "/new Avete una camera?"
    styled = {"type": style, "offset": 0, "length": len(text)}  # code hides the command's mark
    commands = [{"type": "bot_command", "offset": 0, "length": 4}] if style == "bold" else []
    anna.shares(text=text, entities=[styled, *commands])
    await anna.hears(NEW, "Sì, la Classic.")
    assert stage.inputs()[1] == ["Avete una camera?"]


async def test_and_in_a_group(stage: Stage) -> None:
    anna = stage.person("Anna")
    group = stage.group(anna)
    stage.will_say("Sì.")
    anna.writes("/new@aurora_bot Avete posto?", to=group)
    await group.hears(NEW, AI_NOTICE, "Sì.")
    assert stage.inputs() == [["⟦from: Anna⟧\nAvete posto?"]]


async def test_what_came_before_is_answered_before_and_what_comes_after_along_with_them(
    closed: Stage,
) -> None:
    await closed.opens(turn_quiet_seconds=20, turn_max_wait_seconds=60)  # none begins meanwhile
    stage, anna = closed, await met(closed)
    stage.will_say("Prima risposta.")
    stage.will_say("Seconda risposta.")
    anna.writes("prima")
    anna.writes("/new Avete posto?")
    anna.writes("Per due.")
    await anna.hears(NEW, "Prima risposta.", "Seconda risposta.")
    first, old, new = (body["conversation"] for body in stage.asked())
    assert (old, new != old) == (first, True)
    assert stage.inputs()[1:] == [["prima"], ["Avete posto?", "Per due."]]


async def test_of_commands_in_a_row_each_has_its_words(stage: Stage) -> None:
    anna = await met(stage)
    stage.will_say("Uno.")
    stage.will_say("Due.")
    anna.writes("/new uno")
    anna.writes("/new due")
    await anna.hears(NEW, NEW, "Uno.", "Due.")
    assert stage.inputs()[1:] == [["uno"], ["due"]]


async def test_a_token_in_them_is_hidden(stage: Stage) -> None:
    anna = await met(stage)
    stage.will_say("Lo tenga per sé.")
    anna.writes(f"/new Il mio token è {TOKEN}")
    await anna.hears(NEW, "Lo tenga per sé.")
    assert stage.inputs()[1] == [f"Il mio token è {'•' * len(TOKEN)}"]
    assert not [text for text in await stage.everything_stored() if TOKEN in text]


# ------------------------------------------------------------- /help and /privacy


@pytest.mark.parametrize(("command", "text"), [("help", HELP), ("privacy", PRIVACY)])
async def test_behind_help_and_privacy_they_are_answered_too(
    stage: Stage, command: str, text: str
) -> None:
    anna = await met(stage)
    stage.will_say("Sì, se è piccolo.")
    anna.writes(f"/{command} posso portare il cane?")
    await anna.hears(text, "Sì, se è piccolo.")
    assert stage.inputs()[1] == ["posso portare il cane?"]
    assert len({body["conversation"] for body in stage.asked()}) == 1


async def test_behind_forget_they_belong_to_the_question(stage: Stage) -> None:
    anna = await met(stage)
    anna.writes("/forget tutto quello che ho detto")
    await anna.hears(say(Text.FORGET_ASK, "it"))


# ------------------------------------------------------------------------- /start


@pytest.mark.parametrize(
    "words", ["ciao vorrei prenotare", "c'è posto?", "città", "a" * 65, "ciao"]
)
async def test_behind_start_they_are_answered_unless_they_lead_somewhere(
    stage: Stage, words: str
) -> None:
    anna = stage.person("Anna")
    stage.will_say("Volentieri.")
    anna.writes(f"/start {words}")
    await anna.hears(WELCOME, AI_NOTICE, "Volentieri.")
    assert stage.inputs() == [[words]]


async def test_what_a_link_brought_is_noted_for_the_model_and_asks_nothing(stage: Stage) -> None:
    anna = stage.person("Anna")
    for payload in ("campaign-42", "room_7", "campaign-43"):  # the last one counts
        anna.writes(f"/start {payload}")
        await anna.hears(WELCOME, AI_NOTICE)
    await stage.settles()
    assert stage.asked() == []
    stage.will_say("Volentieri.")
    anna.writes("Ciao")
    await anna.hears("Volentieri.")
    told = [item["content"] for item in stage.asked()[0]["input"] if "⟦start" in str(item)]
    assert told == ["⟦language: it⟧\n⟦name: Anna⟧\n⟦start: campaign-43⟧"]
    assert {item["role"] for item in stage.asked()[0]["input"] if "campaign" in str(item)} == {
        "user"
    }


async def test_what_is_noted_is_forgotten_with_the_rest(stage: Stage) -> None:
    anna = stage.person("Anna")
    anna.writes("/start campaign-42")
    await anna.hears(WELCOME, AI_NOTICE)
    stage.will_say("Volentieri.")
    anna.writes("Ciao")
    await anna.hears("Volentieri.")
    await stage.settles()
    anna.writes("/forget")
    await anna.hears(say(Text.FORGET_ASK, "it"))
    anna.presses(say(Text.FORGET_YES, "it"))
    await anna.hears(say(Text.FORGOTTEN, "it"))
    assert await stage.rows("SELECT * FROM client_facts") == []
    assert await stage.rows("SELECT id FROM turns WHERE told IS NOT NULL") == []


async def test_the_name_of_the_company_behind_start_is_no_question(stage: Stage) -> None:
    anna = stage.person("Anna")
    anna.writes("/start hotel")
    await anna.hears(WELCOME, AI_NOTICE)
    await stage.settles()


async def test_a_link_that_a_token_was_put_in_asks_nothing(stage: Stage) -> None:
    anna = stage.person("Anna")
    anna.writes(f"/start {TOKEN}")
    await anna.hears(WELCOME, AI_NOTICE)
    await stage.settles()


# ------------------------------------------------------------------------- killed


@pytest.mark.parametrize("accepted", [False, True], ids=["before", "after"])
async def test_a_kill_in_between_loses_and_repeats_neither_answer(
    stage: Stage, accepted: bool
) -> None:
    anna = await met(stage)
    stage.will_say("Sì, se è piccolo.")
    stage.telegram_fails("hold_after" if accepted else "hold_before")
    anna.writes("/help posso portare il cane?")
    await stage.until(lambda: stage.telegram.faults.held == 1)
    await stage.dies()
    stage.telegram.faults.release(lose=True)
    await stage.opens()
    await anna.hears(HELP, "Sì, se è piccolo.")
    await stage.settles()
    assert stage.inputs()[-1] == ["posso portare il cane?"]
