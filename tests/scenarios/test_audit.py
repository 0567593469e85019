"""/audit: who changed what and when."""

import pytest

from bot.core.texts import say
from bot.core.texts.desk import Admins, Audit, Desk
from bot.core.texts.profile import Assistants, Versions
from bot.telegram.admin.audit import PAGE
from bot.telegram.admin.fields import label
from db.audit import Deed, Signature, note
from db.records import Actor
from tests.fakes.clock import NOON
from tests.scenarios.admins import admin, invites, joins
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage
from tests.scenarios.versions import drafts

HOTEL = 1


async def changed(
    stage: Stage,
    subject: str | None,
    old: str | None,
    new: str | None,
    *,
    deed: Deed = Deed.DRAFT_CHANGED,
) -> None:
    """Somebody changed something."""
    await stage.database.write(
        lambda connection: note(
            connection,
            Signature(HOTEL, Actor(7, "Olga"), NOON),
            deed,
            subject=subject,
            old=old,
            new=new,
        )
    )


async def reads(person: Person) -> str:
    person.writes("/audit")
    (told,) = await person.receives(1)
    return str(told["text"])


@pytest.mark.parametrize("language", ["it", "en"])
async def test_nothing_was_changed_yet(closed: Stage, language: str) -> None:
    ada = await admin(closed, language)
    assert await reads(ada) == f"Hotel Aurora\n\n{say(Audit.NOTHING, language)}"


@pytest.mark.parametrize(("language", "at"), [("it", "20/11/2026"), ("en", "20 Nov 2026")])
async def test_a_change_tells_who_when_and_both_values(
    closed: Stage, language: str, at: str
) -> None:
    ada = await admin(closed, language)
    await changed(closed, "sector", "Hotel", "Albergo")
    told = await reads(ada)
    assert f"{at} 13:00, Olga" in told
    sector = label("sector", language)
    did = say(Audit.DID_DRAFT_CHANGED, language)
    sides = say(Versions.SIDES, language, old="Hotel", new="Albergo")
    assert told.endswith(f"{did}: {sector}\n{sides}")


async def test_what_was_changed_is_told_in_the_words_of_its_field(closed: Stage) -> None:
    ada = await admin(closed)
    await changed(closed, "assistants vip", None, "")
    await changed(closed, "assistants vip.pace", None, "brisk")
    await changed(closed, "sources menu del bar.txt", "Pasta", None)
    told = await reads(ada)
    assert "Bozza modificata: Assistenti riservati, vip\nNuovo" in told
    assert "Bozza modificata: vip: Ritmo\nPrima: –\nOra: svelto" in told
    assert "Bozza modificata: Fonti, menu del bar.txt\nTolto: «Pasta»" in told


async def test_assistants_and_the_company_are_told_by_the_names_that_people_gave(
    closed: Stage,
) -> None:
    ada = await admin(closed)
    await drafts(closed, assistants={"staff-2": {"called": "Personale"}})
    await changed(closed, None, None, "hotel-aurora", deed=Deed.TENANT_CREATED)
    await changed(closed, "assistants staff-2.pace", None, "brisk")
    await changed(closed, "assistants staff-2", None, "")
    await changed(closed, "staff-2", None, None, deed=Deed.CODE_ADDED)
    told = await reads(ada)
    assert "staff-2" not in told
    assert "hotel-aurora" not in told
    assert f"{say(Audit.DID_TENANT_CREATED, 'it')}" in told
    assert "Bozza modificata: Personale: Ritmo" in told
    assert "Assistenti riservati, Personale" in told
    assert f"{say(Audit.DID_CODE_ADDED, 'it')}: Personale" in told


async def test_a_draft_that_was_discarded_and_rules_of_codes_are_told_in_words(
    closed: Stage,
) -> None:
    ada = await admin(closed)
    await changed(closed, None, "company_name, sector", None, deed=Deed.DRAFT_DISCARDED)
    await changed(closed, "vip", None, "single_use: True", deed=Deed.CODE_CHANGED)
    await changed(closed, "vip", None, f"expires_at: {NOON}", deed=Deed.CODE_CHANGED)
    told = await reads(ada)
    assert "Bozza scartata\nNome dell’azienda, Settore" in told
    assert f"vip\n{say(Assistants.SINGLE_USE, 'it')}" in told
    assert f"vip\n{say(Assistants.UNTIL, 'it', day='20/11/2026')}" in told


async def test_roles_are_told_by_their_names(closed: Stage) -> None:
    ada = await admin(closed)
    ada.writes("/admins")
    await ada.receives(1)
    await joins(closed, "Bruno", await invites(ada, "admin"), "admin")
    told = await reads(ada)
    assert f"{say(Audit.DID_ADMIN_ADDED, 'it')}: Bruno\namministratore" in told
    assert f"{say(Audit.DID_INVITED, 'it')}\namministratore" in told
    assert told.index("Bruno") < told.index(say(Audit.DID_INVITED, "it"))


async def test_of_the_knowledge_it_tells_what_went_and_what_came(closed: Stage) -> None:
    ada = await admin(closed)
    lines = [f"Riga {number}" for number in range(40)]
    await changed(closed, "knowledge", "\n".join(lines), "\n".join(["Nuova", *lines[1:]]))
    told = await reads(ada)
    assert "Tolto: «Riga 0»\nAggiunto: «Nuova»" in told
    assert "Riga 30" not in told


async def test_of_much_that_came_the_first_is_told(closed: Stage) -> None:
    ada = await admin(closed)
    await changed(closed, "knowledge", None, "\n".join(f"Riga {n}: {'x' * 200}" for n in range(40)))
    told = await reads(ada)
    assert say(Versions.MORE_SENTENCES, "it", count=36) in told
    assert "Aggiunto: «Riga 3: x" in told
    assert "Riga 4" not in told


async def test_older_changes_are_a_page_further(closed: Stage) -> None:
    ada = await admin(closed)
    for number in range(PAGE + 1):
        await changed(closed, f"field_{number}", "a" * 3000, "b" * 3000)
    assert "field_0" not in await reads(ada)
    ada.presses(say(Audit.OLDER, "it"))
    await closed.until(lambda: any("field_0" in text for text in ada.said()))
    assert say(Audit.OLDER, "it") not in ada.buttons()


async def test_the_process_has_a_trail_for_hosts_alone(closed: Stage) -> None:
    await closed.opens()
    ada = closed.person("Ada")
    assert closed.process is not None
    ada.opens(closed.process.claims[0])
    await ada.hears(say(Admins.JOINED_HOST, "it"))
    assert "Ada" not in await reads(ada)
    ada.presses(say(Audit.SERVICE, "it"))
    await closed.until(lambda: any("Ada\ngestore del servizio" in text for text in ada.said()))


async def test_one_who_may_no_longer_reads_nothing(closed: Stage) -> None:
    ada = await admin(closed)
    ada.writes("/admins")
    await ada.receives(1)
    bruno = await joins(closed, "Bruno", await invites(ada, "viewer"), "viewer")
    await changed(closed, "sector", "Hotel", "Albergo")
    assert "Albergo" in await reads(bruno)
    await closed.runs("UPDATE admins SET role = 'operator'")
    bruno.writes("/audit")
    await bruno.hears(say(Desk.NOT_ALLOWED, "it", tenant="Hotel Aurora"))
