"""/configure: the card, a field by its button, one-liners, several at once."""

import pytest

from bot.core.texts import Key, Text, say
from bot.core.texts.desk import Desk, Home
from bot.core.texts.profile import CompanyCard, Configure, Knowledge, Versions
from bot.telegram.admin.company_card import cost
from bot.telegram.admin.configure_cards import fields_of, following
from bot.telegram.admin.fields import choice, expected, label
from tenants.fields import FIELDS
from tenants.size import size_of
from tenants.values import Group
from tests.scenarios.admins import ADA, BEA, each_language, shows_button
from tests.scenarios.cards import (
    has_heard,
    last,
    opens_field,
    opens_group,
    sees,
    sees_company,
    taps,
)
from tests.scenarios.people import Person
from tests.scenarios.stage import HOTEL, Stage
from tests.scenarios.versions import discards, drafts


async def host(stage: Stage, language: str = "it", name: str = "Ada") -> Person:
    """A host, who looks at the card."""
    if stage.process is None:
        await stage.opens(admin_ids=(ADA, BEA))
    person = stage.person(name, language)
    await card(person)
    return person


async def card(person: Person) -> str:
    """What the card says now."""
    person.writes("/configure")
    return await last(person)


async def draft(stage: Stage) -> list[tuple[object, ...]]:
    return await stage.rows(
        "SELECT author, changes FROM drafts WHERE changes <> '{}' ORDER BY revision"
    )


@each_language
async def test_the_card_says_who_what_it_knows_and_what_is_missing(
    closed: Stage, language: str
) -> None:
    ada = await host(closed, language)
    text = await card(ada)
    assert text.startswith("Hotel Aurora\n\n🗣 ")
    assert say(CompanyCard.KNOWS_NOTHING, language) in text
    assert f"❗ {say(Home.KNOWS_NOTHING, language)}" in text
    assert say(CompanyCard.LINK, language, link="https://t.me/aurora_bot?start=hotel") in text
    assert say(Configure.BUTTON_PUBLISH, language) not in ada.buttons()


@each_language
async def test_it_fits_one_screen_however_much_it_knows(closed: Stage, language: str) -> None:
    ada = await host(closed, language)
    sources = [{"name": f"listino {n} {'x' * 80}", "text": "a " * 4_000} for n in range(30)]
    await drafts(closed, sources=sources, knowledge="b " * 4_000, sector="s" * 100)
    text = await card(ada)
    assert say(CompanyCard.PAGES, language, count=5) in text
    assert say(CompanyCard.MORE_SOURCES, language, count=26) in text
    assert len(text) < 700
    rows = ada.untold() or closed.telegram.clients.messages(ada.chat_id, bot_id=ada.bot)
    assert len(rows[-1]["reply_markup"]["inline_keyboard"]) <= 6


@each_language
async def test_each_field_stands_in_a_group_with_its_value_and_a_button(
    closed: Stage, language: str
) -> None:
    ada = await host(closed, language)
    found = set()
    for name in ("sector", "welcome", "ai_notice", "tools", "model"):
        await card(ada)
        await opens_group(ada, FIELDS[name].group, language)
        await shows_button(ada, label(name, language))
        found |= {one for one in FIELDS if label(one, language) in ada.buttons()}
    assert found == set(FIELDS) - {"knowledge"}


@each_language
async def test_what_answers_cost_is_told_in_euros_and_stands_behind_more(
    closed: Stage, language: str
) -> None:
    ada = await host(closed, language)
    small = size_of(HOTEL, host_model="gpt-6-luna")
    told = cost(small.price, language)
    assert told not in await card(ada)
    await opens_group(ada, Group.EXPERTS, language)
    await sees(ada, told)


@each_language
async def test_after_a_field_comes_the_next(closed: Stage, language: str) -> None:
    ada = await host(closed, language)
    await opens_field(ada, "company_name", language)
    assert "Hotel Aurora" in ada.said()[-1]
    ada.presses(say(Configure.BUTTON_NEXT, language))
    await sees(ada, expected("sector", language))
    ada.writes("Ospitalità")
    await ada.receives(1)
    ada.presses(say(Configure.BUTTON_NEXT, language))
    await sees(ada, expected("time_zone", language))


def test_the_fields_follow_each_other_as_their_groups_list_them() -> None:
    first, *others = (name for group in Group for name in fields_of(group))
    assert [following(name) for name in (first, *others)] == [*others, None]


@each_language
async def test_a_field_is_asked_for_and_the_answer_drafted(closed: Stage, language: str) -> None:
    ada = await host(closed, language)
    await opens_field(ada, "sector", language)
    ada.writes("Ospitalità")
    told = await last(ada)
    sector, none = label("sector", language), say(Configure.NOT_SET, language)
    assert f"{sector}: {none} → Ospitalità" in told
    assert say(Configure.DRAFTED, language) in told
    assert await draft(closed) == [("Ada", '{"sector":"Ospitalità"}')]
    ada.presses(say(Configure.BUTTON_BACK, language))
    await sees(ada, say(Home.UNPUBLISHED, language, count=1))
    assert say(Home.PUBLISH, language) in ada.buttons()


async def test_a_choice_is_a_button(closed: Stage) -> None:
    ada = await host(closed)
    await opens_field(ada, "pace")
    ada.presses(choice("brisk", "it"))
    await sees(ada, say(Configure.DRAFTED, "it"))
    assert await draft(closed) == [("Ada", '{"pace":"brisk"}')]


async def test_a_choice_can_be_typed_too(closed: Stage) -> None:
    ada = await host(closed)
    await opens_field(ada, "address")
    ada.writes("tu")
    assert "Lei (nostro suggerimento) → tu" in await last(ada)


async def test_a_field_goes_back_to_its_default(closed: Stage) -> None:
    ada = await host(closed)
    await opens_field(ada, "welcome")
    ada.presses(say(Configure.BUTTON_DEFAULT, "it"))
    await sees(ada, say(Configure.DRAFTED, "it"))
    assert await draft(closed) == [("Ada", '{"welcome":null}')]


async def test_what_is_wrong_is_said_and_asked_again(closed: Stage) -> None:
    ada = await host(closed)
    await opens_field(ada, "waiting_seconds")
    ada.writes("presto")
    assert "Tempo d’attesa: scriva un numero, per esempio 8." in await last(ada)
    ada.writes("900")
    assert "Tempo d’attesa: scriva un numero fino a 600." in await last(ada)
    ada.writes("8,5")
    assert "5 s (nostro suggerimento) → 8.5 s" in await last(ada)
    assert await draft(closed) == [("Ada", '{"waiting_seconds":8.5}')]


async def test_cancel_leaves_everything_as_it_is(closed: Stage) -> None:
    ada = await host(closed)
    await opens_field(ada, "sector")
    ada.writes("/cancel")
    assert await last(ada) == say(Desk.CANCELLED, "it")
    assert await draft(closed) == []


async def test_the_card_takes_the_place_of_a_question(closed: Stage) -> None:
    ada = await host(closed)
    await opens_field(ada, "sector")
    ada.presses(say(Configure.BUTTON_BACK, "it"))
    await sees_company(ada)
    ada.writes("/cancel")
    assert await last(ada) == say(Desk.NOTHING_TO_CANCEL, "it")


async def test_a_question_outlives_a_restart(closed: Stage) -> None:
    ada = await host(closed)
    await opens_field(ada, "sector")
    await closed.settles()
    await closed.dies()
    await closed.opens()
    ada.writes("Ospitalità")
    assert "— → Ospitalità" in await last(ada)


async def test_two_admins_see_each_others_draft(closed: Stage) -> None:
    ada = await host(closed)
    ada.writes("/configure sector Ospitalità")
    await ada.receives(1)
    bea = await host(closed, "en", "Bea")
    await opens_group(bea, Group.COMPANY, "en")
    await sees(bea, "✎ Sector: Ospitalità")
    await sees(bea, say(Configure.DRAFTED_BY, "en", authors="Ada"))
    bea.writes("/configure sector: Banking\nassistant_name: Bianca")
    await bea.receives(1)
    await card(ada)
    await opens_group(ada, Group.COMPANY)
    await sees(ada, "✎ Settore: Banking")
    await card(ada)
    await opens_group(ada, Group.ASSISTANT)
    await sees(ada, "✎ Nome dell’assistente: Bianca")
    await sees(ada, say(Configure.DRAFTED_BY, "it", authors="Bea"))


async def test_each_change_is_in_the_trail(closed: Stage) -> None:
    ada = await host(closed)
    ada.writes("/configure company_name Boreale")
    await ada.receives(1)
    ada.writes("/configure company_name -")
    await ada.receives(1)
    query = "SELECT actor, action, subject, old, new FROM audit ORDER BY id"
    assert await closed.rows(query) == [
        ("Ada", "draft changed", "company_name", "Hotel Aurora", "Boreale"),
        ("Ada", "draft changed", "company_name", "Boreale", None),
    ]


async def test_a_draft_is_thrown_away_after_a_question(closed: Stage) -> None:
    ada = await host(closed)
    ada.writes("/configure sector Ospitalità")
    await ada.receives(1)
    await card(ada)
    await taps(ada, CompanyCard.MORE, Configure.BUTTON_DISCARD)
    await sees(ada, say(Configure.DISCARD_ASK, "it", count=1))
    assert len(await draft(closed)) == 1
    ada.presses(say(Configure.BUTTON_DISCARD_YES, "it"))
    await sees(ada, say(Configure.DISCARDED, "it"))
    assert await draft(closed) == []


async def test_the_button_for_one_draft_throws_no_other_away(closed: Stage) -> None:
    ada = await host(closed)
    await drafts(closed, sector="Ospitalità")
    await card(ada)
    await taps(ada, CompanyCard.MORE, Configure.BUTTON_DISCARD)
    await sees(ada, say(Configure.DISCARD_ASK, "it", count=1))
    await discards(closed)
    await drafts(closed, sector="Ospitalità")
    ada.presses(say(Configure.BUTTON_DISCARD_YES, "it"))
    await closed.until(lambda: say(Configure.BUTTON_DISCARD_YES, "it") not in ada.buttons())
    assert len(await draft(closed)) == 1


async def test_clients_notice_nothing_of_a_draft(closed: Stage) -> None:
    ada = await host(closed)
    _, anna = closed.person("Bea"), closed.person("Anna")
    ada.writes("/configure welcome Ciao!")
    await ada.receives(1)
    anna.writes("/start")
    await anna.hears("Benvenuti all'Hotel Aurora!", "Le risponde un assistente AI.")


@each_language
async def test_a_stranger_knows_no_such_command(closed: Stage, language: str) -> None:
    await closed.opens(admin_ids=(999,))
    anna = closed.person("Anna", language)
    anna.writes("/configure sector Banca")
    await anna.hears(say(Text.UNKNOWN_COMMAND, language))


async def test_what_was_pressed_long_ago_still_leads_to_the_card(closed: Stage) -> None:
    ada = await host(closed)
    ada.finds_button("Vecchio", data="configure:1:ask colour")
    ada.presses("Vecchio")
    await sees_company(ada)


@pytest.mark.parametrize(
    ("button", "answer"),
    [
        (CompanyCard.TRY, Versions.PREVIEW_DRAFT),
        (CompanyCard.KNOWLEDGE, Knowledge.CARD),
        (Home.PUBLISH, Versions.ASK_PUBLISH),
    ],
)
async def test_a_button_of_the_card_opens_another_command(
    closed: Stage, button: Key, answer: Key
) -> None:
    ada = await host(closed)
    ada.writes("/configure sector Ospitalità")
    await ada.receives(1)
    await card(ada)
    ada.presses(say(button, "it"))
    await sees(ada, say(answer, "it", version=2))
    await has_heard(ada)


async def test_what_is_published_from_the_card_is_what_the_next_client_reads(closed: Stage) -> None:
    ada = await host(closed)
    _, anna = closed.person("Bea"), closed.person("Anna")
    ada.writes("/configure welcome Ciao!")
    await ada.receives(1)
    await card(ada)
    ada.presses(say(Home.PUBLISH, "it"))
    await sees(ada, say(Versions.ASK_PUBLISH, "it"))
    ada.presses(say(Versions.PUBLISH, "it"))
    await sees(ada, say(Versions.PUBLISHED, "it"))
    await has_heard(ada)
    anna.writes("/start")
    await anna.hears("Ciao!", "Le risponde un assistente AI.")
    assert say(Home.UNPUBLISHED, "it", count=1) not in await card(ada)
