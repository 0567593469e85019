"""/history: the versions, what each changed, and going back to one."""

from functools import partial

import pytest
from sqlalchemy import Connection, update

from bot.core.texts import say
from bot.core.texts.profile import Versions
from bot.telegram.admin.fields import label
from bot.telegram.admin.moments import moment
from db.models import profiles
from tests.databases import SEEDED_AT
from tests.scenarios.admins import HEAD, admin, both_languages
from tests.scenarios.cards import last, sees
from tests.scenarios.people import Person
from tests.scenarios.stage import AI_NOTICE, Stage
from tests.scenarios.versions import body, colleague, drafts, published


async def three_versions(stage: Stage) -> None:
    """The first, one with a sector, one with another."""
    await stage.publishes(sector="locanda")
    await stage.publishes(sector="ostello")


def at(language: str) -> str:
    """When all of these versions were published."""
    return moment(SEEDED_AT, language, zone="Europe/Rome")


async def opens(person: Person, version: int, language: str = "it") -> None:
    """The list, and one version of it."""
    person.writes("/history")
    await person.hears(HEAD + say(Versions.HISTORY, language))
    person.presses_key(f"history:1:v {version}")


async def goes_back(person: Person, version: int, language: str = "it") -> None:
    """Up to the last question."""
    await opens(person, version, language)
    label = say(Versions.ROLL_BACK, language)
    await person.stage.until(lambda: label in person.buttons())
    person.presses(label)
    await person.stage.until(lambda: say(Versions.YES_ROLL_BACK, language) in person.buttons())


async def test_the_version_that_said_everything_fits_a_screen(closed: Stage) -> None:
    ada = await admin(closed)
    lines = [f"Frase numero {number} di un lungo testo sull'albergo." for number in range(60)]
    source = {"name": "a.txt", "text": "\n".join(lines)}
    await closed.publishes(knowledge="\n".join(lines), sources=[source], sector="locanda")
    await opens(ada, 2)
    await closed.settles()
    shown = closed.telegram.clients.messages(ada.chat_id, bot_id=ada.bot)[-1]["text"]
    assert shown.count("Frase numero") == 6
    assert len(shown) <= 1_500


@both_languages
async def test_the_versions_are_listed_the_newest_first(closed: Stage, language: str) -> None:
    ada = await admin(closed, language)
    await three_versions(closed)
    ada.writes("/history")
    await ada.hears(HEAD + say(Versions.HISTORY, language))
    assert len(ada.buttons()) == 3
    now = say(Versions.VERSION_NOW, language, at="", author="test")
    assert ada.buttons()[0].endswith(now)
    assert [label.endswith(" · test") for label in ada.buttons()[1:]] == [True, True]


@both_languages
async def test_a_version_shows_who_made_it_and_what_it_changed(
    closed: Stage, language: str
) -> None:
    ada = await admin(closed, language)
    await three_versions(closed)
    await opens(ada, 3, language)
    sector = label("sector", language)
    sides = say(Versions.SIDES, language, old="locanda", new="ostello")
    await sees(ada, f"• {sector}\n{sides}")
    assert say(Versions.ALL_VERSIONS, language) in ada.buttons()
    assert say(Versions.ROLL_BACK, language) not in ada.buttons()


async def test_the_note_is_shown_and_the_first_version_changed_nothing(closed: Stage) -> None:
    ada = await admin(closed)
    await closed.runs("UPDATE profiles SET note = 'Si comincia.'")
    ada.writes("/history 1")
    text = await last(ada)
    assert say(Versions.VERSION_NOTE, "it", note="Si comincia.") in text
    assert say(Versions.VERSION_FIRST, "it") in text


async def test_a_version_that_there_is_not_is_not_shown(closed: Stage) -> None:
    ada = await admin(closed)
    ada.writes("/history 9")
    await ada.hears(HEAD + say(Versions.NO_VERSION, "it"))


async def test_older_versions_are_a_button_away(closed: Stage) -> None:
    ada = await admin(closed)
    for number in range(9):
        await closed.publishes(sector=f"n. {number}")
    ada.writes("/history")
    await ada.hears(HEAD + say(Versions.HISTORY, "it"))
    ada.presses(say(Versions.OLDER, "it"))
    await closed.until(lambda: len(ada.buttons()) == 2)


@both_languages
async def test_going_back_makes_a_new_version_and_clients_notice_only_the_behaviour(
    closed: Stage, language: str
) -> None:
    ada, bea = await admin(closed, language), await colleague(closed, language)
    carlo = closed.person("Carlo")
    closed.will_say("Salve.")
    carlo.writes("Ciao")
    await carlo.hears(AI_NOTICE, "Salve.")
    await three_versions(closed)
    await goes_back(ada, 2, language)
    ada.presses(say(Versions.YES_ROLL_BACK, language))
    await ada.hears(HEAD + say(Versions.ROLLED_BACK, language, at=at(language)))
    await bea.hears(HEAD + say(Versions.TOLD_ROLLED_BACK, language, author="Ada", at=at(language)))
    assert (await published(closed))[-1] == (
        4,
        "Ada",
        say(Versions.ROLL_BACK_NOTE, language, at=at(language)),
    )
    closed.will_say("Certo.")
    carlo.writes("E ora?")
    await carlo.hears("Certo.")
    first, second = closed.asked()
    assert "sector: locanda" in second["instructions"]
    assert first["conversation"] == second["conversation"]
    assert await closed.rows("SELECT action, subject, old, new FROM audit") == [
        ("rolled back", "sector", "ostello", "locanda")
    ]


async def test_going_back_keeps_the_draft(closed: Stage) -> None:
    ada = await admin(closed)
    await three_versions(closed)
    await drafts(closed, company_name="Hotel Boreale")
    await goes_back(ada, 1)
    ada.presses(say(Versions.YES_ROLL_BACK, "it"))
    await ada.receives(1)
    assert "sector" not in await body(closed)
    assert await closed.rows("SELECT changes FROM drafts ORDER BY revision DESC LIMIT 1") == [
        ('{"company_name":"Hotel Boreale"}',)
    ]


async def test_if_somebody_publishes_meanwhile_nothing_is_done(closed: Stage) -> None:
    ada = await admin(closed)
    await three_versions(closed)
    await goes_back(ada, 2)
    await closed.publishes(sector="campeggio")
    ada.presses(say(Versions.YES_ROLL_BACK, "it"))
    await ada.hears(HEAD + say(Versions.CHANGED_MEANWHILE, "it"))
    assert (await body(closed))["sector"] == "campeggio"


async def test_a_version_that_cannot_be_read_does_not_come_back(closed: Stage) -> None:
    ada = await admin(closed)
    await three_versions(closed)
    await closed.runs("""UPDATE profiles SET body = '{"language": "eo"}' WHERE version = 2""")
    await opens(ada, 2)
    await sees(ada, say(Versions.UNREADABLE, "it"))
    ada.presses(say(Versions.ROLL_BACK, "it"))
    await closed.until(lambda: ada.buttons() == [say(Versions.ALL_VERSIONS, "it")])
    assert len(await published(closed)) == 3


@pytest.mark.parametrize("role", ["viewer", "operator"])
async def test_those_who_may_not_publish_only_look(closed: Stage, role: str) -> None:
    await admin(closed)
    bea = await colleague(closed, role=role)
    await three_versions(closed)
    await opens(bea, 2)
    await closed.until(lambda: say(Versions.ALL_VERSIONS, "it") in bea.buttons())
    assert say(Versions.ROLL_BACK, "it") not in bea.buttons()
    bea.finds_button("Torna", data="history:1:yes 2 3")
    bea.presses("Torna")
    await closed.until(lambda: closed.answered_presses() == 2)
    assert len(await published(closed)) == 3


async def test_killed_while_going_back_it_is_done_once(closed: Stage) -> None:
    ada, bea = await admin(closed), await colleague(closed)
    await three_versions(closed)
    await goes_back(ada, 2)
    closed.telegram_fails("hold_after", method="sendMessage", count=2)
    ada.presses(say(Versions.YES_ROLL_BACK, "it"))
    await closed.until(lambda: closed.telegram.faults.held == 2)
    await closed.dies()
    closed.telegram.faults.release(lose=True)
    await closed.opens()
    await ada.hears(HEAD + say(Versions.ROLLED_BACK, "it", at=at("it")))
    assert say(Versions.TOLD_ROLLED_BACK, "it", author="Ada", at=at("it")) in await last(bea)
    await closed.settles()
    assert [version for version, _, _ in await published(closed)] == [1, 2, 3, 4]


async def is_erased(stage: Stage, version: int) -> None:
    """As if it had gone with age."""
    old = update(profiles).where(profiles.c.version == version).values(body="", note=None)
    await stage.database.write(partial(Connection.execute, statement=old))


@both_languages
async def test_a_version_that_went_with_age_says_so(closed: Stage, language: str) -> None:
    ada = await admin(closed, language)
    await three_versions(closed)
    await is_erased(closed, 1)
    await opens(ada, 1, language)
    await sees(ada, say(Versions.TOO_OLD, language))
    assert say(Versions.ROLL_BACK, language) not in ada.buttons()
    await opens(ada, 2, language)
    await sees(ada, say(Versions.AFTER_TOO_OLD, language))
    assert say(Versions.ROLL_BACK, language) in ada.buttons()


async def test_nobody_goes_back_to_what_went_meanwhile(closed: Stage) -> None:
    ada = await admin(closed)
    await three_versions(closed)
    await goes_back(ada, 2)
    await is_erased(closed, 2)
    ada.presses(say(Versions.YES_ROLL_BACK, "it"))
    await sees(ada, say(Versions.TOO_OLD, "it"))
    assert len(await published(closed)) == 3
