"""/preview and /done: an admin talks to the draft, and clients notice nothing."""

from bot.core.texts import Text, say
from bot.core.texts.profile import Versions
from tests.scenarios.admins import HEAD, admin, both_languages
from tests.scenarios.people import Person
from tests.scenarios.stage import AI_NOTICE, Stage
from tests.scenarios.versions import drafts

EYE = "👁 "


async def tries(stage: Stage, ada: Person, language: str = "it") -> None:
    """Into the preview of a draft."""
    ada.writes("/preview")
    await ada.hears(HEAD + say(Versions.PREVIEW_DRAFT, language))


@both_languages
async def test_an_admin_talks_to_the_draft_and_leaves(closed: Stage, language: str) -> None:
    ada = await admin(closed, language)
    await drafts(closed, knowledge="Check-in alle 15.")
    await tries(closed, ada, language)
    closed.will_say("Alle 15.", "Serve altro?")
    ada.writes("A che ora?")
    await ada.hears(f"{EYE}Alle 15.", f"{EYE}Serve altro?")
    assert "Check-in alle 15." in closed.asked()[-1]["instructions"]
    ada.writes("/done")
    await ada.hears(say(Versions.PREVIEW_OVER, language))
    closed.will_say("Non lo so.")
    ada.writes("A che ora?")
    await ada.hears(AI_NOTICE, "Non lo so.")
    assert "Check-in alle 15." not in closed.asked()[-1]["instructions"]


@both_languages
async def test_without_a_draft_it_is_the_published_version(closed: Stage, language: str) -> None:
    ada = await admin(closed, language)
    ada.writes("/preview")
    await ada.hears(HEAD + say(Versions.PREVIEW_PUBLISHED, language))
    closed.will_say("Salve.")
    ada.writes("Ciao")
    await ada.hears(f"{EYE}Salve.")


async def test_clients_notice_nothing(closed: Stage) -> None:
    ada = await admin(closed)
    await drafts(closed, company_name="Hotel Boreale")
    await tries(closed, ada)
    carlo = closed.person("Carlo")
    closed.will_say("Salve.")
    carlo.writes("Ciao")
    await carlo.hears(AI_NOTICE, "Salve.")
    assert "Hotel Boreale" not in closed.asked()[-1]["instructions"]


async def test_new_begins_the_trial_afresh(closed: Stage) -> None:
    ada = await admin(closed)
    await drafts(closed, sector="hotel")
    await tries(closed, ada)
    for words in ("Uno.", "Due."):
        closed.will_say(words)
        ada.writes("?")
        await ada.hears(EYE + words)
        ada.writes("/new")
        await ada.hears(say(Text.NEW, "it"))
    first, second = (body["conversation"] for body in closed.asked())
    assert first != second


async def test_a_private_assistant_is_tried_by_its_name(closed: Stage) -> None:
    ada = await admin(closed)
    own = {"called": "Personale e fornitori", "knowledge": "La chiave è al banco."}
    await drafts(closed, assistants={"personale-e-fornitori": own})
    ada.writes("/preview board")
    names = "Personale e fornitori"
    await ada.hears(HEAD + say(Versions.PREVIEW_UNKNOWN, "it", names=names))
    ada.writes("/preview Personale e fornitori")
    await ada.hears(HEAD + say(Versions.PREVIEW_DRAFT, "it"))
    closed.will_say("Al banco.")
    ada.writes("La chiave?")
    await ada.hears(f"{EYE}Al banco.")
    assert "La chiave è al banco." in closed.asked()[-1]["instructions"]
    ada.writes("/done")
    await ada.hears(say(Versions.PREVIEW_OVER, "it"))


async def test_the_test_questions_are_keys_that_ask_them(closed: Stage) -> None:
    ada = await admin(closed)
    await drafts(closed, test_questions=["A che ora?", "Quanto costa?"])
    ada.writes("/preview")
    text = say(Versions.PREVIEW_DRAFT, "it") + "\n\n" + say(Versions.PREVIEW_QUESTIONS, "it")
    await ada.hears(HEAD + text)
    (shown,) = closed.telegram.calls.of("sendMessage")
    keyboard = str(shown.params["reply_markup"])
    assert [one in keyboard for one in ("A che ora?", "Quanto costa?", "/done")] == [True] * 3
    closed.will_say("Alle 14.")
    ada.writes("A che ora?")
    await ada.hears(f"{EYE}Alle 14.")
    ada.writes("/done")
    await ada.hears(say(Versions.PREVIEW_OVER, "it"))
    assert "remove_keyboard" in str(closed.telegram.calls.of("sendMessage")[-1].params)


async def test_a_crash_in_the_middle_of_a_preview_says_each_bubble_once(closed: Stage) -> None:
    ada = await admin(closed)
    await drafts(closed, sector="hotel")
    await tries(closed, ada)
    closed.will_say("Uno.", "Due.", "Tre.", delay_ms=10)
    ada.writes("?")
    await closed.until(lambda: len(ada.untold()) == 1)
    await closed.dies()
    await closed.opens()
    await ada.hears(f"{EYE}Uno.", f"{EYE}Due.", f"{EYE}Tre.")


async def test_who_has_no_role_knows_no_such_command(closed: Stage) -> None:
    await admin(closed)
    carlo = closed.person("Carlo")
    for command in ("/preview", "/done", "/publish", "/history"):
        carlo.writes(command)
        await carlo.hears(say(Text.UNKNOWN_COMMAND, "it"))
