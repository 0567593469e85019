"""Cards as they are rendered hold no engineer's word, but for what is behind More for experts."""

import pytest

from bot.core.texts import LANGUAGES
from bot.telegram.admin.company_card import group, more, overview
from bot.telegram.admin.configure_cards import question, really_discard
from bot.telegram.admin.diffs import shown
from bot.telegram.admin.state import State
from bot.telegram.admin.visit import Card
from tenants.difference import noticed
from tenants.fields import FIELDS
from tenants.profile import Profile
from tenants.values import Group
from tests.core.texts.test_plain_words import engineers_words
from tests.telegram.admin.test_configure_cards import LARGEST, now, state, visit

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
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_card_holds_an_engineers_word(language: str) -> None:
    rendered = [
        " ".join((card.text, *(one.text for row in card.rows for one in row)))
        for card in cards(language, state(OLD, NEW))
    ]
    rendered.append(shown(noticed(OLD, NEW), language))
    assert [(text, found) for text in rendered if (found := engineers_words(language, text))] == []
