"""What Telegram and the network may do to bubbles: the client gets each one once, in order."""

import pytest

from bot.core.texts import Text, say
from tests.scenarios.encounters import met
from tests.scenarios.people import Person
from tests.scenarios.stage import AI_NOTICE, Stage

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

BUBBLES = ("Uno.", "Due.", "Tre.")


async def asks(stage: Stage, person: Person) -> None:
    stage.will_say(*BUBBLES)
    person.writes("Dica")


# ------------------------------------------------------------------------- penalties


async def test_a_penalty_keeps_the_order(stage: Stage) -> None:
    anna = await met(stage)
    stage.telegram_fails("429", chat_id=anna.chat_id, retry_after_seconds=10)
    await asks(stage, anna)
    await anna.hears(*BUBBLES)


async def test_a_penalty_in_one_chat_leaves_the_others_alone(stage: Stage) -> None:
    anna, bruno = await met(stage, "Anna"), await met(stage, "Bruno")
    stage.telegram_fails("429", chat_id=anna.chat_id, retry_after_seconds=30)
    await asks(stage, anna)
    await stage.until(lambda: not stage.telegram.faults.planned)
    await asks(stage, bruno)
    await bruno.hears(*BUBBLES)
    assert anna.untold() == []
    await anna.hears(*BUBBLES)


async def test_nothing_is_called_during_a_penalty(stage: Stage) -> None:
    anna = await met(stage)
    stage.telegram_fails("429", chat_id=anna.chat_id, retry_after_seconds=30)
    await asks(stage, anna)
    await anna.hears(*BUBBLES)
    calls = [call for call in stage.telegram.calls.after() if call.chat_id == anna.chat_id]
    over = next(call.answered_at for call in calls if call.fault)
    assert over is not None
    later = [call.method for call in calls if call.arrived_at > over]  # others were on their way
    assert later.index("sendMessage") <= 1  # typing shows once it is over; within, it would be six


async def test_a_penalty_for_typing_costs_no_bubble(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.telegram_fails("429", method="sendChatAction", retry_after_seconds=10)
    await asks(stage, anna)
    await anna.hears(AI_NOTICE, *BUBBLES)


@pytest.mark.parametrize("fault", ["500", "lose", "403", "400"])
async def test_trouble_with_typing_costs_no_bubble(stage: Stage, fault: str) -> None:
    anna = stage.person("Anna")
    stage.telegram_fails(fault, method="sendChatAction")
    await asks(stage, anna)
    await anna.hears(AI_NOTICE, *BUBBLES)


# ------------------------------------------------------------------- trouble in passing


@pytest.mark.parametrize("fault", ["500", "502", "503", "504"])
async def test_a_broken_server_is_asked_again(stage: Stage, fault: str) -> None:
    anna = await met(stage)
    stage.telegram_fails(fault, count=3)
    await asks(stage, anna)
    await anna.hears(*BUBBLES)


@pytest.mark.parametrize("fault", ["lose_before", "lose_after", "garble_before", "garble_after"])
@pytest.mark.parametrize("number", [0, 1, 2])
async def test_a_bubble_in_doubt_arrives_once(stage: Stage, fault: str, number: int) -> None:
    anna = await met(stage)
    if number:
        stage.telegram_fails("delay", delay_seconds=0, count=number)
    stage.telegram_fails(fault)
    await asks(stage, anna)
    await anna.hears(*BUBBLES)


async def test_several_bubbles_in_doubt_arrive_once(closed: Stage) -> None:
    closed.clock.speed = 20  # calls must not seem to last for ever
    await closed.opens()
    people = [await met(closed, name) for name in ("Anna", "Bruno", "Carla", "Dario")]
    for person, fault in zip(people, ("lose_after", "lose_before") * 2, strict=True):
        closed.telegram_fails(fault, chat_id=person.chat_id)
        await asks(closed, person)
    for person in people:
        await person.hears(*BUBBLES)


async def test_a_bubble_in_doubt_in_a_supergroup_arrives_once(stage: Stage) -> None:
    anna = stage.person("Anna")
    group = stage.group(anna, supergroup=True)
    stage.will_say("Uno.")
    anna.writes("@aurora_bot dica", to=group)
    await group.hears(AI_NOTICE, "Uno.")
    stage.telegram_fails("lose_after")
    stage.will_say(*BUBBLES)
    anna.writes("@aurora_bot dica", to=group)
    await group.hears(*BUBBLES)


async def test_a_command_s_answer_in_doubt_arrives_once(stage: Stage) -> None:
    anna = await met(stage)
    stage.telegram_fails("lose_after")
    anna.writes("/help")
    await anna.hears(say(Text.HELP, "it"))


async def test_with_resend_a_bubble_in_doubt_may_come_twice(closed: Stage) -> None:
    await closed.opens(in_doubt="resend")
    anna = await met(closed)
    closed.telegram_fails("lose_after")
    await asks(closed, anna)
    await anna.hears("Uno.", *BUBBLES)


async def test_with_skip_a_bubble_in_doubt_may_be_lost(closed: Stage) -> None:
    await closed.opens(in_doubt="skip")
    anna = await met(closed)
    closed.telegram_fails("lose_before")
    await asks(closed, anna)
    await anna.hears("Due.", "Tre.")


async def test_a_slow_answer_in_one_chat_holds_up_no_other(stage: Stage) -> None:
    anna, bruno = await met(stage, "Anna"), await met(stage, "Bruno")
    stage.telegram_fails("hold_before", chat_id=anna.chat_id)
    await asks(stage, anna)
    await stage.until(lambda: stage.telegram.faults.held == 1)
    await asks(stage, bruno)
    await bruno.hears(*BUBBLES)
    assert anna.untold() == []
    stage.telegram.faults.release()
    await anna.hears(*BUBBLES)


async def test_a_network_that_is_down_for_a_while_costs_nothing(stage: Stage) -> None:
    anna = await met(stage)
    stage.will_say(*BUBBLES, first_ms=50)
    anna.writes("Dica")
    await stage.until(lambda: len(stage.asked()) == 1)
    await stage.unplugs()
    stage.will_say("Quattro.")
    anna.writes("E poi?")
    await stage.until(lambda: stage.warned("Telegram cannot be polled"))
    await stage.plugs_in()
    stage.warns("Telegram cannot be polled", "polling again")
    await anna.hears(*BUBBLES, "Quattro.")


# ------------------------------------------------------------------------ refusals


async def test_a_client_who_blocks_in_the_middle_of_a_reply_is_left_alone(stage: Stage) -> None:
    anna = await met(stage)
    stage.will_say("Uno.", "Due.", "Tre.", delay_ms=10)
    anna.writes("Dica")
    await stage.until(lambda: len(anna.untold()) == 1)
    anna.blocks()
    await stage.settles()
    (cause,) = await stage.rows("SELECT state FROM turns")
    assert cause == ("unreachable",)
    await anna.receives(1)


async def test_who_comes_back_is_answered_and_the_model_knows_what_was_not_delivered(
    stage: Stage,
) -> None:
    anna = await met(stage)
    stage.telegram_fails("delay", delay_seconds=0)
    stage.telegram_fails("403")
    await asks(stage, anna)
    await anna.hears("Uno.")
    await stage.settles()
    stage.will_say("Rieccomi.")
    anna.writes("Mi ero distratta")
    await anna.hears("Rieccomi.")
    assert "⟦undelivered: Due.⟧" in str(stage.asked()[1]["input"])


async def test_a_block_and_its_end_are_noticed(stage: Stage) -> None:
    anna = await met(stage)
    anna.blocks()
    await stage.settles()
    assert await stage.count("SELECT count(*) FROM chats WHERE closed_at IS NOT NULL") == 1
    anna.unblocks()
    await stage.settles()
    assert await stage.count("SELECT count(*) FROM chats WHERE closed_at IS NOT NULL") == 0
    await asks(stage, anna)
    await anna.hears(*BUBBLES)


async def test_a_deactivated_account_ends_the_turn(stage: Stage) -> None:
    anna = await met(stage)
    await asks(stage, anna)
    stage.telegram.accounts.deactivate(anna.chat_id)
    await stage.settles()
    assert await stage.rows("SELECT state FROM turns") == [("unreachable",)]


async def test_entities_that_telegram_refuses_are_left_out(stage: Stage) -> None:
    anna = await met(stage)
    reason = "Bad Request: can't parse entities: entity begins after the end of the text"
    stage.telegram_fails("400", description=reason)
    stage.warns("markup rejected")
    stage.will_say("**Uno.**", "**Due.**")
    anna.writes("Dica")
    uno, due = await anna.receives(2)
    assert (uno["text"], uno.get("entities")) == ("Uno.", None)
    assert (due["text"], due["entities"][0]["type"]) == ("Due.", "bold")


async def test_a_bubble_that_telegram_refuses_costs_no_other(stage: Stage) -> None:
    anna = await met(stage)
    stage.telegram_fails("400", description="Bad Request: message is too odd")
    stage.warns("message refused")
    await asks(stage, anna)
    await anna.hears("Due.", "Tre.")
