"""Somebody could not be helped: the people of the company are told, and see to it."""

import pytest

from bot.core.texts import Text, say
from bot.core.texts.desk import Admins, Home
from bot.core.texts.people import Chats, Wanted
from bot.playground.openai import Call, FaultKind, Reply
from bot.tools import ToolContext
from db.outdated import Rewritten
from tests.fakes.tools import FakeTool
from tests.scenarios.admins import ADA, BEA, admin, each_language, headed
from tests.scenarios.cards import has_heard, last, sees, taps
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage
from tests.scenarios.test_isolation import toast
from tests.scenarios.versions import appoint

SAUNA = '{"messages": ["Non lo so."], "buttons": [], "outcome": "%s", "about": "%s", "sources": []}'


async def works_here(
    stage: Stage, name: str = "Ada", user: int = ADA, role: str = "operator", language: str = "it"
) -> Person:
    """Somebody who has opened the bot."""
    await appoint(stage, user, role, name)
    person = stage.person(name, language)
    person.writes("/duty")
    await person.receives(1)
    return person


async def asks(
    anna: Person, words: str, outcome: str = "unknown", about: str = "una sauna"
) -> None:
    anna.stage.will_say(raw=SAUNA % (outcome, about))  # type: ignore[attr-defined]  # a stage, in all of these tests
    anna.writes(words)
    await anna.stage.until(lambda: "Non lo so." in [m["text"] for m in anna.untold()])
    await has_heard(anna)


HEADS = [
    ("unknown", Wanted.HEAD_UNKNOWN),
    ("complaint", Wanted.HEAD_COMPLAINT),
    ("handover", Wanted.HEAD_HANDOVER),
]


@pytest.mark.parametrize(("outcome", "head"), HEADS)
@each_language
async def test_who_what_and_the_last_lines_are_told(
    closed: Stage, language: str, outcome: str, head: Wanted
) -> None:
    await closed.opens()
    ada = await works_here(closed, language=language)
    await asks(closed.person("Anna"), "Avete una sauna?", outcome)
    assert await last(ada) == headed("").strip() + "\n" + "\n\n".join(
        [say(head, language, name="Anna"), "• una sauna", "👤 Avete una sauna?\n🤖 Non lo so."]
    )
    assert ada.buttons()[-2:] == [say(Wanted.READ, language), say(Wanted.DONE, language)]


@pytest.mark.parametrize("outcome", ["answered", "asked", "declined"])
async def test_of_a_client_who_was_served_nobody_is_told(closed: Stage, outcome: str) -> None:
    await closed.opens()
    ada = await works_here(closed)
    await asks(closed.person("Anna"), "Ciao", outcome)
    await ada.hears()


async def test_a_turn_that_fails_is_told_in_the_clients_words(closed: Stage) -> None:
    await closed.opens()
    ada, anna = await works_here(closed), closed.person("Anna")
    closed.openai_fails(FaultKind.STATUS, status=400, code="invalid_prompt")
    anna.writes("Avete una sauna?")
    told = await last(ada)
    assert say(Wanted.HEAD_FAILED, "it", name="Anna") in told
    assert "•" not in told
    assert "👤 Avete una sauna?" in told
    await has_heard(anna)
    closed.warns("turn failed", "refused")


@each_language
async def test_what_may_have_been_done_is_to_be_checked(closed: Stage, language: str) -> None:
    async def breaks(_: ToolContext, __: str) -> str:
        raise OSError

    closed.toolbox.tools.append(FakeTool("book_table", acts=breaks))
    await closed.opens()
    ada, anna = await works_here(closed, language=language), closed.person("Anna")
    call = Call("book_table", '{"what":"four"}', "call_1")
    closed.openai.script.add([Reply(calls=(call,))])
    closed.will_say(raw=SAUNA % ("answered", "un tavolo"))
    anna.writes("Un tavolo per sabato")
    told = [say(Wanted.HEAD_DOUBT, language, name="Anna"), "❓ Book table · what: four"]
    assert "\n\n".join(told) in await last(ada)
    await has_heard(anna)
    closed.warns("tool failed")


@each_language
async def test_who_was_promised_a_person_is_told_of(closed: Stage, language: str) -> None:
    """Whatever the answer says of itself."""
    await closed.opens()
    ada, anna = await works_here(closed, language=language), closed.person("Anna")
    promise = SAUNA.replace("Non lo so.", "Le faremo sapere.") % ("answered", "una sauna")
    closed.will_say(raw=promise)
    anna.writes("Avete una sauna?")
    assert say(Wanted.HEAD_PROMISED, language, name="Anna") in await last(ada)
    await has_heard(anna)
    await taps(ada, Wanted.READ, language=language)
    assert f"— ❗ {say(Chats.PROMISED, language)}" in await last(ada)
    ada.writes("/home")
    assert f"• {say(Home.CLIENTS_WAIT, language, count=1)}" in await last(ada)


async def test_what_was_wanted_is_not_said_twice(closed: Stage) -> None:
    await closed.opens()
    ada, anna = await works_here(closed), closed.person("Anna")
    await asks(anna, "Avete una  sauna? E a che ora apre?", about="Avete una sauna?")
    told = await last(ada)
    assert "•" not in told
    assert "👤 Avete una sauna? E a che ora apre?" in told


async def test_later_questions_are_added_to_the_same_message(closed: Stage) -> None:
    await closed.opens()
    ada, anna = await works_here(closed), closed.person("Anna")
    await asks(anna, "Avete una sauna?")
    first = await last(ada)
    assert "• una sauna" in first
    await asks(anna, "E un cane?", about="un cane in camera")
    await sees(ada, "• una sauna\n• un cane in camera")
    await ada.hears()


async def test_after_a_quarter_of_an_hour_it_is_another_message(closed: Stage) -> None:
    await closed.opens()
    ada, anna = await works_here(closed), closed.person("Anna")
    await asks(anna, "Avete una sauna?")
    await last(ada)
    await closed.runs("UPDATE notices SET began_at = began_at - 901")
    await asks(anna, "E un cane?", about="un cane in camera")
    assert "• una sauna" not in await last(ada)


async def test_whoever_sees_to_it_does_so_for_everybody(closed: Stage) -> None:
    await closed.opens()
    ada, bea = await works_here(closed), await works_here(closed, "Bea", BEA, "admin")
    await asks(closed.person("Anna"), "Avete una sauna?")
    await last(ada)
    await last(bea)
    await taps(ada, Wanted.DONE)
    for person in (ada, bea):
        await sees(person, say(Wanted.DONE_BY, "it", name="Ada"))
        assert say(Wanted.DONE, "it") not in person.buttons()
    assert await toast(bea, "chats:1:done 1") == say(Wanted.DONE_BEFORE, "it", name="Ada")


async def test_the_chat_is_read_from_the_notice_and_seen_to_there(closed: Stage) -> None:
    await closed.opens()
    ada = await works_here(closed)
    await asks(closed.person("Anna"), "Avete una sauna?")
    await last(ada)
    await taps(ada, Wanted.READ)
    assert say(Chats.OUTCOME_UNKNOWN, "it") in await last(ada)
    ada.writes("/chats")
    await last(ada)
    assert any(label.startswith("❗ Anna") for label in ada.buttons())
    ada.presses(next(label for label in ada.buttons() if label.startswith("❗ Anna")))
    await taps(ada, Wanted.DONE)
    await closed.settles()
    ada.writes("/chats")
    await last(ada)
    assert [label for label in ada.buttons() if label.startswith("Anna · ")]


async def test_viewers_and_hosts_are_not_told(closed: Stage) -> None:
    host = await admin(closed)
    host.writes("/home")
    await last(host)
    bea = await works_here(closed, "Bea", BEA, "operator")
    await closed.runs("UPDATE admins SET role = 'viewer'")
    await asks(closed.person("Anna"), "Avete una sauna?")
    await bea.hears()
    await host.hears(say(Text.HOST_NOBODY_TOLD, "it", company="Hotel Aurora"))
    await asks(closed.person("Bruno"), "Avete una sauna?")
    await host.hears()


async def test_of_a_private_assistant_operators_are_not_told(closed: Stage) -> None:
    await closed.opens()
    ada, bea = await works_here(closed), await works_here(closed, "Bea", BEA, "admin")
    anna = closed.person("Anna")
    await asks(anna, "Ciao", "answered")
    await closed.runs("UPDATE threads SET assistant = 'vip'")
    await asks(anna, "Avete una sauna?")
    await last(bea)
    await ada.hears()


async def test_what_a_dying_process_left_untold_the_next_one_tells(closed: Stage) -> None:
    await closed.opens()
    ada, anna = await works_here(closed), closed.person("Anna")
    await asks(anna, "Ciao", "answered")
    await closed.closes()
    told = "(turn_id, talk_id, tenant_id, outcome, at) VALUES (1, 1, 1, 'unknown', 1)"
    await closed.runs(f"INSERT INTO questions {told}")
    await closed.opens()
    assert say(Wanted.HEAD_UNKNOWN, "it", name="Anna") in await last(ada)


async def test_who_has_not_opened_a_bot_is_named_with_the_link(closed: Stage) -> None:
    ada = await admin(closed)
    await appoint(closed, 5_555, "operator", "Carl")
    ada.writes("/admins")
    link = "https://t.me/aurora_bot"
    assert say(Admins.NOT_MET, "it", names="Carl", link=link) in await last(ada)


async def test_what_a_client_had_forgotten_goes_from_the_notice(closed: Stage) -> None:
    await closed.opens()
    ada, anna = await works_here(closed), closed.person("Anna")
    await asks(anna, "Ho un segreto", about="un segreto")
    await last(ada)
    anna.writes("/forget")
    await anna.receives(1)
    anna.presses(say(Text.FORGET_YES, "it"))
    await has_heard(anna)
    await sees(ada, say(Wanted.ERASED, "it"))
    assert not [text for text in await closed.everything_stored() if "segreto" in text]
    assert not [text for text in ada.said() if "segreto" in text]


@each_language
async def test_the_home_card_says_how_many_wait(closed: Stage, language: str) -> None:
    await closed.opens()
    ada = await works_here(closed, language=language)
    await asks(closed.person("Anna"), "Avete una sauna?")
    await last(ada)
    ada.writes("/home")
    assert f"• {say(Home.CLIENTS_WAIT, language, count=1)}" in await last(ada)
    await taps(ada, Home.READ_CHATS, language=language)
    await closed.until(lambda: any(label.startswith("❗ Anna") for label in ada.buttons()))


@pytest.mark.parametrize("opened", [False, True])
async def test_what_a_client_had_forgotten_goes_from_each_card(closed: Stage, opened: bool) -> None:
    await closed.opens()
    ada, anna = await works_here(closed), closed.person("Anna Segreta")
    await asks(anna, "Ho un segreto", "answered")
    ada.writes("/chats")
    await last(ada)
    if opened:
        ada.presses(next(label for label in ada.buttons() if label.startswith("Anna")))
        await sees(ada, "Ho un segreto")
    anna.writes("/forget")
    await anna.receives(1)
    anna.presses(say(Text.FORGET_YES, "it"))
    await has_heard(anna)
    await sees(ada, say(Wanted.ERASED, "it"))
    assert not [text for text in (*ada.said(), *ada.buttons()) if "segret" in text.lower()]
    kept = [text for text in await closed.everything_stored() if "Anna Segreta" in text]
    assert not [text for text in kept if "chats:1:read" in text]


async def test_who_may_read_no_more_is_shown_nothing_new(closed: Stage) -> None:
    await closed.opens()
    ada, bea = await works_here(closed), await works_here(closed, "Bea", BEA)
    anna = closed.person("Anna")
    await asks(anna, "Avete una sauna?")
    await last(ada)
    await last(bea)
    await closed.runs("UPDATE admins SET role = 'viewer' WHERE name = 'Ada'")
    await asks(anna, "E un cane?", about="un cane in camera")
    await sees(bea, "• una sauna\n• un cane in camera")
    await closed.settles()
    assert not [text for text in ada.said() if "cane" in text]


async def test_a_notice_of_long_and_wide_words_has_room_in_a_message(closed: Stage) -> None:
    await closed.opens()
    ada, anna = await works_here(closed), closed.person("Anna")
    for number in range(8):
        await asks(anna, f"{number} " + "🧖" * 400, about="")
    await sees(ada, "👤 7 ")
    await last(ada)


async def test_what_nobody_got_and_is_forgotten_is_looked_at_once(closed: Stage) -> None:
    await closed.opens()
    ada, anna = await works_here(closed), closed.person("Anna")
    await asks(anna, "Ho un segreto", about="un segreto")
    await last(ada)
    await closed.runs(
        "UPDATE outbox SET state = 'failed', message_id = NULL"
        " WHERE id IN (SELECT outbox_id FROM quotes)"
    )
    anna.writes("/forget")
    await anna.receives(1)
    anna.presses(say(Text.FORGET_YES, "it"))
    await has_heard(anna)

    def tried() -> list[Rewritten]:
        return [one for one in closed.committed if isinstance(one, Rewritten)]

    await closed.until(lambda: bool(tried()))
    assert tried()[0].again_at is None


async def test_a_host_who_works_there_too_is_told_of_it_at_home(closed: Stage) -> None:
    await closed.opens(admin_ids=(ADA,))
    ada = await works_here(closed, role="owner")
    await asks(closed.person("Anna"), "Avete una sauna?")
    waits = say(Home.CLIENTS_WAIT, "it", count=1)
    ada.writes("/start")
    await sees(ada, f"• {waits}")
    assert say(Home.READ_CHATS, "it") in ada.buttons()
    ada.writes("/configure")
    await sees(ada, f"❗ {waits}")
    await has_heard(ada)


async def test_a_page_that_is_read_is_not_replaced_by_the_next_question(closed: Stage) -> None:
    await closed.opens()
    ada, anna = await works_here(closed), closed.person("Anna")
    await asks(anna, "Avete una sauna?")
    await last(ada)
    await taps(ada, Wanted.READ)
    page = await last(ada)
    assert say(Chats.OUTCOME_UNKNOWN, "it") in page
    await asks(anna, "E un cane?", about="un cane in camera")
    await sees(ada, "• una sauna\n• un cane in camera")
    assert page in ada.said()


async def test_a_notice_shows_what_was_said_when_somebody_was_wanted(closed: Stage) -> None:
    await closed.opens()
    ada, anna = await works_here(closed), closed.person("Anna")
    await asks(anna, "Avete una sauna?")
    await last(ada)
    await asks(anna, "Che tempo fa?", "declined")
    await taps(ada, Wanted.DONE)
    await sees(ada, say(Wanted.DONE_BY, "it", name="Ada"))
    (notice,) = [text for text in ada.said() if say(Wanted.DONE_BY, "it", name="Ada") in text]
    assert "👤 Avete una sauna?" in notice
    assert "Che tempo fa?" not in notice
