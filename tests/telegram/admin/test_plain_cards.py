"""Cards as they are rendered hold no engineer's word, but for what is behind More for experts."""

from dataclasses import replace

import pytest

from bot.core.texts import LANGUAGES
from bot.telegram.admin import sites_cards
from bot.telegram.admin.company_card import group, more, overview
from bot.telegram.admin.configure_cards import question, really_discard
from bot.telegram.admin.diffs import shown
from bot.telegram.admin.state import State
from bot.telegram.admin.visit import Card, Visit
from bot.telegram.wire import utf16_length
from db.sites import Site
from tenants.difference import noticed
from tenants.fields import FIELDS
from tenants.profile import Profile
from tenants.values import Group
from tests.core.texts.test_plain_words import engineers_words
from tests.telegram.admin.test_configure_cards import LARGEST, MESSAGE_UNITS, now, state, visit

URL = "https://desk.example"
OLD = Profile(company_name="Aurora", welcome="Ciao!", knowledge="Uno. Due.", sector="x")
NEW = Profile(company_name="Aurora", knowledge="Uno. Tre.", sources=({"name": "a", "text": "b"},))


def cards(language: str, drafted: State) -> list[Card]:
    here = visit(language)
    plain = [one for one in Group if one is not Group.EXPERTS]
    return [
        overview(here, drafted, now(drafted)),
        more(here, drafted),
        really_discard(here, drafted),
        *(group(here, drafted, one, LARGEST) for one in plain),
        *(question(here, drafted, name) for name in FIELDS),
        *site_cards(here),
    ]


def site_cards(here: Visit) -> list[Card]:
    site = Site(1, 1, "site_x", ("https://aurora.example",), daily_tokens=9_000)
    plain = replace(site, is_on=False, daily_tokens=None, messages_per_minute=3, accent="#000000")
    return [
        sites_cards.off(here),
        sites_cards.list_of(here, ()),
        sites_cards.list_of(here, (site, plain)),
        sites_cards.look(here, plain),
        sites_cards.limits(here, site, 900),
        sites_cards.really_remove(here, site),
        *(without_line(sites_cards.one_of(here, one, URL, 900)) for one in (site, plain)),
    ]


def without_line(card: Card) -> Card:
    """What is pasted into a page is no sentence."""
    return replace(card, text=card.text.rpartition("\n\n")[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_card_holds_an_engineers_word(language: str) -> None:
    rendered = [
        " ".join((card.text, *(one.text for row in card.rows for one in row)))
        for card in cards(language, state(OLD, NEW))
    ]
    rendered.append(shown(noticed(OLD, NEW), language))
    assert [(text, found) for text in rendered if (found := engineers_words(language, text))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fullest_card_of_a_site_is_one_message(language: str) -> None:
    origins = tuple(f"https://{'a' * 63}.{'b' * 63}.{number}.example" for number in range(20))
    site = Site(10**17, 1, f"site_{'x' * 16}", origins, daily_tokens=10**12, messages_per_minute=30)
    here = visit(language)
    for card in (
        sites_cards.one_of(here, site, f"https://{'x' * 200}.example", 900),
        sites_cards.look(here, site),
        sites_cards.limits(here, site, 900),
        sites_cards.list_of(here, [site] * 20),
    ):
        assert utf16_length(card.text) <= MESSAGE_UNITS
