"""/publish: what changes, the next version, its note, the questions on both versions."""

import pytest

from bot.core.texts import say
from bot.core.texts.profile import Versions
from bot.telegram.admin.fields import expected, label
from tests.scenarios.admins import BEA, HEAD, admin, both_languages
from tests.scenarios.cards import has_heard, last, sees
from tests.scenarios.stage import AI_NOTICE, Stage
from tests.scenarios.versions import (
    appoint,
    body,
    colleague,
    discards,
    drafts,
    looks,
    published,
    publishes,
)

FIRST = (1, "test", None)


@both_languages
async def test_without_a_draft_there_is_nothing_to_publish(closed: Stage, language: str) -> None:
    ada = await admin(closed, language)
    assert await looks(ada, language) == HEAD + say(Versions.NOTHING_TO_PUBLISH, language)
    assert ada.buttons() == []


@both_languages
async def test_the_card_shows_old_and_new_and_who_changed_what(
    closed: Stage, language: str
) -> None:
    ada = await admin(closed, language)
    await drafts(closed, company_name="Hotel Boreale")
    await drafts(closed, author="Bea", knowledge="Check-in: 14\nCani: no")
    text = await looks(ada, language)
    name, knowledge = label("company_name", language), label("knowledge", language)
    sides = say(Versions.SIDES, language, old="Hotel Aurora", new="Hotel Boreale")
    assert f"• {name}\n{sides}" in text
    for sentence in ("Check-in: 14", "Cani: no"):
        assert say(Versions.SENTENCE_NEW, language, said=sentence) in text
    assert say(Versions.CHANGED_BY, language, author="Ada", fields=name) in text
    assert say(Versions.CHANGED_BY, language, author="Bea", fields=knowledge) in text
    labels = (Versions.PUBLISH, Versions.PUBLISH_WITH_NOTE, Versions.BACK)
    assert ada.buttons() == [say(one, language) for one in labels]


@both_languages
async def test_what_is_published_counts_for_the_next_message_of_every_chat(
    closed: Stage, language: str
) -> None:
    ada, carlo = await admin(closed, language), closed.person("Carlo")
    closed.will_say("Salve.")
    carlo.writes("Ciao")
    await carlo.hears(AI_NOTICE, "Salve.")
    await drafts(closed, sector="locanda")
    await publishes(ada, language)
    told, offer = [message["text"] for message in await ada.receives(2)]
    assert told == HEAD + say(Versions.PUBLISHED, language)
    assert say(Versions.SHOW_NAME, language) in offer
    closed.will_say("Certo.")
    carlo.writes("E ora?")
    await carlo.hears("Certo.")
    assert "sector: locanda" in closed.asked()[-1]["instructions"]
    assert await published(closed) == [FIRST, (2, "Ada", None)]
    assert await closed.count("SELECT count(*) FROM drafts WHERE changes <> '{}'") == 0


@both_languages
async def test_a_note_goes_with_it_and_the_other_admins_are_told(
    closed: Stage, language: str
) -> None:
    ada, bea = await admin(closed, "it"), await colleague(closed, language)
    await drafts(closed, sector="locanda")
    await looks(ada)
    ada.presses(say(Versions.PUBLISH_WITH_NOTE, "it"))
    await ada.hears(HEAD + say(Versions.ASK_NOTE, "it"))
    ada.writes("x" * 501)
    await ada.hears(HEAD + say(Versions.BAD_NOTE, "it", most=500))
    ada.writes("Siamo una locanda.\nDavvero.")
    await ada.receives(2)
    assert await published(closed) == [FIRST, (2, "Ada", "Siamo una locanda. Davvero.")]
    sector = label("sector", language)
    await bea.hears(
        HEAD
        + "\n".join(
            (
                say(Versions.TOLD_PUBLISHED, language, author="Ada"),
                say(Versions.TOLD_NOTE, language, note="Siamo una locanda. Davvero."),
                say(Versions.CHANGED_BY, language, author="Ada", fields=sector),
            )
        )
    )


async def test_before_the_first_time_it_asks_how_to_reach_a_person(closed: Stage) -> None:
    ada = await admin(closed)
    await drafts(closed, contact=None)
    assert say(Versions.NO_CONTACT, "it") in await looks(ada)
    ada.presses(say(Versions.SET_CONTACT, "it"))
    await sees(ada, expected("contact", "it"))
    ada.writes("Reception: +39 045 000 0142")
    await last(ada)
    assert say(Versions.NO_CONTACT, "it") not in await looks(ada)


async def test_it_may_be_published_without_a_way_to_reach_a_person(closed: Stage) -> None:
    ada = await admin(closed)
    await drafts(closed, contact=None)
    await looks(ada)
    ada.presses(say(Versions.PUBLISH_ANYWAY, "it"))
    await sees(ada, say(Versions.PUBLISHED, "it"))
    await has_heard(ada)
    await drafts(closed, sector="Ospitalità")
    assert say(Versions.NO_CONTACT, "it") not in await looks(ada)


@pytest.mark.parametrize("role", ["operator", "viewer"])
async def test_those_who_configure_nothing_are_not_told(closed: Stage, role: str) -> None:
    ada, bea = await admin(closed), await colleague(closed, role=role)
    await drafts(closed, sector="locanda")
    await publishes(ada)
    await ada.receives(2)
    await bea.hears()


async def test_a_colleague_who_never_wrote_to_the_bot_is_not_told(closed: Stage) -> None:
    ada = await admin(closed)
    await appoint(closed, BEA)
    await drafts(closed, sector="locanda")
    await publishes(ada)
    await ada.receives(2)


async def test_a_draft_that_changed_after_the_look_is_not_published(closed: Stage) -> None:
    ada = await admin(closed)
    await drafts(closed, sector="locanda")
    await looks(ada)
    await drafts(closed, author="Bea", sector="hotel")
    ada.presses(say(Versions.PUBLISH, "it"))
    await ada.hears(HEAD + say(Versions.CHANGED_MEANWHILE, "it"))
    assert await published(closed) == [FIRST]


async def test_pressed_twice_it_is_published_once(closed: Stage) -> None:
    ada = await admin(closed)
    await drafts(closed, sector="locanda")
    await looks(ada)
    ada.presses(say(Versions.PUBLISH, "it"))
    ada.presses(say(Versions.PUBLISH, "it"))
    texts = [message["text"] for message in await ada.receives(3)]
    assert texts[2] == HEAD + say(Versions.CHANGED_MEANWHILE, "it")
    assert await published(closed) == [FIRST, (2, "Ada", None)]


async def test_of_two_who_publish_at_once_one_does(closed: Stage) -> None:
    ada, bea = await admin(closed), await colleague(closed)
    await drafts(closed, sector="locanda")
    for person in (ada, bea):
        await looks(person)
    for person in (ada, bea):
        person.presses(say(Versions.PUBLISH, "it"))
    await closed.settles()
    heard = [message["text"] for person in (ada, bea) for message in person.untold()]
    for person in (ada, bea):
        await person.receives(1)
    done = HEAD + say(Versions.PUBLISHED, "it")
    late = HEAD + say(Versions.CHANGED_MEANWHILE, "it")
    assert (heard.count(done), heard.count(late)) == (1, 1)
    assert len(await published(closed)) == 2


async def test_the_button_for_one_draft_publishes_no_other(closed: Stage) -> None:
    ada = await admin(closed)
    await drafts(closed, sector="locanda")
    await looks(ada)
    await discards(closed)
    await drafts(closed, sector="locanda")
    ada.presses(say(Versions.PUBLISH, "it"))
    await ada.hears(HEAD + say(Versions.CHANGED_MEANWHILE, "it"))
    assert await published(closed) == [FIRST]


async def test_not_now_leaves_the_draft(closed: Stage) -> None:
    ada = await admin(closed)
    await drafts(closed, sector="locanda")
    await looks(ada)
    ada.presses(say(Versions.BACK, "it"))
    await sees(ada, say(Versions.LEFT, "it"))
    assert await closed.count("SELECT count(*) FROM drafts WHERE changes <> '{}'") == 1


async def test_the_trail_keeps_old_and_new_and_of_long_texts_what_changed(closed: Stage) -> None:
    ada = await admin(closed)
    await drafts(closed, company_name="Hotel Boreale", knowledge="Cani: no\nGatti: no")
    await publishes(ada)
    await ada.receives(2)
    assert await closed.rows("SELECT actor, action, subject, old, new FROM audit ORDER BY id") == [
        ("Ada", "published", "company_name", "Hotel Aurora", "Hotel Boreale"),
        ("Ada", "published", "knowledge", None, "Cani: no\nGatti: no"),
    ]


# ------------------------------------------------------------------ the questions


@both_languages
async def test_the_questions_are_asked_on_both_versions_side_by_side(
    closed: Stage, language: str
) -> None:
    ada = await admin(closed, language)
    await drafts(closed, test_questions=["A che ora?"], sector="locanda")
    await looks(ada, language)
    closed.will_say("Non lo so.")
    closed.will_say("Alle 14.", "Serve altro?")
    ada.presses(say(Versions.TRY_QUESTIONS, language))
    compared, end = [message["text"] for message in await ada.receives(2)]
    assert compared == HEAD + "\n\n".join(
        (
            "1. A che ora?",
            say(Versions.TRIED_PUBLISHED, language) + "\n– Non lo so.",
            say(Versions.TRIED_DRAFT, language) + "\n– Alle 14.\n– Serve altro?",
        )
    )
    assert end == HEAD + say(Versions.TRIED_ALL, language)
    old, new = (request["instructions"] for request in closed.asked())
    assert ("sector: locanda" in old, "sector: locanda" in new) == (False, True)
    ada.presses(say(Versions.PUBLISH, language))
    await ada.receives(2)
    assert (await body(closed))["sector"] == "locanda"


async def test_questions_leave_no_turn_and_their_conversations_are_erased(closed: Stage) -> None:
    ada = await admin(closed)
    await drafts(closed, test_questions=["A che ora?"])
    await looks(ada)
    closed.will_say("Alle 14.")
    closed.will_say("Alle 15.")
    ada.presses(say(Versions.TRY_QUESTIONS, "it"))
    await ada.receives(2)
    assert await closed.count("SELECT count(*) FROM turns") == 0
    assert await closed.count("SELECT count(*) FROM erasures") == 2
    assert await closed.count("SELECT count(*) FROM threads WHERE conversation_id IS NOT NULL") == 0
    assert await closed.count("SELECT sum(used) FROM tokens") > 0


async def test_a_question_without_an_answer_says_so(closed: Stage) -> None:
    ada = await admin(closed)
    await drafts(closed, test_questions=["A che ora?"])
    await closed.runs("INSERT INTO tokens (day, used) VALUES ('2000-01-01', 1)")
    await looks(ada)
    closed.will_say("Alle 14.")
    closed.will_say(raw='{"messages": []}')
    ada.presses(say(Versions.TRY_QUESTIONS, "it"))
    compared = (await ada.receives(2))[0]["text"]
    assert compared.endswith(say(Versions.TRIED_NOTHING, "it"))


# ------------------------------------------------------------------ killed


async def test_killed_before_it_was_published_it_is_published_once(closed: Stage) -> None:
    ada, bea = await admin(closed), await colleague(closed)
    await drafts(closed, sector="locanda")
    await looks(ada)
    closed.telegram_fails("hold_before", method="answerCallbackQuery")
    ada.presses(say(Versions.PUBLISH, "it"))
    await closed.until(lambda: closed.telegram.faults.held == 1)
    await closed.dies()
    closed.telegram.faults.release(lose=True)
    await closed.opens()
    assert len(await ada.receives(2)) == 2
    assert say(Versions.TOLD_PUBLISHED, "it", author="Ada") in await last(bea)
    await closed.settles()
    assert await published(closed) == [FIRST, (2, "Ada", None)]


async def test_killed_while_the_others_are_told_each_is_told_once(closed: Stage) -> None:
    ada, bea = await admin(closed), await colleague(closed)
    await drafts(closed, sector="locanda")
    await looks(ada)
    closed.telegram_fails("hold_after", method="sendMessage", count=2)
    ada.presses(say(Versions.PUBLISH, "it"))
    await closed.until(lambda: closed.telegram.faults.held == 2)
    await closed.dies()
    closed.telegram.faults.release(lose=True)
    await closed.opens()
    await ada.receives(2)
    assert say(Versions.TOLD_PUBLISHED, "it", author="Ada") in await last(bea)
    await closed.settles()
    assert await published(closed) == [FIRST, (2, "Ada", None)]


# ------------------------------------------------------------------ buttons from nowhere

PUBLISH = ("", "now", "now 1", "now 1.2.3", "note", "note x", "try", "try 1.0", "show x", "💣")
VERSIONS = ("", "v", "v x", "v 0", "v 99", "list", "list 0", "back 99", "back x", "yes 99 1")
HUGE = ("v", "list", "back", "yes 1")


async def test_buttons_that_nobody_made_publish_nothing(closed: Stage) -> None:
    ada = await admin(closed)
    await drafts(closed, sector="locanda")
    pressed = [
        *(f"publish:1:{words}" for words in PUBLISH),
        *(f"history:1:{words}" for words in VERSIONS),
        *(f"history:1:{verb} 99999999999999999999" for verb in HUGE),
    ]
    for number, data in enumerate(pressed, 1):
        ada.finds_button(f"? {number}", data=data)
        ada.presses(f"? {number}")
        await closed.until(lambda: closed.answered_presses() == number)  # noqa: B023 - awaited here
    await closed.settles()
    ada.heard = 10_000  # whatever it was answered with
    assert await published(closed) == [FIRST]


async def test_history_takes_any_words(closed: Stage) -> None:
    ada = await admin(closed)
    for words in ("0", "99999999999999999999", "-1", "³", "x y", "\n", "1 2"):
        ada.writes(f"/history {words}")
        assert (await last(ada)).startswith(HEAD)
