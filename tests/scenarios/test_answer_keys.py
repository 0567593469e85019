"""Short answers that a client taps instead of typing them."""

import json

import pytest

from bot.core.texts import Text, say
from bot.playground.openai import Reply
from tenants.values import AnswerKeys
from tests.scenarios.admins import admin
from tests.scenarios.people import Person, Place
from tests.scenarios.stage import AI_NOTICE, Stage
from tests.scenarios.versions import drafts

YES_NO = ["Sì", "No"]
TAKEN, OLD = say(Text.KEY_TAKEN, "it"), say(Text.KEY_OLD, "it")


def offers(stage: Stage, *bubbles: str) -> None:
    """The model's next answer ends with short answers to tap."""
    reply = {"messages": bubbles, "buttons": YES_NO}
    stage.will_say(raw=json.dumps(reply, ensure_ascii=False))


def offers_late(stage: Stage, bubble: str) -> None:
    """The same, once the bubble has left."""
    text = json.dumps({"messages": [bubble], "buttons": YES_NO}, ensure_ascii=False)
    stage.openai.script.add([Reply(raw=text, chunks=3, delay_ms=700)])


async def asked(stage: Stage, *, to: Place | None = None, by: Person | None = None) -> Person:
    """Someone who was asked a question that can be tapped."""
    anna = by or stage.person("Anna")
    place = to or anna
    offers(stage, "Ha bagagli?")
    anna.writes("@aurora_bot Vorrei una camera" if to else "Vorrei una camera", to=to)
    await place.hears(AI_NOTICE, "Ha bagagli?")
    await stage.until(lambda: place.buttons() == YES_NO)
    await stage.settles()
    return anna


def toasts(stage: Stage) -> list[str]:
    """What was said to those who pressed."""
    calls = stage.telegram.calls.of("answerCallbackQuery")
    return [str(call.params.get("text", "")) for call in calls if call.answered_at is not None]


async def refused(stage: Stage, words: str) -> None:
    await stage.until(lambda: words in toasts(stage))


async def test_a_tap_is_answered_and_shown_as_chosen(stage: Stage) -> None:
    anna = await asked(stage)
    stage.will_say("Bene.")
    anna.presses("Sì")
    await anna.hears("Bene.")
    assert stage.inputs()[1] == ["Sì"]
    await stage.settles()
    assert (anna.buttons(), toasts(stage)) == (["✓ Sì"], [""])


async def test_keys_are_added_by_one_edit_if_the_bubble_has_left(stage: Stage) -> None:
    anna = stage.person("Anna")
    offers_late(stage, "Ha bagagli?")
    anna.writes("Vorrei una camera")
    await anna.hears(AI_NOTICE, "Ha bagagli?")
    await stage.settles()
    assert (anna.buttons(), anna.calls("editMessageReplyMarkup")) == (YES_NO, 1)


async def test_keys_come_with_the_last_bubble_if_it_has_not_left(closed: Stage) -> None:
    await closed.opens(pace="human")
    anna = closed.person("Anna")
    offers(closed, "Buongiorno!", "Ha bagagli?")
    anna.writes("Vorrei una camera")
    await anna.hears(AI_NOTICE, "Buongiorno!", "Ha bagagli?")
    assert (anna.buttons(), anna.calls("editMessageReplyMarkup")) == (YES_NO, 0)


async def test_after_a_kill_before_the_edit_the_keys_come(stage: Stage) -> None:
    anna = stage.person("Anna")
    offers_late(stage, "Ha bagagli?")
    stage.telegram_fails("hold_before", method="editMessageReplyMarkup")
    anna.writes("Vorrei una camera")
    await anna.hears(AI_NOTICE, "Ha bagagli?")
    await stage.until(lambda: anna.calls("editMessageReplyMarkup") == 1)
    await stage.dies()
    assert anna.buttons() == []
    await stage.opens()
    await stage.until(lambda: anna.buttons() == YES_NO)


async def test_a_company_that_does_not_want_them_shows_none(stage: Stage) -> None:
    await stage.publishes(answer_keys=AnswerKeys.HIDDEN)
    anna = stage.person("Anna")
    offers(stage, "Ha bagagli?")
    anna.writes("Vorrei una camera")
    await anna.hears(AI_NOTICE, "Ha bagagli?")
    await stage.settles()
    assert anna.buttons() == []


async def test_a_second_tap_is_refused_kindly(stage: Stage) -> None:
    anna = await asked(stage)
    stage.will_say("Bene.")
    for label in YES_NO:
        anna.presses(label)
    await anna.hears("Bene.")
    await refused(stage, TAKEN)
    await stage.settles()
    assert (stage.inputs()[1], anna.buttons()) == (["Sì"], ["✓ Sì"])


async def test_the_chosen_one_is_chosen_once(stage: Stage) -> None:
    anna = await asked(stage)
    stage.will_say("Bene.")
    anna.presses("Sì")
    await anna.hears("Bene.")
    await stage.settles()
    anna.presses("✓ Sì")
    await refused(stage, TAKEN)
    await anna.hears()


async def test_keys_of_an_older_answer_are_refused_kindly(stage: Stage) -> None:
    anna = await asked(stage)
    stage.will_say("Prego.")
    anna.writes("Anzi, una domanda")
    await anna.hears("Prego.")
    edits = anna.calls("editMessageReplyMarkup")
    anna.presses("Sì")
    await refused(stage, OLD)
    await anna.hears()
    assert (anna.buttons(), anna.calls("editMessageReplyMarkup")) == (YES_NO, edits)


async def test_a_tap_before_its_turn_is_over_is_not_lost(stage: Stage) -> None:
    """The bubble is there with its keys, and nobody knows: it is searched for, and found."""
    anna = await asked(stage)
    offers(stage, "Due letti?")
    stage.will_say("Bene.")
    stage.telegram_fails("lose_after")
    anna.presses("Sì")
    await stage.until(lambda: anna.buttons() == ["✓ Sì", *YES_NO])
    anna.presses("No")
    await anna.hears("Due letti?", "Bene.")
    assert stage.inputs()[2] == ["No"]


@pytest.mark.parametrize("command", ["/new", "/forget"])
async def test_in_a_fresh_conversation_the_old_keys_are_refused(stage: Stage, command: str) -> None:
    anna = await asked(stage)
    anna.writes(command)
    if command == "/forget":
        await anna.receives(1)
        anna.presses(say(Text.FORGET_YES, "it"))
    await anna.receives(1)
    await stage.settles()
    anna.presses("Sì")
    await refused(stage, OLD)
    await anna.hears()


async def test_what_was_tapped_is_forgotten_with_the_rest(stage: Stage) -> None:
    anna = await asked(stage)
    stage.will_say("Bene.")
    anna.presses("Sì")
    await anna.hears("Bene.")
    anna.writes("/forget")
    await anna.receives(1)
    anna.presses(say(Text.FORGET_YES, "it"))
    await anna.receives(1)
    await stage.settles()
    assert [text for text in await stage.everything_stored() if "bagagli" in text] == []


async def test_a_tap_goes_on_in_the_same_conversation(stage: Stage) -> None:
    anna = await asked(stage)
    stage.will_say("Bene.")
    anna.presses("No")
    await anna.hears("Bene.")
    assert stage.remembered()[-4:] == [
        ("user", "Vorrei una camera"),
        ("assistant", "Ha bagagli?"),
        ("user", "No"),
        ("assistant", "Bene."),
    ]


async def test_in_a_group_who_tapped_is_who_speaks_and_the_first_one_counts(stage: Stage) -> None:
    anna, bruno = stage.person("Anna"), stage.person("Bruno")
    group = stage.group(anna, bruno)
    await asked(stage, to=group, by=anna)
    stage.will_say("Bene.")
    bruno.presses("No", to=group)
    anna.presses("Sì", to=group)
    (answer,) = await group.receives(1)
    await refused(stage, TAKEN)
    await stage.settles()
    assert stage.inputs()[1] == ["⟦from: Bruno⟧\nNo"]
    assert answer["reply_to_message"]["text"] == "Ha bagagli?"
    assert group.buttons() == ["✓ No"]


async def test_an_update_that_comes_again_is_one_tap(stage: Stage) -> None:
    anna = await asked(stage)
    stage.will_say("Bene.")
    stage.telegram_fails("lose_after", method="getUpdates")
    anna.presses("Sì")
    await anna.hears("Bene.")
    await stage.settles()
    assert toasts(stage) == [""]
    stage.may_warn("Telegram cannot be polled", "polling again")


async def test_while_the_company_pauses_a_tap_is_met_as_a_message_is(stage: Stage) -> None:
    anna = await asked(stage)
    await stage.runs("UPDATE tenants SET state = 'paused'")
    anna.presses("Sì")
    (said,) = await anna.receives(1)
    assert said["text"] != "Bene."
    assert len(stage.asked()) == 1


async def test_data_that_nobody_offered_are_no_answer(stage: Stage) -> None:
    anna = await asked(stage)
    anna.finds_button("Sì", data="key:999999:0")
    anna.presses("Sì")
    await refused(stage, OLD)
    await anna.hears()


async def test_who_tries_the_draft_sees_them_and_a_tap_is_the_next_message_of_the_trial(
    closed: Stage,
) -> None:
    ada = await admin(closed)
    await drafts(closed, knowledge="Check-in alle 15.")
    ada.writes("/preview")
    await ada.receives(1)
    offers(closed, "Ha bagagli?")
    ada.writes("Vorrei una camera")
    await ada.receives(1)
    await closed.until(lambda: YES_NO[0] in ada.buttons())
    await closed.settles()
    closed.will_say("Bene.")
    ada.presses("Sì")
    await ada.hears("👁 Bene.")
    assert "Check-in alle 15." in closed.asked()[-1]["instructions"]
    assert closed.inputs()[-1] == ["Sì"]
