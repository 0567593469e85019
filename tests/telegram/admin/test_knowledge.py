"""What /knowledge shows, and which edits it refuses."""

import json
from typing import Any

import pytest
from pydantic import ValidationError
from telegram import Update

from bot.core.texts import LANGUAGES, say
from bot.core.texts.profile import Knowledge as Say
from bot.telegram.admin.company_card import pages
from bot.telegram.admin.knowledge_cards import PAGE, Shown, overview, source_card
from bot.telegram.admin.knowledge_edits import add, append, extend, refusal, remove, rewrite, write
from bot.telegram.admin.visit import Card, Visit
from db.tenants import TenantRow
from tenants.permissions import Role
from tenants.profile import Profile, Source
from tenants.size import size_of
from tenants.sources import key_of
from tenants.values import KNOWLEDGE_CHARACTERS

HOTEL = TenantRow(7, "hotel", 3, "{}")
BAR = Source(name="bar.txt", text="Caffè 2 €", added_at=0.0)
MANY = tuple(Source(name=f"{number:02} {'x' * 117}", text="x") for number in range(2 * PAGE + 1))
languages = pytest.mark.parametrize("language", LANGUAGES)


def visit(language: str = "it") -> Visit:
    role = Role.OWNER
    return Visit(Update(1), 5, "Ada", language, role, HOTEL, 1_000_000.0, Profile(), [role])


def shown(profile: Profile, *, model: str = "gpt-6-luna", drafted: bool = False) -> Shown:
    return Shown(profile, drafted, size_of(profile, host_model=model))


def buttons(card: Card) -> dict[str, str]:
    return {one.text: str(one.callback_data) for row in card.rows for one in row}


@languages
def test_each_page_of_many_sources_is_one_message(language: str) -> None:
    profile = Profile(sources=MANY, knowledge="Colazione.")
    cards = [
        overview(visit(language), shown(profile, drafted=True), first=first)
        for first in ("0", str(PAGE), str(2 * PAGE))
    ]

    assert [len(card.drafts()) for card in cards] == [1, 1, 1]
    listed = [name for card in cards for name in buttons(card) if name.startswith("📄")]
    assert len(listed) == len(MANY)
    assert [("‹" in buttons(card), "›" in buttons(card)) for card in cards] == [
        (False, True),
        (True, True),
        (True, False),
    ]
    assert buttons(cards[1])["›"] == f"knowledge:7:show {2 * PAGE}"


def test_a_page_that_is_gone_is_the_first_one() -> None:
    profile = Profile(sources=(BAR,))

    assert overview(visit(), shown(profile), first=str(PAGE)) == overview(visit(), shown(profile))


def test_nobody_is_told_the_price_of_an_unknown_model() -> None:
    text = overview(visit("en"), shown(Profile(sources=(BAR,)), model="llama")).text

    assert "10,000" in overview(visit("en"), shown(Profile(sources=(BAR,)))).text
    assert "10,000" not in text
    assert "€" not in text


@languages
def test_a_long_source_shows_how_it_begins(language: str) -> None:
    card = source_card(visit(language), Source(name="x" * 120, text="parola " * 9_000))

    assert len(card.drafts()) == 1
    assert card.text.endswith("…")


def test_an_edit_of_what_is_gone_is_none() -> None:
    gone = key_of(BAR)
    edits = (
        rewrite(gone, "x", "it", now=1.0),
        extend(gone, "x", "it", joint="\n", now=1.0),
        remove(gone, "it"),
    )

    assert [edit(Profile()) for edit in edits] == [None, None, None]


def test_the_same_file_again_is_a_change_of_that_source() -> None:
    edited = add(Source(name="bar.txt", text="Caffè 2 €", added_at=9.0), "it")(
        Profile(sources=(BAR,))
    )

    assert edited is not None
    assert edited.what == say(Say.SOURCE_NOW, "it", name="bar.txt", pages=pages("x", "it"))


def refused(profile: Profile, edit: Any) -> str:
    with pytest.raises(ValidationError) as raised:
        profile.changed(edit(profile).changes)
    return refusal(raised.value, "en")


def test_more_characters_than_fit_are_refused() -> None:
    half = Source(name="half", text="x" * (KNOWLEDGE_CHARACTERS // 2))
    profile = Profile(sources=(half,))
    too_much = say(Say.TOO_MUCH, "en", limit="400,000")

    assert refused(profile, write("x" * (KNOWLEDGE_CHARACTERS // 2 + 1), "en")) == too_much
    assert refused(profile, append("x" * (KNOWLEDGE_CHARACTERS + 1), "en", joint="")) == too_much
    whole = extend(key_of(half), half.text, "en", joint=" ", now=1.0)
    assert refused(profile, whole) == too_much


def test_more_sources_than_fit_are_refused() -> None:
    hundred = tuple(Source(name=str(number), text="x") for number in range(100))

    assert refused(Profile(sources=hundred), add(BAR, "en")) == say(Say.TOO_MANY, "en", limit=100)


def test_what_a_private_assistant_could_not_read_any_more_is_refused() -> None:
    own = {"vip": {"knowledge": "x" * (KNOWLEDGE_CHARACTERS - 5)}}
    profile = Profile.model_validate_json(json.dumps({"assistants": own}))
    told = say(Say.TOO_MUCH_FOR, "en", assistant="vip", limit="400,000")

    assert refused(profile, add(BAR, "en")) == told
