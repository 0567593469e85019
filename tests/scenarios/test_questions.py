"""/questions: what could not be answered, and the answers that people write."""

import pytest

from bot.core.texts import Text, say
from bot.core.texts.desk import Desk, Home
from bot.core.texts.people import Questions, Wanted
from bot.core.texts.profile import Configure
from tests.scenarios.admins import ADA, BEA, admin, draft, each_language
from tests.scenarios.cards import has_heard, last, sees, taps
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage
from tests.scenarios.test_isolation import toast
from tests.scenarios.test_wanted import asks, works_here
from tests.scenarios.versions import appoint

ANSWER = "Sì, al piano interrato, dalle 15 alle 20."


async def looks(person: Person) -> str:
    """The list."""
    person.writes("/questions")
    return await last(person)


def listed(person: Person) -> list[str]:
    """The questions that are shown, each with how often it was asked."""
    return [label.partition(" · ")[0] for label in person.buttons() if "× " in label]


async def opens(person: Person, title: str) -> None:
    person.presses(next(label for label in person.buttons() if title in label))
    await sees(person, f"Hotel Aurora\n\n{title}\n\n")


async def asks_here(ada: Person, client: Person, words: str, about: str) -> None:
    """A client's first question that has no answer; whoever works here is told."""
    await asks(client, words, about=about)
    await last(ada)


async def asked_here(stage: Stage, language: str = "it", role: str = "admin") -> Person:
    """An admin, and three questions, two of which ask the same."""
    await stage.opens()
    ada = await works_here(stage, role=role, language=language)
    await asks_here(ada, stage.person("Anna"), "Ho il cane", "un cane in camera")
    await asks_here(ada, stage.person("Bruno"), "Avete una sauna?", "una sauna")
    await asks_here(ada, stage.person("Carla"), "C'è la sauna?", "se la sauna c'è")
    return ada


@each_language
async def test_what_is_asked_most_stands_first_and_its_answer_becomes_knowledge(
    closed: Stage, language: str
) -> None:
    ada = await asked_here(closed, language)
    assert say(Questions.LIST, language) in await looks(ada)
    assert listed(ada) == ["2× se la sauna c'è", "1× un cane in camera"]
    assert all("2026" in label for label in ada.buttons() if "× " in label)
    await opens(ada, "se la sauna c'è")
    await sees(ada, "👤 C'è la sauna?\n👤 Avete una sauna?")
    assert say(Wanted.READ, language) in ada.buttons()
    await taps(ada, Questions.WRITE, language=language)
    assert await last(ada) == "Hotel Aurora\n\n" + say(
        Questions.ASK, language, question="se la sauna c'è"
    )
    ada.writes(ANSWER)
    assert say(Questions.WRITTEN, language) in await last(ada)
    assert (await draft(closed))["knowledge"] == ANSWER
    assert say(Configure.BUTTON_PUBLISH, language) in ada.buttons()
    await taps(ada, Questions.NEXT, language=language)
    await sees(ada, "👤 Ho il cane")
    await looks(ada)
    assert listed(ada) == ["1× un cane in camera"]


async def test_what_is_none_of_theirs_goes_and_the_rest_stays(closed: Stage) -> None:
    ada = await asked_here(closed)
    await looks(ada)
    await opens(ada, "se la sauna c'è")
    await taps(ada, Questions.NOT_OURS)
    await closed.until(lambda: listed(ada) == ["1× un cane in camera"])
    await opens(ada, "un cane in camera")
    await taps(ada, Questions.NOT_OURS)
    await sees(ada, say(Questions.NONE, "it"))
    assert await draft(closed) == {}


async def test_what_a_colleague_has_settled_is_not_answered_twice(closed: Stage) -> None:
    ada = await asked_here(closed)
    await looks(ada)
    await opens(ada, "un cane in camera")
    await taps(ada, Questions.WRITE)
    await last(ada)
    await closed.runs("UPDATE questions SET settled_at = 1")
    ada.writes(ANSWER)
    assert say(Questions.GONE, "it") in await last(ada)
    assert await draft(closed) == {}
    assert await toast(ada, "questions:1:write 1") == say(Questions.GONE, "it")


@each_language
async def test_the_second_to_answer_is_told_who_did_and_may_add(
    closed: Stage, language: str
) -> None:
    await closed.opens()
    ada = await works_here(closed, role="admin", language=language)
    bea = await works_here(closed, "Bea", BEA, "admin", language)
    await asks(closed.person("Anna"), "Ho il cane", about="un cane in camera")
    for person in (ada, bea):
        await last(person)
        await looks(person)
        await opens(person, "un cane in camera")
        await taps(person, Questions.WRITE, language=language)
        await last(person)
    ada.writes("Sì, i cani sono benvenuti.\n\nAnche i gatti.")
    assert say(Questions.WRITTEN, language) in await last(ada)
    bea.writes(ANSWER)
    told = say(Questions.ANSWERED_BEFORE, language, name="Ada", answer="Anche i gatti.")
    assert told in await last(bea)
    assert ANSWER not in (await draft(closed))["knowledge"]
    bea.writes(ANSWER)
    assert say(Questions.WRITTEN, language) in await last(bea)
    assert (await draft(closed))["knowledge"].endswith(f"Anche i gatti.\n\n{ANSWER}")


async def test_an_answer_is_text_and_may_be_cut_in_two(closed: Stage) -> None:
    ada = await asked_here(closed)
    await looks(ada)
    await opens(ada, "un cane in camera")
    await taps(ada, Questions.WRITE)
    await last(ada)
    ada.writes("\u200b")
    assert say(Questions.SEND_TEXT, "it") in await last(ada)
    ada.writes("a" * 4_096)
    assert say(Questions.WRITTEN, "it") in await last(ada)
    ada.writes("e il resto")
    await last(ada)
    assert (await draft(closed))["knowledge"].endswith("aaa\ne il resto")


async def test_another_question_that_is_opened_is_not_answered_with_what_was_asked_before(
    closed: Stage,
) -> None:
    ada = await asked_here(closed)
    await looks(ada)
    await opens(ada, "un cane in camera")
    await taps(ada, Questions.WRITE)
    await last(ada)
    await closed.settles()
    assert await closed.count("SELECT count(*) FROM chats WHERE form IS NOT NULL") == 1
    await toast(ada, "questions:1:one 2")
    await closed.settles()
    assert await closed.count("SELECT count(*) FROM chats WHERE form IS NOT NULL") == 0


async def test_only_what_had_no_answer_is_listed_in_pages(closed: Stage) -> None:
    await closed.opens()
    ada = await works_here(closed, role="owner")
    anna = closed.person("Anna")
    await asks(anna, "Siete lenti", "complaint", about="la lentezza")
    await last(ada)
    for about in ("uno", "sauna", "cane", "bici", "taxi", "moto", "yoga", "tennis", "golf", "sci"):
        await asks(anna, "?", about=f"{about}x")
    await looks(ada)
    assert len(listed(ada)) == 8
    ada.presses("›")
    await closed.until(lambda: listed(ada) == ["1× saunax", "1× unox"])
    ada.presses("‹")
    await closed.until(lambda: len(listed(ada)) == 8)


async def test_of_a_question_without_a_summary_the_clients_words_are_shown(closed: Stage) -> None:
    await closed.opens()
    ada = await works_here(closed, role="admin")
    await asks_here(ada, closed.person("Anna"), "Avete una sauna?", "")
    await looks(ada)
    assert listed(ada) == ["1× Avete una sauna?"]


@pytest.mark.parametrize("role", ["operator", "viewer"])
async def test_who_may_not_change_what_it_knows_does_not_see_them(closed: Stage, role: str) -> None:
    await closed.opens()
    await appoint(closed, ADA, role, "Ada")
    ada = closed.person("Ada")
    assert await looks(ada) == say(Desk.NOT_ALLOWED, "it", tenant="Hotel Aurora")


async def test_a_host_reads_nothing_unless_they_work_here_too(closed: Stage) -> None:
    host = await admin(closed)
    assert await looks(host) == say(Desk.HOST_READS_NOTHING, "it", tenant="Hotel Aurora")
    await appoint(closed, ADA, "owner", "Ada")
    assert say(Questions.NONE, "it") in await looks(host)


async def test_what_a_client_had_forgotten_goes_from_the_list(closed: Stage) -> None:
    await closed.opens()
    ada, anna = await works_here(closed, role="admin"), closed.person("Anna")
    await asks_here(ada, anna, "Ho un segreto", "un segreto")
    await looks(ada)
    assert listed(ada) == ["1× un segreto"]
    anna.writes("/forget")
    await anna.receives(1)
    anna.presses(say(Text.FORGET_YES, "it"))
    await has_heard(anna)
    await closed.until(lambda: not listed(ada))
    assert say(Questions.NONE, "it") in await looks(ada)


async def test_what_went_with_age_is_not_listed(closed: Stage) -> None:
    ada = await asked_here(closed)
    await closed.runs("UPDATE turns SET told = NULL, about = NULL, sources = NULL, buttons = NULL")
    assert say(Questions.NONE, "it") in await looks(ada)


@each_language
async def test_the_home_card_says_how_many_have_no_answer(closed: Stage, language: str) -> None:
    ada = await asked_here(closed, language)
    ada.writes("/home")
    assert f"• {say(Home.UNANSWERED, language, count=3)}" in await last(ada)
    await taps(ada, Home.ANSWER, language=language)
    await sees(ada, say(Questions.LIST, language))
