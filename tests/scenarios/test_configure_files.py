"""/configure: a profile as TOML, in as a file or as text, and out again."""

import pytest

from bot.core.texts import say
from bot.core.texts.desk import Desk
from bot.core.texts.problems import Problems
from bot.core.texts.profile import CompanyCard, Configure, Knowledge
from bot.telegram.admin.company_card import pages
from tenants.profile import Profile
from tenants.toml import read
from tests.scenarios.admins import admin, both_languages, draft, each_language
from tests.scenarios.cards import last, sees, sees_company, taps
from tests.scenarios.people import Person
from tests.scenarios.stage import AI_NOTICE, HOTEL, Stage
from tests.scenarios.versions import colleague

BANK = b"""\
company_name = "Banca Aessefin"
sector = "banca"
test_questions = ["A che ora aprite?"]

[[sources]]
name = "Orari"
text = "Apriamo alle 8:30."

[assistants.soci]
pace = "brisk"
"""


async def asked_for_several(stage: Stage, language: str = "it") -> Person:
    """A host, who is asked for several fields at once."""
    ada = await admin(stage, language)
    ada.writes("/configure")
    await ada.receives(1)
    several = (CompanyCard.MORE, CompanyCard.GROUP_EXPERTS, Configure.BUTTON_IMPORT)
    await taps(ada, *several, language=language)
    await sees(ada, say(Configure.SEND_SEVERAL, language))
    return ada


@each_language
async def test_a_file_sets_all_that_it_names(closed: Stage, language: str) -> None:
    ada = await asked_for_several(closed, language)
    ada.sends_file("banca.toml", BANK)
    assert "Hotel Aurora → Banca Aessefin" in await last(ada)
    assert await draft(closed) == read(BANK.decode()).model_dump(mode="json")


async def test_tokens_in_a_file_are_not_kept(closed: Stage) -> None:
    ada = await asked_for_several(closed)
    token = "987654321:AAH-x_secretsecret\\u00adsecretsecretsecre"
    ada.sends_file("banca.toml", f'welcome = "Ecco {token}!"'.encode())
    assert "•!" in await last(ada)
    assert "secret" not in str(await draft(closed))


@pytest.mark.parametrize("caption", ["/configure", "/configure@aurora_bot"])
async def test_a_file_may_come_with_the_command_for_its_caption(
    closed: Stage, caption: str
) -> None:
    ada = await admin(closed)
    ada.sends_file("banca.toml", BANK, caption=caption)
    assert "Hotel Aurora → Banca Aessefin" in await last(ada)
    assert await draft(closed) == read(BANK.decode()).model_dump(mode="json")
    closed.will_say("Buongiorno!")
    ada.writes("Ciao")  # nothing is asked any more
    await ada.hears(AI_NOTICE, "Buongiorno!")


@pytest.mark.parametrize("caption", ["/configure knowledge", "/configure conoscenze", "/knowledge"])
async def test_a_file_for_the_knowledge_may_come_so_too(closed: Stage, caption: str) -> None:
    ada = await admin(closed)
    ada.sends_file("orari.txt", b"Apriamo alle 8:30.", caption=caption)
    added = say(Knowledge.SOURCE_NEW, "it", name="orari.txt", pages=pages("x", "it"))
    assert added in await last(ada)
    (source,) = (await draft(closed))["sources"]
    assert (source["name"], source["text"]) == ("orari.txt", "Apriamo alle 8:30.")


async def test_after_a_captioned_file_that_is_refused_another_is_waited_for(closed: Stage) -> None:
    ada = await admin(closed)
    ada.sends_file("menu.pdf", b"%PDF", caption="/configure")
    assert say(Configure.FILE_NOT_TOML, "it") in await last(ada)
    ada.sends_file("banca.toml", BANK)
    assert "Hotel Aurora → Banca Aessefin" in await last(ada)


async def test_a_captioned_file_of_one_who_may_only_look_is_refused(closed: Stage) -> None:
    ada, bea = await admin(closed), await colleague(closed, role="viewer")
    bea.sends_file("banca.toml", BANK, caption="/configure")
    await bea.hears(say(Desk.NOT_ALLOWED, "it", tenant="Hotel Aurora"))
    closed.will_say("Buongiorno!")
    bea.writes("Ciao")
    await bea.hears(AI_NOTICE, "Buongiorno!")
    assert await draft(closed) == {}
    await ada.hears()


async def test_a_clients_captioned_file_is_a_message_like_any_other(closed: Stage) -> None:
    await closed.opens(admin_ids=(999,))
    anna = closed.person("Anna")
    closed.will_say("Mi scriva la Sua domanda.")
    anna.sends_file("banca.toml", BANK, caption="/configure")
    await anna.hears(AI_NOTICE, "Mi scriva la Sua domanda.")
    assert await draft(closed) == {}


@each_language
async def test_of_a_file_that_nobody_asked_for_an_admin_is_told_what_can_be_done(
    closed: Stage, language: str
) -> None:
    ada = await admin(closed, language)
    ada.sends_file("orari.txt", b"Apriamo alle 8:30.")
    await ada.hears(f"Hotel Aurora\n\n{say(Desk.FILE_UNASKED, language)}")
    ada.presses(say(Desk.FILE_CONFIGURE, language))
    await sees(ada, say(Configure.SEND_SEVERAL, language))
    ada.sends_file("banca.toml", BANK)
    assert "Banca Aessefin" in await last(ada)


async def test_files_that_nobody_asked_for_may_be_what_the_assistant_knows(closed: Stage) -> None:
    ada = await admin(closed)
    for name in ("uno.txt", "due.txt"):
        ada.sends_file(name, b"Uno", album="7")
    await ada.hears(f"Hotel Aurora\n\n{say(Desk.FILE_UNASKED, 'it')}")
    ada.presses(say(Desk.FILE_KNOWLEDGE, "it"))
    await ada.hears(f"Hotel Aurora\n\n{say(Knowledge.ASK_FILE, 'it', megabytes=20)}")
    ada.sends_file("uno.txt", b"Uno")
    added = say(Knowledge.SOURCE_NEW, "it", name="uno.txt", pages=pages("x", "it"))
    assert added in await last(ada)


async def test_a_file_of_one_who_configures_nothing_is_a_clients(closed: Stage) -> None:
    ada, bea = await admin(closed), await colleague(closed, role="viewer")
    for person in (bea, closed.person("Anna")):
        closed.will_say("Letto.")
        person.sends_file("orari.txt", b"Apriamo alle 8:30.")
        await person.hears(AI_NOTICE, "Letto.")
    closed.will_say("Bella.")
    ada.sends("photo")
    await ada.hears(AI_NOTICE, "Bella.")


async def test_several_lines_set_several_fields(closed: Stage) -> None:
    ada = await asked_for_several(closed)
    ada.writes("company_name: Banca Aessefin\nsettore: banca\nRitmo: svelto")
    await ada.receives(1)
    expected = {"company_name": "Banca Aessefin", "sector": "banca", "pace": "brisk"}
    assert await draft(closed) == expected


async def test_toml_may_be_pasted(closed: Stage) -> None:
    ada = await admin(closed)
    ada.writes("/configure\n" + BANK.decode())
    await ada.receives(1)
    assert await draft(closed) == read(BANK.decode()).model_dump(mode="json")


async def test_a_files_mistakes_are_told_with_their_lines(closed: Stage) -> None:
    ada = await asked_for_several(closed)
    ada.sends_file("banca.toml", b'sector = "banca"\nwelcom = "Ciao"\npace = "lento"\n')
    told = await last(ada)
    unknown = say(Problems.UNKNOWN_LIKE, "it", name="welcom", close="welcome")
    assert say(Problems.LINE, "it", line=2, problem=unknown) in told
    assert "Riga 3: Ritmo: scelga uno tra human (naturale), brisk (svelto)" in told
    assert await draft(closed) == {}


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("menu.pdf", b"%PDF", say(Configure.FILE_NOT_TOML, "it")),
        ("banca.toml", "sector = 'caffè'".encode("latin-1"), say(Configure.FILE_NOT_UTF8, "it")),
        ("banca.toml", b"#" * 2_100_000, say(Configure.FILE_TOO_LARGE, "it", limit=2)),
        ("banca.toml", b"Buongiorno", say(Problems.TOML_SYNTAX, "it", line=1)),
        ("banca.toml", b"sector = " + b"[" * 5_000, say(Problems.TOML_NESTING, "it")),
    ],
)
async def test_what_is_no_profile_is_told_and_another_file_taken(
    closed: Stage, name: str, content: bytes, text: str
) -> None:
    ada = await asked_for_several(closed)
    ada.sends_file(name, content)
    assert text in await last(ada)
    ada.sends_file("banca.toml", BANK)
    assert "Banca Aessefin" in await last(ada)


async def test_a_file_that_cannot_be_fetched_is_asked_for_again(closed: Stage) -> None:
    ada = await asked_for_several(closed)
    closed.telegram_fails("500", method="getFile")
    ada.sends_file("banca.toml", BANK)
    assert say(Knowledge.NOT_FETCHED, "it", name="banca.toml") in await last(ada)
    assert await draft(closed) == {}


async def test_a_sticker_is_no_answer(closed: Stage) -> None:
    ada = await asked_for_several(closed)
    ada.sends("sticker")
    assert say(Configure.NO_TEXT, "it") in await last(ada)


@both_languages
async def test_a_short_profile_comes_as_a_message_with_the_draft_in_it(
    closed: Stage, language: str
) -> None:
    ada = await admin(closed, language)
    ada.writes("/configure sector Ospitalità")
    await ada.receives(1)
    ada.writes("/configure export")
    told, exported = await ada.receives(2)
    assert say(Configure.EXPORTED, language) in told["text"]
    assert read(exported["text"]) == HOTEL.changed({"sector": "Ospitalità"})
    assert [entity["type"] for entity in exported["entities"]] == ["pre"]


async def test_what_was_exported_can_be_sent_back(closed: Stage) -> None:
    ada = await asked_for_several(closed)
    ada.presses(say(Configure.BUTTON_BACK, "it"))
    await sees_company(ada)
    await taps(ada, CompanyCard.MORE, CompanyCard.GROUP_EXPERTS, Configure.BUTTON_EXPORT)
    (_, exported) = await ada.receives(2)
    ada.writes("/configure " + exported["text"])
    assert say(Configure.UNCHANGED, "it") in await last(ada)


async def test_a_long_profile_comes_as_a_file(closed: Stage) -> None:
    long = Profile(knowledge="Il check-in è dalle 14:00.\n" * 1_000)
    await closed.publishes(knowledge=long.knowledge)
    ada = await admin(closed)
    ada.writes("/configure export")
    # Which of the two comes first is left open: one is sent from the tables, one beside them.
    told, sent = sorted(await ada.receives(2), key=lambda message: "document" in message)
    assert say(Configure.EXPORTED_FILE, "it") in told["text"]
    assert sent["document"]["file_name"] == "hotel.toml"
    file = closed.telegram.world.files[sent["document"]["file_id"]]
    assert read(file.content.decode()) == HOTEL.changed({"knowledge": long.knowledge})


async def test_a_company_that_said_nothing_is_exported_too(closed: Stage) -> None:
    await closed.publishes(company_name=None, welcome=None, ai_notice=None, contact=None)
    ada = await admin(closed)
    ada.writes("/configure export")
    _, exported = await ada.receives(2)
    assert read(exported["text"]) == Profile()
