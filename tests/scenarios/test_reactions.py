"""Reactions to an answer: seen by people of the company, answered by nobody."""

from bot.core.texts import Text, say
from bot.core.texts.people import Chats
from tests.scenarios.cards import has_heard, sees
from tests.scenarios.people import Person
from tests.scenarios.stage import AI_NOTICE, Stage
from tests.scenarios.test_chats import asks, lists, opens, operator


async def answered(stage: Stage) -> tuple[Person, Person, int]:
    """One who works for the hotel, a client, and the answer's id."""
    ada, anna = await operator(stage), stage.person("Anna")
    await asks(anna, "C'è un parcheggio?", "Sì.")
    return ada, anna, anna.messages()[-1]["message_id"]


async def reads(ada: Person, anna: Person, label: str = "Anna") -> None:
    await has_heard(anna)
    await lists(ada)
    await opens(ada, label)


async def kept(stage: Stage) -> int:
    """How many reactions are stored with what they say."""
    (row,) = await stage.rows("SELECT count(*) FROM updates WHERE payload LIKE '%new_reaction%'")
    return int(row[0])


async def test_a_reaction_stands_beside_the_answer_and_opens_no_turn(closed: Stage) -> None:
    ada, anna, answer = await answered(closed)
    anna.reacts("👍", answer)
    await reads(ada, anna)
    await sees(ada, "🤖 Sì.  [👍 Anna]")
    assert say(Chats.DISLIKED, "it") not in "".join(ada.said())
    assert len(closed.asked()) == 1


async def test_how_many_answers_were_not_liked_stands_in_the_list(closed: Stage) -> None:
    ada, anna, answer = await answered(closed)
    anna.reacts("👎", answer)
    await has_heard(anna)
    assert say(Chats.DISLIKED, "it") in await lists(ada)
    await opens(ada, "👎1 Anna")
    await sees(ada, "🤖 Sì.  [👎 Anna]")


async def test_one_that_is_taken_back_is_gone(closed: Stage) -> None:
    ada, anna, answer = await answered(closed)
    anna.reacts("👎", answer)
    anna.reacts("", answer)
    await reads(ada, anna)
    await sees(ada, "🤖 Sì.")
    assert not any("👎" in text or "Anna]" in text for text in ada.said())


async def test_many_of_them_delay_no_answer(closed: Stage) -> None:
    _, anna, answer = await answered(closed)
    closed.will_say("Costa 10 €.")
    anna.writes("Quanto costa?")
    for number in range(40):
        anna.reacts("👎" if number % 2 else "👍", answer)
    await has_heard(anna)
    assert anna.said()[-1] == "Costa 10 €."
    assert len(closed.asked()) == 2


async def test_what_is_forgotten_is_not_shown_either(closed: Stage) -> None:
    _, anna, answer = await answered(closed)
    anna.reacts("👎", answer)
    anna.writes("/forget")
    await has_heard(anna)
    assert await kept(closed) == 1
    anna.presses(say(Text.FORGET_YES, "it"))
    await has_heard(anna)
    assert await kept(closed) == 0


async def test_one_in_a_topic_stands_beside_the_answer_in_that_topic(closed: Stage) -> None:
    """Telegram tells of it without the topic."""
    await closed.opens()
    anna = closed.person("Anna")
    rooms, spa = closed.forum(["Camere", "Spa"], anna)
    for topic in (rooms, spa):
        closed.will_say("Sì.")
        anna.writes("@aurora_bot avete posto?", to=topic)
        await topic.hears(AI_NOTICE, "Sì.")
    anna.reacts("👎", spa.messages()[-1]["message_id"], to=spa)
    await closed.settles()
    found = await closed.rows(
        "SELECT topic_id FROM updates JOIN chats ON chats.id = updates.chat_id"
        " WHERE payload LIKE '%new_reaction%'"
    )
    assert [row[0] for row in found] == [spa.topic]
