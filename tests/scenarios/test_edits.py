"""What clients rewrite: before the answer, after it, and where there were no words at first."""

from typing import Any

import pytest

from bot.core.texts import Text, say
from tests.scenarios.encounters import dies_before_confirming
from tests.scenarios.people import BOT, STORY, Json, Person
from tests.scenarios.stage import AI_NOTICE, Stage

NEW, NOT_UNDERSTOOD = say(Text.NEW, "it"), say(Text.NOT_UNDERSTOOD, "it")
CORRECTED = "⟦correction of an earlier message⟧"
QUARTER_OF_AN_HOUR = 15 * 60


async def met(stage: Stage) -> tuple[Person, int]:
    """Someone who was answered, and the message."""
    anna = stage.person("Anna")
    stage.will_say("Una singola.")
    written = anna.writes("Una camera singola")
    await anna.hears(AI_NOTICE, "Una singola.")
    await stage.settles()
    return anna, written


def shown(stage: Stage, anna: Person, message_id: int) -> Json:
    """A message of hers as Telegram has it."""
    messages = stage.telegram.clients.messages(anna.chat_id, bot_id=BOT)
    return next(one for one in messages if one["message_id"] == message_id)


def changes(stage: Stage, message: Json, **fields: Any) -> None:
    """Telegram says that a message is another now, though nobody wrote anything."""
    stage.injects(edited_message={**message, **fields})


# -------------------------------------------------------------- before the answer


async def test_inside_the_quiet_window_an_edit_replaces_the_text(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("Una doppia.")
    anna.edits(anna.writes("Una camera singola"), "Una camera doppia")
    await anna.hears(AI_NOTICE, "Una doppia.")
    assert stage.inputs() == [["Una camera doppia"]]


async def test_during_the_answer_it_is_the_next_message(stage: Stage) -> None:
    anna, _ = await met(stage)
    stage.will_say("Per uno.", first_ms=1000)
    written = anna.writes("Per una persona")
    await stage.until(lambda: len(stage.asked()) == 2)
    stage.will_say("Per due.")
    anna.edits(written, "Per due persone")
    await anna.hears("Per uno.", "Per due.")
    assert stage.inputs()[1:] == [["Per una persona"], [f"{CORRECTED}\nPer due persone"]]


# --------------------------------------------------------------- after the answer


async def test_after_the_answer_it_is_heard_as_a_correction(stage: Stage) -> None:
    anna, written = await met(stage)
    stage.will_say("Una doppia.")
    anna.edits(written, "Una camera doppia")
    await anna.hears("Una doppia.")
    assert stage.inputs()[1:] == [[f"{CORRECTED}\nUna camera doppia"]]
    assert len({body["conversation"] for body in stage.asked()}) == 1


async def test_each_edit_is_heard_once_and_several_in_a_row_are_one(stage: Stage) -> None:
    anna, written = await met(stage)
    stage.will_say("Una tripla.")
    for words in ("Una camera doppia", "Una camera tripla", "Una camera tripla"):
        anna.edits(written, words)
    await anna.hears("Una tripla.")
    anna.edits(written, "Una camera tripla")
    await anna.hears()
    assert stage.inputs()[1:] == [[f"{CORRECTED}\nUna camera tripla"]]


async def test_with_a_new_message_it_is_one_turn(closed: Stage) -> None:
    await closed.opens(turn_quiet_seconds=20, turn_max_wait_seconds=60)
    stage, (anna, written) = closed, await met(closed)
    stage.will_say("Certo.")
    anna.edits(written, "Una camera doppia")
    anna.writes("Da venerdì")
    await anna.hears("Certo.")
    assert stage.inputs()[1:] == [[f"{CORRECTED}\nUna camera doppia", "Da venerdì"]]


async def test_an_edit_that_comes_late_changes_nothing(stage: Stage) -> None:
    anna, written = await met(stage)
    stage.clock.skips(QUARTER_OF_AN_HOUR)
    anna.edits(written, "Una camera doppia")
    await anna.hears()


@pytest.mark.parametrize(
    "fields",
    [
        {"link_preview_options": {"url": "https://aurora.example"}},
        {"entities": [{"type": "bold", "offset": 0, "length": 3}]},
        {"reply_markup": {"inline_keyboard": []}},
    ],
    ids=["preview", "bold", "buttons"],
)
async def test_where_the_words_are_the_same_nothing_was_said(
    stage: Stage, fields: dict[str, Any]
) -> None:
    anna, written = await met(stage)
    message = shown(stage, anna, written)
    changes(stage, message, edit_date=message["date"], **fields)
    await anna.hears()


async def test_what_was_said_before_new_is_not_corrected(stage: Stage) -> None:
    anna, written = await met(stage)
    anna.writes("/new")
    await anna.hears(NEW)
    anna.edits(written, "Una camera doppia")
    await anna.hears()


async def test_nor_is_what_was_forgotten(stage: Stage) -> None:
    anna, written = await met(stage)
    anna.writes("/forget")
    await anna.hears(say(Text.FORGET_ASK, "it"))
    anna.presses(say(Text.FORGET_YES, "it"))
    await anna.hears(say(Text.FORGOTTEN, "it"))
    anna.edits(written, "Una camera doppia")
    await anna.hears()


async def test_words_behind_a_command_may_be_corrected(stage: Stage) -> None:
    anna, _ = await met(stage)
    stage.will_say("Per due.")
    written = anna.writes("/new Avete posto per due?")
    await anna.hears(NEW, "Per due.")
    stage.will_say("Per tre.")
    anna.edits(written, "/new Avete posto per tre?")
    await anna.hears("Per tre.")
    assert stage.inputs()[1:] == [["Avete posto per due?"], [f"{CORRECTED}\nAvete posto per tre?"]]


async def test_in_a_group_the_bot_hears_edits_of_what_was_said_to_it(stage: Stage) -> None:
    anna = stage.person("Anna")
    group = stage.group(anna, supergroup=True)
    aside = anna.writes("Che bello", to=group)
    stage.will_say("Dalle 8.")
    written = anna.writes("@aurora_bot a che ora è la cena?", to=group)
    await group.hears(AI_NOTICE, "Dalle 8.")
    anna.edits(aside, "Che bello!", to=group)
    stage.will_say("Dalle 7.")
    anna.edits(written, "@aurora_bot a che ora è la colazione?", to=group)
    await group.hears("Dalle 7.")
    assert stage.inputs()[1] == [f"⟦from: Anna⟧\n{CORRECTED}\na che ora è la colazione?"]


async def test_a_bot_whose_name_is_added_is_spoken_to(stage: Stage) -> None:
    anna = stage.person("Anna")
    group = stage.group(anna)
    written = anna.writes("a che ora è la cena?", to=group)
    await group.hears()
    stage.will_say("Dalle 8.")
    anna.edits(written, "@aurora_bot a che ora è la cena?", to=group)
    await group.hears(AI_NOTICE, "Dalle 8.")
    stage.will_say("Dalle 7.")
    anna.edits(written, "@aurora_bot a che ora è la colazione?", to=group)
    await group.hears("Dalle 7.")
    assert stage.inputs() == [
        ["⟦from: Anna⟧\na che ora è la cena?"],
        [f"⟦from: Anna⟧\n{CORRECTED}\na che ora è la colazione?"],
    ]


async def test_an_edit_that_telegram_delivers_again_is_heard_once(stage: Stage) -> None:
    anna, written = await met(stage)
    stage.telegram_fails("500", method="getUpdates", count=None)
    stage.warns("Telegram cannot be polled")
    stage.will_say("Una doppia.")
    anna.edits(written, "Una camera doppia")
    await anna.hears("Una doppia.")
    await dies_before_confirming(stage)
    await anna.hears()


async def test_a_kill_loses_and_repeats_no_correction(closed: Stage) -> None:
    await closed.opens()
    stage, (anna, written) = closed, await met(closed)
    await stage.dies()
    await stage.opens(turn_quiet_seconds=20, turn_max_wait_seconds=60)
    stage.will_say("Una doppia.")
    anna.edits(written, "Una camera doppia")
    while not await stage.count("SELECT count(*) FROM updates WHERE kind = 'edit'"):
        before = stage.commits
        await stage.until(lambda: stage.commits > before)  # noqa: B023 - awaited in this round
    await stage.dies()
    await stage.opens()
    await anna.hears("Una doppia.")
    await stage.settles()


# -------------------------------------------------------- words that were added later


async def test_words_added_to_a_photo_correct_it(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("Bella!")
    photo = anna.sends("photo")
    await anna.hears(AI_NOTICE, "Bella!")
    stage.will_say("La Classic.")
    anna.edits(photo, "Che camera è?")
    await anna.hears("La Classic.")
    assert stage.inputs() == [["⟦photo⟧"], [f"{CORRECTED}\n⟦photo⟧\nChe camera è?"]]
    (_, shown) = (body["input"][-1]["content"] for body in stage.asked())
    assert [part["type"] for part in shown] == ["input_text", "input_image"]


async def test_a_photo_that_takes_the_place_of_another_corrects_it(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("Bella!")
    photo = anna.sends("photo")
    await anna.hears(AI_NOTICE, "Bella!")
    (sent,) = (m for m in messages_of(stage, anna) if m["message_id"] == photo)
    changes(stage, sent, edit_date=sent["date"] + 1)  # nothing but its keys or a reaction
    await stage.settles()
    stage.will_say("Anche questa.")
    another = [{**size, "file_unique_id": "another"} for size in sent["photo"]]
    changes(stage, sent, photo=another, edit_date=sent["date"] + 2)
    await anna.hears("Anche questa.")


async def test_words_added_to_what_nobody_can_open_are_answered(stage: Stage) -> None:
    anna = stage.person("Anna")
    anna.shares(story=STORY)
    await anna.hears(NOT_UNDERSTOOD)
    stage.will_say("La Classic.")
    (sent,) = (m for m in messages_of(stage, anna) if "story" in m)
    changes(stage, sent, caption="Che camera è?", edit_date=sent["date"] + 1)
    await anna.hears(AI_NOTICE, "La Classic.")


@pytest.mark.parametrize(("command", "answer"), [("/new", NEW), ("/help", say(Text.HELP, "it"))])
async def test_words_added_behind_a_command_are_answered(
    stage: Stage, command: str, answer: str
) -> None:
    anna = stage.person("Anna")
    written = anna.writes(command)
    await anna.hears(answer)
    await stage.settles()
    stage.will_say("Sì.")
    anna.edits(written, f"{command} Avete posto?")
    await anna.hears(AI_NOTICE, "Sì.")
    assert stage.inputs() == [["Avete posto?"]]


async def test_a_photo_whose_words_come_at_once_is_one_message(closed: Stage) -> None:
    stage, anna = closed, closed.person("Anna")
    anna.edits(anna.sends("photo"), "Che camera è?")
    stage.will_say("La Classic.")
    await stage.opens()
    await anna.hears(AI_NOTICE, "La Classic.")


async def test_a_place_that_moves_says_nothing_more(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("Vicino!")
    anna.shares(location={"latitude": 45.44, "longitude": 10.99, "live_period": 900})
    await anna.hears(AI_NOTICE, "Vicino!")
    (message,) = (one for one in messages_of(stage, anna) if "location" in one)
    moved = {"latitude": 45.45, "longitude": 10.99, "live_period": 900}
    for _ in range(3):
        changes(stage, message, location=moved, edit_date=message["date"] + 1)
    await anna.hears()


def messages_of(stage: Stage, person: Person) -> list[Json]:
    """What stands in a chat."""
    return list(stage.telegram.clients.messages(person.chat_id, bot_id=BOT))
