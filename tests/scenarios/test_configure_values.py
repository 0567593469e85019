"""/configure: every field by its button and by a line, good values and bad ones; who may."""

import pytest

from bot.core.texts import say
from bot.core.texts.desk import Desk
from bot.core.texts.profile import CompanyCard, Configure, Versions
from bot.core.texts.setup import Hours, Setup
from bot.telegram.admin.fields import expected, label
from bot.telegram.admin.visit import seen
from db.journal import apply
from db.people import Appoint
from db.people import Person as Member
from db.records import Actor
from tenants.fields import FIELDS, Field
from tenants.permissions import Role
from tenants.profile import Profile
from tenants.values import Kind
from tests.databases import SEEDED_AT
from tests.scenarios.admins import ADA, admin, draft, each_language
from tests.scenarios.cards import last, sees
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage

LONG = "a" * 3_900
PARTICULAR: dict[str, tuple[str, object]] = {
    "contact": ("alla reception", "alla reception"),
    "company_name": ("Hotel  Boreale", "Hotel Boreale"),
    "language": ("inglese", "en"),
    "address": ("informal", "informal"),
    "knowledge": ("# Orari\nDalle 14:00.", "# Orari\nDalle 14:00."),
    "welcome": ("Ciao <b>!", "Ciao <b>!"),
    "pace": ("Senza pause", "off"),
    "model": ("gpt-6-sol", "gpt-6-sol"),
}
BAD = {
    "company_name": (LONG, "Nome dell’azienda: accorci il testo a 100 caratteri al massimo."),
    "sector": ("\u200b", "Settore: scriva qualcosa, oppure «-» per il nostro suggerimento."),
    "assistant_name": (LONG, "Nome dell’assistente: accorci il testo a 100 caratteri al massimo."),
    "assistant_goal": (LONG, "Obiettivo: accorci il testo a 1.000 caratteri al massimo."),
    "language": ("tedesco", "Lingua: scelga uno tra italiano, inglese, russo."),
    "address": ("voi", "Tu o Lei: scelga uno tra Lei, tu."),
    "escalation_phrase": (
        LONG,
        "Se non sa: accorci il testo a 1.000 caratteri al massimo.",
    ),
    "waiting_seconds": ("-1", "Tempo d’attesa: scriva un numero da 0 in su."),
    "retention_days": ("40000", "Conservazione: scriva un numero fino a 36.500."),
    "pace": ("lento", "Ritmo: scelga uno tra naturale, svelto, senza pause."),
    "model": (LONG, "Modello: accorci il testo a 100 caratteri al massimo."),
    "time_zone": ("Atlantide", "Fuso orario: non trovo questa città. Ne scriva una più grande"),
    "opening_hours": ("lun-ven 9-18 pausa 13-14", "Orari: non ho capito «pausa». Scriva giorni"),
    "test_questions": ("?\n" * 21, "Domande di prova: ne tenga 20 al massimo."),
}


def good(field: Field) -> tuple[str, object]:
    """What may be typed for it, and what it comes to."""
    words = "Accogliere.\nAiutare."
    of_a_kind: dict[Kind, tuple[str, object]] = {
        Kind.LINE: ("Ospitalità", "Ospitalità"),
        Kind.TEXT: (words, words),
        Kind.MESSAGE: (words, words),
        Kind.LINES: ("- Aprite?\n- Dove?", ["Aprite?", "Dove?"]),
        Kind.SECONDS: ("0", 0.0),
        Kind.DAYS: ("180 giorni", 180.0),
        Kind.ZONE: ("Mosca", "Europe/Moscow"),
        Kind.TOOLS: ("opening_hours", ["opening_hours"]),
        Kind.HOURS: ("lun-ven 9-18; dom chiuso", ["Mon-Fri 9:00-18:00", "Sun closed"]),
    }
    return of_a_kind.get(field.kind) or (field.choices[-1], field.choices[-1])


GOOD = {name: good(field) for name, field in FIELDS.items()} | PARTICULAR


async def ask(ada: Person, name: str, language: str = "it") -> None:
    """Let a field be asked for, by what it is called."""
    ada.writes(f"/configure {label(name, language)}")
    assert expected(name, language) in await last(ada)


@each_language
async def test_each_field_can_be_asked_for_and_answered(closed: Stage, language: str) -> None:
    ada = await admin(closed, language)
    by_taps = {"tools"}
    for name, (typed, _) in GOOD.items():
        await ask(ada, name, language)
        ada.writes(f"/configure {name} {typed}" if name in by_taps else typed)
        if FIELDS[name].kind is Kind.HOURS:
            await last(ada)
            ada.presses(say(Hours.AGREE, language))
        assert f"{label(name, language)}: " in await last(ada)
    assert await draft(closed) == {name: value for name, (_, value) in GOOD.items()}


async def test_each_field_has_its_line(closed: Stage) -> None:
    ada = await admin(closed)
    for name, (typed, _) in GOOD.items():
        ada.writes(f"/configure {name} {typed}")
        if name == "opening_hours":
            await last(ada)
            ada.presses(say(Hours.AGREE, "it"))
        assert say(Configure.DRAFTED, "it") in await last(ada)
    assert await draft(closed) == {name: value for name, (_, value) in GOOD.items()}


async def test_all_fields_in_one_message(closed: Stage) -> None:
    ada = await admin(closed)
    lines = "\n".join(f"{name}: {typed}" for name, (typed, _) in GOOD.items())
    ada.writes(f"/configure\n{lines}")
    assert say(Configure.DRAFTED, "it") in await last(ada)
    assert await draft(closed) == {name: value for name, (_, value) in GOOD.items()}


async def test_what_each_field_does_not_take_is_told(closed: Stage) -> None:
    ada = await admin(closed)
    for name, (typed, told) in BAD.items():
        await ask(ada, name)
        ada.writes(typed)
        heard = await last(ada)
        assert told in heard, name
        assert say(Configure.TRY_AGAIN, "it") in heard
    assert await draft(closed) == {}


async def test_hours_are_shown_back_before_they_are_kept(closed: Stage) -> None:
    ada = await admin(closed)
    await ask(ada, "opening_hours")
    ada.writes("lun-ven 9-18")
    assert "lun–ven 9:00–18:00" in await last(ada)
    ada.writes("lun-sab 9-18, 24 dicembre chiuso")  # no tap is needed to write once more
    assert "lun–sab 9:00–18:00\n24 dicembre chiuso" in await last(ada)
    assert await draft(closed) == {}
    ada.presses(say(Hours.AGREE, "it"))
    assert "Orari: — → lun–sab 9:00–18:00 · 24 dicembre chiuso" in await last(ada)
    assert await draft(closed) == {"opening_hours": ["Mon-Sat 9:00-18:00", "24 Dec closed"]}


async def test_a_contact_that_reaches_nobody_is_asked_about_once(closed: Stage) -> None:
    ada = await admin(closed)
    await ask(ada, "contact")
    for told in (say(Setup.CONTACT_UNSURE, "it"), say(Configure.DRAFTED, "it")):
        ada.writes("Chiamateci")
        assert told in await last(ada)
    assert await draft(closed) == {"contact": "Chiamateci"}


async def test_hours_in_one_line_are_shown_back_too(closed: Stage) -> None:
    ada = await admin(closed)
    ada.writes("/configure orari: lun-ven 9-18")
    assert say(Hours.UNDERSTOOD, "it", hours="lun–ven 9:00–18:00") in await last(ada)
    assert await draft(closed) == {}
    ada.presses(say(Hours.AGREE, "it"))
    assert "Orari: — → lun–ven 9:00–18:00" in await last(ada)
    assert await draft(closed) == {"opening_hours": ["Mon-Fri 9:00-18:00"]}


@pytest.mark.parametrize(
    "typed",
    [
        "sector: hotel\nopening_hours: Mon-Fri 9-18, 24 Dec closed",
        'sector = "hotel"\nopening_hours = ["Mon-Fri 9:00-18:00", "24 Dec closed"]',
    ],
)
@each_language
async def test_hours_among_several_fields_are_shown_as_they_were_read(
    closed: Stage, language: str, typed: str
) -> None:
    ada = await admin(closed, language)
    ada.writes(f"/configure {typed}")
    told = await last(ada)
    read = Profile(opening_hours=("Mon-Fri 9:00-18:00", "24 Dec closed")).hours_in(language)
    assert told.endswith(say(Hours.NOTED, language, hours="\n".join(read)))
    ada.presses(say(Hours.AGAIN, language))
    await sees(ada, expected("opening_hours", language))


async def test_the_hours_that_are_agreed_to_are_those_that_were_looked_at(closed: Stage) -> None:
    ada = await admin(closed)
    await ask(ada, "opening_hours")
    ada.writes("lun-ven 9-18")
    await last(ada)
    ada.writes("lun-ven 9-13")
    await last(ada)
    ada.presses_key(f"configure:1:agree {seen('Mon-Fri 9:00-18:00')}")
    stale = say(Versions.CHANGED_MEANWHILE, "it", command="/configure")
    await ada.hears(f"Hotel Aurora\n\n{stale}")
    assert await draft(closed) == {}


async def test_the_key_that_agrees_goes_and_a_second_press_of_it_is_no_complaint(
    closed: Stage,
) -> None:
    ada = await admin(closed)
    await ask(ada, "opening_hours")
    ada.writes("lun-ven 9-18")
    await last(ada)
    for _ in range(2):
        ada.presses_key(f"configure:1:agree {seen('Mon-Fri 9:00-18:00')}")
    assert "Orari: — → lun–ven 9:00–18:00" in await last(ada)
    await closed.until(lambda: say(Hours.AGREE, "it") not in ada.buttons())
    await closed.settles()
    assert ada.untold() == []
    assert await draft(closed) == {"opening_hours": ["Mon-Fri 9:00-18:00"]}


async def test_hours_of_many_lines_are_kept(closed: Stage) -> None:
    ada = await admin(closed)
    await ask(ada, "opening_hours")
    days = [f"{day}/{month} 9:30-1{day % 2}" for month in (1, 3) for day in range(1, 32)]
    ada.writes("\n".join(days))
    await last(ada)
    ada.presses(say(Hours.AGREE, "it"))
    await last(ada)
    assert len((await draft(closed))["opening_hours"]) == 62


async def test_hours_that_nobody_waits_for_any_more_are_not_kept(closed: Stage) -> None:
    ada = await admin(closed)
    await ask(ada, "opening_hours")
    ada.writes("lun-ven 9-18")
    await last(ada)
    ada.writes("/cancel")
    await last(ada)
    ada.presses(say(Hours.AGREE, "it"))
    stale = say(Versions.CHANGED_MEANWHILE, "it", command="/configure")
    await ada.hears(f"Hotel Aurora\n\n{stale}")
    assert await draft(closed) == {}


async def test_a_field_that_there_is_not_is_told(closed: Stage) -> None:
    ada = await admin(closed, "en")
    ada.writes("/configure colour blue")
    assert "There is no field “colour”. The fields are: language, address" in await last(ada)


async def test_a_viewer_looks_and_changes_nothing(closed: Stage) -> None:
    refused = say(Desk.NOT_ALLOWED, "it", tenant="Hotel Aurora")
    await closed.opens()
    await appoints(closed, Role.VIEWER)
    ada = closed.person("Ada")
    ada.writes("/configure")
    await last(ada)
    keys = (CompanyCard.GROUP_COMPANY, CompanyCard.GROUP_ASSISTANT, CompanyCard.MORE)
    assert ada.buttons() == [say(one, "it") for one in keys]
    ada.presses(say(CompanyCard.GROUP_COMPANY, "it"))
    await closed.until(lambda: say(Configure.BUTTON_BACK, "it") in ada.buttons())
    assert ada.buttons() == [say(Configure.BUTTON_BACK, "it")]
    for words in ("sector Banca", "sector", 'sector = "Banca"', "colour blue"):
        ada.writes(f"/configure {words}")
        await ada.hears(refused)
    assert await draft(closed) == {}


async def test_one_who_may_no_longer_change_anything_is_not_heard(closed: Stage) -> None:
    await closed.opens()
    await appoints(closed, Role.ADMIN)
    ada = closed.person("Ada")
    await ask(ada, "sector")
    await closed.runs("UPDATE admins SET role = 'viewer'")
    ada.writes("Banca")
    await ada.hears(say(Desk.NOT_ALLOWED, "it", tenant="Hotel Aurora"))
    assert await draft(closed) == {}


async def test_a_choice_pressed_twice_is_drafted_once(closed: Stage) -> None:
    ada = await admin(closed)
    ada.writes("/configure pace")
    await ada.receives(1)
    ada.finds_button("Vecchio", data="configure:1:set pace off")
    ada.presses("Vecchio")
    ada.presses("Vecchio")
    await sees(ada, say(Configure.UNCHANGED, "it"))
    assert await draft(closed) == {"pace": "off"}


async def appoints(stage: Stage, role: Role) -> None:
    """Somebody gives Ada a role in the company."""
    made = Appoint(1, Member(ADA, "Ada", role), Actor(None, "test"), SEEDED_AT)
    await stage.database.write(lambda connection: apply(connection, [made]))


@pytest.mark.parametrize("words", ["", "/configure welcome "])
async def test_of_a_text_that_telegram_cuts_no_part_is_taken(closed: Stage, words: str) -> None:
    closed.clock.speed = 1.0  # the parts come one right after the other
    ada = await admin(closed)
    await ask(ada, "welcome")
    ada.writes(words + "a" * (4_096 - len(words)))
    ada.writes("a" * 4_096)
    ada.writes("Ciao!")
    await ada.hears("Hotel Aurora\n\n" + say(Configure.CUT, "it"))
    assert await draft(closed) == {}
    await closed.settles()
    assert closed.asked() == []
