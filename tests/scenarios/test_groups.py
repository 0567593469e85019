"""In a group the bot answers only when mentioned, replied to or commanded."""

import pytest

from tests.scenarios.stage import AI_NOTICE, Stage


async def test_chatter_is_ignored(stage: Stage) -> None:
    anna = stage.person("Anna")
    group = stage.group(anna)
    anna.writes("Che bella giornata", to=group)
    anna.sends("photo", to=group)
    await group.hears()


async def test_a_mention_is_answered(stage: Stage) -> None:
    anna = stage.person("Anna")
    group = stage.group(anna)
    stage.will_say("Dalle 14:00.")
    anna.writes("@aurora_bot a che ora è il check-in?", to=group)
    await group.hears(AI_NOTICE, "Dalle 14:00.")
    assert stage.inputs() == [["⟦from: Anna⟧\na che ora è il check-in?"]]


async def test_a_reply_to_the_bot_is_answered(stage: Stage) -> None:
    anna, bruno = stage.person("Anna"), stage.person("Bruno")
    group = stage.group(anna, bruno)
    stage.will_say("Dalle 14:00.")
    anna.writes("@aurora_bot a che ora è il check-in?", to=group)
    (_, answer) = await group.receives(2)
    stage.will_say("Fino alle 11:00.")
    bruno.writes("E il check-out?", to=group, reply_to=answer["message_id"])
    await group.hears("Fino alle 11:00.")
    assert stage.inputs()[1] == [
        "⟦from: Bruno⟧\n⟦in reply to you⟧\n⟦quoted: Dalle 14:00.⟧\nE il check-out?"
    ]


async def test_a_reply_to_someone_else_is_not(stage: Stage) -> None:
    anna, bruno = stage.person("Anna"), stage.person("Bruno")
    group = stage.group(anna, bruno)
    written = anna.writes("A che ora partiamo?", to=group)
    bruno.writes("Alle 9", to=group, reply_to=written)
    await group.hears()


async def test_a_topic_is_answered_in_the_topic(stage: Stage) -> None:
    anna = stage.person("Anna")
    rooms, spa = stage.forum(["Camere", "Spa"], anna)
    stage.will_say("Sì, una doppia.")
    anna.writes("@aurora_bot avete posto?", to=rooms)
    await rooms.hears(AI_NOTICE, "Sì, una doppia.")
    stage.will_say("Dalle 9:00.")
    anna.writes("@aurora_bot quando aprite?", to=spa)
    await spa.hears(AI_NOTICE, "Dalle 9:00.")
    assert len({body["conversation"] for body in stage.asked()}) == 2


async def test_a_group_that_becomes_a_supergroup_keeps_its_conversation(stage: Stage) -> None:
    anna = stage.person("Anna")
    group = stage.group(anna)
    stage.will_say("Dalle 14:00.")
    anna.writes("@aurora_bot a che ora è il check-in?", to=group)
    await group.hears(AI_NOTICE, "Dalle 14:00.")
    supergroup = stage.migrates(group)
    stage.will_say("Fino alle 11:00.")
    anna.writes("@aurora_bot e il check-out?", to=supergroup)
    await supergroup.hears("Fino alle 11:00.")
    assert len({body["conversation"] for body in stage.asked()}) == 1


async def test_an_answer_follows_the_group_that_moves_meanwhile(stage: Stage) -> None:
    anna = stage.person("Anna")
    group = stage.group(anna)
    stage.will_say("Dalle 14:00.")
    anna.writes("@aurora_bot a che ora è il check-in?", to=group)
    await group.hears(AI_NOTICE, "Dalle 14:00.")
    stage.will_say("Fino alle 11:00.", first_ms=200)
    anna.writes("@aurora_bot e il check-out?", to=group)
    await stage.until(lambda: len(stage.asked()) == 2)
    supergroup = stage.migrates(group)
    await supergroup.hears("Fino alle 11:00.")


async def test_an_answer_finds_the_group_that_moved_before_the_news_comes(stage: Stage) -> None:
    anna = stage.person("Anna")
    group = stage.group(anna)
    await stage.settles()
    stage.telegram_fails("hold_before", method="getUpdates")
    stage.will_say("Dalle 14:00.", first_ms=200)
    anna.writes("@aurora_bot a che ora è il check-in?", to=group)
    await group.hears(AI_NOTICE)
    supergroup = stage.migrates(group)
    await supergroup.hears("Dalle 14:00.")
    stage.telegram.faults.release()
    stage.will_say("Fino alle 11:00.")
    anna.writes("@aurora_bot e il check-out?", to=supergroup)
    await supergroup.hears("Fino alle 11:00.")
    assert len({body["conversation"] for body in stage.asked()}) == 1


async def test_other_bots_are_ignored(stage: Stage) -> None:
    anna = stage.person("Anna")
    group = stage.group(anna)
    other = {"id": 99, "is_bot": True, "first_name": "Eco", "username": "eco_bot"}
    group.gets("@aurora_bot ciao", sender=other)
    await group.hears()


async def test_an_edit_in_time_replaces_the_text(stage: Stage) -> None:
    anna = stage.person("Anna")
    group = stage.group(anna)
    stage.will_say("Una doppia.")
    written = anna.writes("@aurora_bot una singola", to=group)
    anna.edits(written, "@aurora_bot una doppia", to=group)
    await group.hears(AI_NOTICE, "Una doppia.")
    assert stage.inputs() == [["⟦from: Anna⟧\nuna doppia"]]


@pytest.mark.parametrize("captioned", [0, 2])
async def test_an_album_whose_words_mention_the_bot_gets_one_answer(
    stage: Stage, captioned: int
) -> None:
    anna = stage.person("Anna")
    group = stage.group(anna)
    stage.will_say("Belle!")
    for number in range(3):
        caption = "@aurora_bot è la vostra?" if number == captioned else ""
        anna.sends("photo", album="vacanze", caption=caption, to=group)
    await group.hears(AI_NOTICE, "Belle!")
    assert stage.inputs() == [["⟦from: Anna⟧\n⟦photo⟧\nè la vostra?"]]


async def test_being_added_and_thrown_out_is_taken_quietly(stage: Stage) -> None:
    anna = stage.person("Anna")
    group = stage.group(anna)
    stage.removes_bot(group)
    await group.hears()
    assert await stage.count("SELECT count(*) FROM updates WHERE state = 'failed'") == 0


async def test_a_change_of_membership_that_cannot_be_read_is_not_answered(stage: Stage) -> None:
    anna = stage.person("Anna")
    group = stage.group(anna)
    stage.injects(my_chat_member={"chat": {"id": group.chat_id, "type": "group"}})
    stage.warns("update failed", "update unreadable")
    await group.hears()
