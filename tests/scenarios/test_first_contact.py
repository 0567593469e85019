"""Who writes for the first time is told that an AI answers."""

from tests.scenarios.stage import AI_NOTICE, WELCOME, Stage


async def test_start_gets_the_welcome_and_the_ai_notice(stage: Stage) -> None:
    anna = stage.person("Anna")
    anna.writes("/start")
    await anna.hears(WELCOME, AI_NOTICE)


async def test_a_first_message_gets_the_ai_notice_before_its_answer(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("Buongiorno!", "Dalle 14:00.")
    anna.writes("A che ora è il check-in?")
    await anna.hears(AI_NOTICE, "Buongiorno!", "Dalle 14:00.")


async def test_the_ai_notice_is_given_once(stage: Stage) -> None:
    anna = stage.person("Anna")
    anna.writes("/start")
    await anna.hears(WELCOME, AI_NOTICE)
    stage.will_say("Dalle 14:00.")
    anna.writes("A che ora è il check-in?")
    await anna.hears("Dalle 14:00.")


async def test_the_conversation_is_the_same_from_turn_to_turn(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("Dalle 14:00.")
    anna.writes("A che ora è il check-in?")
    await anna.hears(AI_NOTICE, "Dalle 14:00.")
    stage.will_say("Fino alle 11:00.")
    anna.writes("E il check-out?")
    await anna.hears("Fino alle 11:00.")
    assert len({body["conversation"] for body in stage.asked()}) == 1
    assert stage.inputs() == [["A che ora è il check-in?"], ["E il check-out?"]]


async def test_typing_is_shown_before_the_first_bubble(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("Dalle 14:00.")
    anna.writes("A che ora è il check-in?")
    await anna.hears(AI_NOTICE, "Dalle 14:00.")
    calls = [call.method for call in stage.telegram.calls.after() if call.chat_id == anna.chat_id]
    assert calls[0] == "sendChatAction"


async def test_two_clients_have_a_conversation_each(stage: Stage) -> None:
    anna, bruno = stage.person("Anna"), stage.person("Bruno")
    stage.will_say("Sì.")
    stage.will_say("Sì.")
    anna.writes("Sono Anna, c'è posto?")
    bruno.writes("Sono Bruno, c'è posto?")
    await anna.hears(AI_NOTICE, "Sì.")
    await bruno.hears(AI_NOTICE, "Sì.")
    assert len({body["conversation"] for body in stage.asked()}) == 2


async def test_a_change_of_the_profile_applies_to_the_next_message(stage: Stage) -> None:
    anna = stage.person("Anna")
    stage.will_say("Non lo so.")
    anna.writes("C'è la piscina?")
    await anna.hears(AI_NOTICE, "Non lo so.")
    await stage.publishes(knowledge="La piscina apre alle 9:00.")
    stage.will_say("Sì, dalle 9:00.")
    anna.writes("C'è la piscina?")
    await anna.hears("Sì, dalle 9:00.")
    before, after = (body["instructions"] for body in stage.asked())
    assert "piscina" not in before
    assert "La piscina apre alle 9:00." in after
