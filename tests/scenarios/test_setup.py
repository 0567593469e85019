"""/setup: one question at a time, from a name to a company that answers."""

import pytest

from bot.core.texts import say
from bot.core.texts.desk import Desk, Home
from bot.core.texts.hosts import Tenants
from bot.core.texts.profile import CompanyCard, Versions
from bot.core.texts.setup import Hours, Setup
from bot.telegram.admin.fields import label
from bot.telegram.admin.setup_tasks import Task
from tenants.profile import Profile
from tenants.trades import Trade, beginning
from tests.scenarios.admins import BEA, HEAD, admin, both_languages, draft, each_language
from tests.scenarios.cards import has_heard, last
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage
from tests.scenarios.versions import appoint

KNOWN = "La colazione costa 8 euro."


def questions_of(trade: str) -> tuple[str, ...]:
    """What a company of a trade is tried with."""
    return tuple(beginning(Trade(trade), Profile())["test_questions"])


def place(number: int, language: str = "it") -> str:
    return say(Setup.PLACE, language, number=number, count=len(Task))


def got(language: str = "it") -> str:
    return say(Setup.KNOWLEDGE_TAKEN, language, pages=say(CompanyCard.PAGES, language, count=1))


async def made(stage: Stage, language: str = "it", name: str = "Studio Rossi") -> Person:
    """A host who has just named a company; the guide has begun."""
    ada = await admin(stage, language)
    ada.writes("/tenants")
    await last(ada)
    ada.presses(say(Tenants.NEW, language))
    await last(ada)
    ada.writes(name)
    created, first = [one["text"] for one in await ada.receives(2)]
    assert created == say(Tenants.CREATED, language, company=name)
    assert first == f"{name}\n\n{place(1, language)}\n\n{say(Setup.TRADE, language)}"
    return ada


async def asks(ada: Person, text: Setup, language: str = "it") -> None:
    assert say(text, language) in await last(ada)


async def skips_to(ada: Person, text: Setup, language: str = "it") -> None:
    ada.presses(say(Setup.SKIP, language))
    await asks(ada, text, language)


@each_language
async def test_from_a_name_to_a_company_that_answers(closed: Stage, language: str) -> None:
    ada = await made(closed, language)
    ada.presses(say(Setup.TRADE_HOTEL, language))
    await asks(ada, Setup.KNOWLEDGE, language)
    ada.writes(KNOWN)
    assert got(language) in await last(ada)
    ada.presses(say(Setup.NEXT, language))
    await asks(ada, Setup.HOURS, language)
    ada.writes("lun-ven 9-18")
    await last(ada)
    ada.presses(say(Hours.AGREE, language))
    await asks(ada, Setup.CONTACT, language)
    await closed.until(lambda: say(Hours.AGREE, language) not in ada.buttons())
    ada.writes("+39 045 000 0142")
    await asks(ada, Setup.VOICE, language)
    ada.presses(say(Setup.VOICE_INFORMAL, language))
    await asks(ada, Setup.TRY, language)
    closed.will_say("Sì!", "Costa 8 euro.")
    ada.writes("Colazione?")
    assert "– Sì!\n– Costa 8 euro." in await last(ada)
    assert KNOWN in closed.asked()[-1]["instructions"]
    ada.presses(say(Setup.NEXT, language))
    await asks(ada, Setup.PUBLISH, language)
    ada.presses(say(Setup.PUBLISH_NOW, language))
    published, bot = [one["text"] for one in await ada.receives(2)]
    assert say(Versions.PUBLISHED, language) in published
    assert say(Setup.BOT, language) in bot
    ada.presses(say(Setup.SKIP, language))
    link = "https://t.me/aurora_bot?start=studio-rossi"
    assert say(Setup.DONE_LINK, language, link=link) in await last(ada)
    ada.writes("/setup")
    assert say(Setup.DONE_LINK, language, link=link) in await last(ada)
    ada.presses(label("opening_hours", language))
    await asks(ada, Setup.HOURS, language)
    (body,) = await closed.rows("SELECT body FROM profiles WHERE version = 2")
    assert all(word in body[0] for word in (KNOWN, "Mon-Fri 9:00-18:00", "informal", "045 000"))


async def test_it_goes_on_where_it_was_left_after_a_restart_and_for_a_second_admin(
    closed: Stage,
) -> None:
    ada = await made(closed)
    ada.presses(say(Setup.TRADE_SHOP, "it"))
    await asks(ada, Setup.KNOWLEDGE)
    ada.writes(KNOWN)
    await last(ada)
    ada.presses(say(Setup.LATER, "it"))
    await ada.shows(f"Studio Rossi\n\n{say(Setup.LEFT, 'it')}")
    await closed.dies()
    await closed.opens(admin_ids=(1001, BEA))
    bea = closed.person("Bea")
    for person in (ada, bea):
        person.writes("/company")
        await has_heard(person)
        if person is bea:
            person.presses("Studio Rossi")
            await has_heard(person)
        person.writes("/setup")
        await asks(person, Setup.HOURS)


async def test_what_is_skipped_is_asked_again_another_day(closed: Stage) -> None:
    ada = await made(closed)
    await skips_to(ada, Setup.KNOWLEDGE)
    await skips_to(ada, Setup.HOURS)
    await skips_to(ada, Setup.CONTACT)
    ada.writes("/setup")
    await asks(ada, Setup.TRADE)


async def test_a_trade_takes_the_place_of_nothing_else_that_was_said(closed: Stage) -> None:
    ada = await admin(closed)
    ada.writes("/configure test_questions Avete posto?")
    await last(ada)
    ada.finds_button("Hotel", data="setup:1:trade hotel")
    ada.presses("Hotel")
    await asks(ada, Setup.KNOWLEDGE)
    drafted = await draft(closed)
    assert drafted["sector"] == "Ospitalità"
    assert drafted["test_questions"] == ["Avete posto?"]


async def test_a_trade_that_is_tapped_after_another_takes_its_place(closed: Stage) -> None:
    ada = await made(closed)
    ada.writes("Officina")
    await asks(ada, Setup.KNOWLEDGE)
    for trade, sector in (("shop", "Negozio"), ("hotel", "Ospitalità")):
        ada.finds_button(trade, data=f"setup:2:trade {trade}")
        ada.presses(trade)
        await asks(ada, Setup.KNOWLEDGE)
        drafted = await draft(closed)
        assert drafted["sector"] == sector
        assert drafted["test_questions"] == list(questions_of(trade))
    ada.finds_button("Altro", data="setup:2:trade other")
    ada.presses("Altro")
    await asks(ada, Setup.KNOWLEDGE)
    drafted = await draft(closed)
    assert drafted.get("sector") is drafted.get("assistant_goal") is None


@pytest.mark.parametrize("again", ["Chiamateci", "+39 045 000 0142"])
async def test_a_contact_that_reaches_nobody_is_asked_about_once(closed: Stage, again: str) -> None:
    ada = await made(closed)
    for text in (Setup.KNOWLEDGE, Setup.HOURS, Setup.CONTACT):
        await skips_to(ada, text)
    ada.writes("Chiamateci")
    await asks(ada, Setup.CONTACT_UNSURE)
    assert "contact" not in await draft(closed)
    ada.writes(again)
    await asks(ada, Setup.VOICE)
    assert (await draft(closed))["contact"] == again


async def test_a_command_that_there_is_not_is_told_and_the_question_stays(closed: Stage) -> None:
    ada = await made(closed)
    for command, text in (
        ("/newbot", Desk.COMMAND_OF_BOTFATHER),
        ("/orari", Desk.UNKNOWN_COMMAND),
    ):
        ada.writes(command)
        assert await last(ada) == say(text, "it", command=command)
    ada.writes("Officina")
    await asks(ada, Setup.KNOWLEDGE)
    assert (await draft(closed))["sector"] == "Officina"


async def test_a_trade_of_ones_own_is_written(closed: Stage) -> None:
    ada = await made(closed)
    ada.writes("Officina")
    await asks(ada, Setup.KNOWLEDGE)
    assert (await draft(closed))["sector"] == "Officina"


async def test_files_come_one_after_another_without_a_word(closed: Stage) -> None:
    ada = await made(closed)
    await skips_to(ada, Setup.KNOWLEDGE)
    for name in ("a.txt", "b.txt"):
        ada.sends_file(name, b"Testo.")
        assert got() in await last(ada)
    ada.sends_file("c.txt", b"Testo.", album="7")
    ada.sends_file("d.txt", b"Testo.", album="7")
    await ada.receives(2)
    ada.writes("Anche questo.")
    await last(ada)
    drafted = await draft(closed)
    assert [one["name"] for one in drafted["sources"]] == ["a.txt", "b.txt", "c.txt", "d.txt"]
    assert drafted["knowledge"] == "Anche questo."


async def test_hours_that_are_not_understood_are_named_and_asked_again(closed: Stage) -> None:
    ada = await made(closed)
    for text in (Setup.KNOWLEDGE, Setup.HOURS):
        await skips_to(ada, text)
    ada.writes("lun-ven 9-18 pausa 13-14")
    assert "«pausa»" in await last(ada)
    await skips_to(ada, Setup.CONTACT)  # whoever cannot say it goes on from there
    ada.presses(say(Setup.SKIP, "it"))
    await asks(ada, Setup.VOICE)
    ada.writes("/setup")
    await asks(ada, Setup.TRADE)
    for text in (Setup.KNOWLEDGE, Setup.HOURS):
        await skips_to(ada, text)
    ada.writes("lun-ven 9-13 e 14-18")
    assert "lun–ven 9:00–13:00, 14:00–18:00" in await last(ada)
    ada.presses(say(Hours.AGAIN, "it"))
    await asks(ada, Setup.HOURS)
    assert "opening_hours" not in await draft(closed)


async def test_three_questions_are_tapped_and_answered_out_of_the_draft(closed: Stage) -> None:
    ada = await made(closed)
    ada.presses(say(Setup.TRADE_HOTEL, "it"))
    await asks(ada, Setup.KNOWLEDGE)
    for text in (Setup.HOURS, Setup.CONTACT, Setup.VOICE, Setup.TRY):
        await skips_to(ada, text)
    questions = (await draft(closed))["test_questions"]
    for question in questions:
        closed.will_say("Certo.")
        ada.presses(question)
        assert await last(ada) == "Studio Rossi\n\n" + say(
            Setup.TRIED, "it", question=question, answer="– Certo."
        )
        assert question in str(closed.asked()[-1]["input"])
    closed.will_say("Anche.")
    ada.writes("E la sauna?")
    assert "– Anche." in await last(ada)
    # under the last answers no question is left
    shown = closed.telegram.clients.messages(ada.chat_id, bot_id=ada.bot)[-1]
    labels = [one["text"] for row in shown["reply_markup"]["inline_keyboard"] for one in row]
    assert labels == [say(one, "it") for one in (Setup.NEXT, Setup.LATER, Home.BUTTON)]


async def test_a_draft_that_changed_after_the_look_is_not_published(closed: Stage) -> None:
    ada = await made(closed)
    ada.presses(say(Setup.TRADE_HOTEL, "it"))
    await asks(ada, Setup.KNOWLEDGE)
    for text in (Setup.HOURS, Setup.CONTACT, Setup.VOICE, Setup.TRY, Setup.PUBLISH):
        await skips_to(ada, text)
    ada.writes("/configure sector Pensione")
    await last(ada)
    ada.finds_button("Vecchio", data="setup:2:publish 1.1")
    ada.presses("Vecchio")
    stale = say(Versions.CHANGED_MEANWHILE, "it", command="/setup")
    await ada.hears(f"Studio Rossi\n\n{stale}")
    assert await closed.count("SELECT count(*) FROM profiles WHERE version = 2") == 0


async def test_who_asks_while_an_answer_is_awaited_is_told_so(closed: Stage) -> None:
    ada = await made(closed)
    for text in (Setup.KNOWLEDGE, Setup.HOURS, Setup.CONTACT, Setup.VOICE, Setup.TRY):
        await skips_to(ada, text)
    closed.will_say("Certo.", first_ms=500)
    ada.writes("Colazione?")
    await closed.until(lambda: len(closed.asked()) == 1)
    ada.writes("Sauna?")
    told, answered = [one["text"] for one in await ada.receives(2)]
    assert (say(Setup.TRYING, "it") in told, "– Certo." in answered) == (True, True)


async def test_who_may_give_no_bot_is_not_asked_for_one(closed: Stage) -> None:
    await admin(closed)
    await appoint(closed, BEA)
    bea = closed.person("Bea")
    bea.writes("/setup")
    first = say(Setup.PLACE, "it", number=1, count=len(Task) - 1)
    assert first in await last(bea)
    bea.finds_button("Bot", data="setup:1:at bot")  # of when they might
    bea.presses("Bot")
    assert first in await last(bea)


@both_languages
async def test_a_stranger_knows_no_such_command(closed: Stage, language: str) -> None:
    await admin(closed)
    carlo = closed.person("Carlo", language)
    carlo.writes("/setup")
    assert HEAD not in await last(carlo)
