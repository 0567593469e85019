"""/chats: the people of a company read what its clients were told."""

import pytest

from bot.core.texts import Text, say
from bot.core.texts.desk import Admins, Audit, Desk
from bot.core.texts.people import Chats
from bot.playground.telegram.records import Upload
from bot.playground.voices import silence, with_words
from bot.telegram.admin.chats import TURNS
from db.outdated import Rewritten
from db.quotes import KeepCopy
from tests.scenarios.admins import ADA, admin, each_language, headed
from tests.scenarios.cards import has_heard, last, sees, taps
from tests.scenarios.people import BOT, Json, Person
from tests.scenarios.stage import AI_NOTICE, Stage
from tests.scenarios.versions import appoint

THE_TIME = "20/11/2026"
HEARD = "Avete posto?"
VOICE = Upload("voice.oga", "audio/ogg", with_words(silence(1), HEARD))


async def operator(stage: Stage, language: str = "it", role: str = "operator") -> Person:
    """Somebody who answers for the hotel; the program runs."""
    await stage.opens()
    await appoint(stage, ADA, role, "Ada")
    return stage.person("Ada", language)


async def asks(person: Person, words: str, *answer: str) -> None:
    """A client's question, and its answer."""
    person.stage.will_say(*answer)  # type: ignore[attr-defined]  # a stage, in all of these tests
    person.writes(words)
    await has_heard(person)


async def lists(person: Person, words: str = "") -> str:
    person.writes(f"/chats {words}".rstrip())
    return await last(person)


def keys_of(person: Person) -> list[str]:
    """The conversations that are shown, by the names on their keys."""
    return [label.partition(" · ")[0] for label in person.buttons() if " · " in label]


async def opens(person: Person, name: str) -> None:
    """The conversation with a client of this name."""
    label = next(one for one in person.buttons() if one.startswith(name))
    person.presses(label)
    await person.stage.until(lambda: say(Chats.ALL, "it") in person.buttons())


@each_language
async def test_who_works_here_reads_what_was_asked_and_answered(
    closed: Stage, language: str
) -> None:
    ada = await operator(closed, language)
    anna = closed.person("Anna")
    await asks(anna, "C'è un parcheggio?", "Sì.", "Costa 10 € al giorno.")
    assert say(Chats.LIST, language) in await lists(ada)
    ada.presses(next(label for label in ada.buttons() if label.startswith("Anna")))
    for said in ("👤 C'è un parcheggio?", "🤖 Sì.", "🤖 Costa 10 € al giorno."):
        await sees(ada, said)


async def test_times_are_those_of_the_company(closed: Stage) -> None:
    ada = await operator(closed)
    anna = closed.person("Anna")
    await asks(anna, "Ciao", "Buongiorno!")
    await lists(ada)
    assert any(label.startswith("Anna · 13:0") for label in ada.buttons())
    await opens(ada, "Anna")
    await sees(ada, f"Hotel Aurora\n\nAnna\n\n{THE_TIME} 13:0")


async def test_nobody_has_written_yet(closed: Stage) -> None:
    ada = await operator(closed)
    assert await lists(ada) == headed(say(Chats.NOBODY, "it"))


async def test_a_conversation_is_found_by_a_name_or_a_word(closed: Stage) -> None:
    ada = await operator(closed)
    anna, bruno = closed.person("Anna"), closed.person("Bruno")
    await asks(anna, "Avete una CULLA?", "Sì.")
    await asks(bruno, "Buonasera", "Buonasera!")
    assert await lists(ada, "brun") == headed(say(Chats.FOUND, "it", words="brun"))
    assert keys_of(ada) == ["Bruno"]
    await lists(ada, "culla")
    assert keys_of(ada)[1:] == ["Anna"]
    closed.will_say("Sì.")
    bruno.sends("voice", file=VOICE)
    await has_heard(bruno)
    await lists(ada, HEARD.casefold())
    assert keys_of(ada)[2:] == ["Bruno"]
    assert await lists(ada, "sauna") == headed(say(Chats.NOT_FOUND, "it", words="sauna"))


async def test_a_long_conversation_has_pages(closed: Stage) -> None:
    ada = await operator(closed)
    anna = closed.person("Anna")
    for number in range(TURNS + 1):
        await asks(anna, f"Domanda {number}", f"Risposta {number}.")
    await lists(ada)
    await opens(ada, "Anna")
    assert "Domanda 0" not in ada.said()[-1]
    assert f"Risposta {TURNS}." in ada.said()[-1]
    await taps(ada, Chats.OLDER)
    await sees(ada, "🤖 Risposta 0.")
    assert "Domanda 1" not in ada.said()[-1]
    await taps(ada, Chats.LATEST)
    await sees(ada, f"Risposta {TURNS}.")


async def test_a_long_message_is_cut_and_shown_whole_on_demand(closed: Stage) -> None:
    ada = await operator(closed)
    anna = closed.person("Anna")
    await asks(anna, "parola " * 500, "Capisco.")
    await lists(ada)
    await opens(ada, "Anna")
    assert "…\n🤖 Capisco." in ada.said()[-1]
    ada.presses(next(one for one in ada.buttons() if one.startswith(say(Chats.MEDIA_TEXT, "it"))))
    assert (await last(ada)).strip() == ("parola " * 500).strip()


async def test_of_very_many_messages_the_latest_are_shown(closed: Stage) -> None:
    ada = await operator(closed)
    anna = closed.person("Anna")
    closed.will_say("Un momento.")
    for number in range(50):
        anna.writes(f"{number} " + "a" * 200)
    await has_heard(anna)
    await lists(ada)
    await opens(ada, "Anna")
    await sees(ada, "👤 49 aaa")
    assert not [text for text in ada.said() if "👤 0 aaa" in text]


async def test_a_photo_is_named_and_shown_again(closed: Stage) -> None:
    ada = await operator(closed)
    anna = closed.person("Anna")
    await asks(anna, "Ciao", "Buongiorno!")
    closed.will_say("Molto.")
    anna.sends("photo", caption="Vi piace?")
    await has_heard(anna)
    closed.will_say("Sì.")
    anna.sends("voice", file=VOICE)
    await has_heard(anna)
    await lists(ada)
    await opens(ada, "Anna")
    await sees(ada, f"👤 {say(Chats.MEDIA_PHOTO, 'it')} Vi piace?\n🤖 Molto.")
    await sees(ada, f"👤 🎤 {HEARD}\n🤖 Sì.")
    for kind, label in (("photo", Chats.MEDIA_PHOTO), ("voice", Chats.MEDIA_VOICE)):
        ada.presses(next(one for one in ada.buttons() if one.startswith(say(label, "it"))))
        (shown,) = await ada.receives(1)
        assert kind in shown


async def shown_a_photo(stage: Stage) -> tuple[Person, Person, Json]:
    """A client's photo, sent again to somebody of the company: both, and the copy."""
    ada = await operator(stage)
    anna = stage.person("Anna")
    stage.will_say("Bella.")
    anna.sends("photo", caption="Vi piace?")
    await has_heard(anna)
    await lists(ada)
    await opens(ada, "Anna")
    label = say(Chats.MEDIA_PHOTO, "it")
    ada.presses(next(one for one in ada.buttons() if one.startswith(label)))
    (shown,) = await ada.receives(1)
    await stage.until(lambda: any(isinstance(one, KeepCopy) for one in stage.committed))
    return ada, anna, shown


async def test_what_was_shown_again_goes_with_what_the_client_had_forgotten(
    closed: Stage,
) -> None:
    ada, anna, shown = await shown_a_photo(closed)
    assert await closed.count("SELECT max(message_id) FROM outbox") == shown["message_id"]
    anna.writes("/forget")
    await anna.receives(1)
    anna.presses(say(Text.FORGET_YES, "it"))
    await anna.hears(say(Text.FORGOTTEN, "it"))
    messages = closed.telegram.clients.messages
    await closed.until(
        lambda: not [one for one in messages(ada.chat_id, bot_id=ada.bot) if "photo" in one]
    )


async def test_what_was_shown_again_goes_by_itself_and_quotes_nobody_then(closed: Stage) -> None:
    ada, _, _ = await shown_a_photo(closed)
    await closed.closes()
    await closed.runs("UPDATE quotes SET rewrite_at = 1 WHERE rewrite_at IS NOT NULL")
    await closed.opens()
    await closed.until(lambda: any(isinstance(one, Rewritten) for one in closed.committed))
    assert ada.calls("deleteMessage") == 1
    kept = "SELECT count(*) FROM outbox WHERE position = -2"
    assert await closed.count(kept) - await closed.count(f"{kept} AND text = ''") == 0


@each_language
async def test_a_client_is_told_what_can_no_longer_be_changed(closed: Stage, language: str) -> None:
    ada = await operator(closed)
    anna = closed.person("Anna", language)
    await asks(anna, "Ho un segreto", "Capisco.")
    for _ in range(2):
        await lists(ada)
    ada.blocks()
    await closed.settles()
    anna.writes("/forget")
    await anna.receives(1)
    anna.presses(say(Text.FORGET_YES, language))
    told = (say(Text.FORGOTTEN, language), say(Text.FORGOTTEN_BUT, language, count=2))
    await anna.hears("\n\n".join(told))


async def test_an_answer_tells_its_outcome_and_its_sources(closed: Stage) -> None:
    ada = await operator(closed)
    anna = closed.person("Anna")
    await asks(anna, "Avete una sauna?", "Non lo so.")
    about = "outcome = 'unknown', about = 'una sauna', sources = '[\"camere.pdf\"]'"
    await closed.runs(f"UPDATE turns SET {about}")  # noqa: S608 - this test's own words
    await lists(ada)
    await opens(ada, "Anna")
    unknown, source = say(Chats.OUTCOME_UNKNOWN, "it"), say(Chats.FROM, "it", sources="camere.pdf")
    await sees(ada, f"— {unknown} · una sauna · {source}")


async def test_what_it_was_about_is_not_said_twice(closed: Stage) -> None:
    ada = await operator(closed)
    await asks(closed.person("Anna"), "Avete una sauna?", "Non lo so.")
    await closed.runs("UPDATE turns SET outcome = 'unknown', about = 'avete una sauna?'")
    await lists(ada)
    await opens(ada, "Anna")
    await sees(ada, unknown := f"— {say(Chats.OUTCOME_UNKNOWN, 'it')}")
    shown = [m.get("text") or "" for m in closed.telegram.clients.messages(ADA, bot_id=BOT)]
    assert [text.rpartition("\n")[2] for text in shown if unknown in text] == [unknown]


async def test_a_turn_that_failed_says_so(closed: Stage) -> None:
    ada = await operator(closed)
    anna = closed.person("Anna")
    await asks(anna, "Ciao", "Buongiorno!")
    await closed.runs("UPDATE turns SET state = 'failed'")
    await lists(ada)
    await opens(ada, "Anna")
    await sees(ada, f"— {say(Chats.OUTCOME_FAILED, 'it')}")


async def test_a_host_without_a_role_in_the_company_reads_nothing(closed: Stage) -> None:
    ada = await admin(closed)
    await asks(closed.person("Anna"), "Ciao", "Buongiorno!")
    assert await lists(ada) == say(Desk.HOST_READS_NOTHING, "it", tenant="Hotel Aurora")
    assert ada.buttons() == [say(Admins.ADD_ME, "it")]


async def test_a_host_who_works_there_too_says_so_and_reads(closed: Stage) -> None:
    ada = await admin(closed)
    await asks(closed.person("Anna"), "Ciao", "Buongiorno!")
    await lists(ada)
    ada.presses(say(Admins.ADD_ME, "it"))
    await sees(ada, say(Admins.ADDED_ME, "it"))
    await has_heard(ada)
    await lists(ada)
    assert keys_of(ada)[-1] == "Anna"
    people = "SELECT user_id, role FROM admins"
    assert await closed.rows(people) == [(ADA, "owner")]


@pytest.mark.parametrize(("role", "reads"), [("operator", False), ("admin", True)])
async def test_a_private_assistants_chats_are_for_admins(
    closed: Stage, role: str, reads: bool
) -> None:
    ada = await operator(closed, role=role)
    await asks(closed.person("Anna"), "Ciao", "Buongiorno!")
    await closed.runs("UPDATE talks SET assistant = 'vip'")
    await closed.runs("UPDATE threads SET assistant = 'vip'")
    told = await lists(ada)
    assert (told == headed(say(Chats.NOBODY, "it"))) is not reads
    ada.finds_button("Apri", data="chats:1:read 1")
    ada.presses("Apri")
    await sees(ada, "Buongiorno!" if reads else say(Chats.GONE, "it"))


async def test_reading_leaves_a_line_in_the_trail(closed: Stage) -> None:
    ada = await operator(closed, role="owner")
    await asks(closed.person("Anna"), "Ciao", "Buongiorno!")
    for _ in range(2):
        await lists(ada)
        await opens(ada, "Anna")
        await closed.settles()
    ada.writes("/audit")
    assert (await last(ada)).count(f"{say(Audit.DID_CHAT_READ, 'it')}: #1") == 1


async def test_what_a_client_had_forgotten_is_gone(closed: Stage) -> None:
    ada = await operator(closed)
    anna = closed.person("Anna")
    await asks(anna, "Ho un segreto", "Capisco.")
    await lists(ada)
    anna.writes("/forget")
    await anna.receives(1)
    anna.presses(say(Text.FORGET_YES, "it"))
    await anna.hears(say(Text.FORGOTTEN, "it"))
    ada.presses(next(label for label in ada.buttons() if label.startswith("Anna")))
    await sees(ada, say(Chats.GONE, "it"))
    assert not any("segreto" in text for text in ada.said())


async def test_clients_are_told_that_people_can_read(closed: Stage) -> None:
    await closed.opens()
    anna = closed.person("Anna")
    anna.writes("/privacy")
    assert "Le persone dell’azienda possono leggere" in await last(anna)
    assert AI_NOTICE not in anna.said()[-1]
