"""What differs, as admins read it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.texts import LANGUAGES, say
from bot.core.texts.profile import Versions
from bot.telegram.admin.diffs import EXCERPT_LINES, SHOWN_CHARACTERS, shown
from tenants.difference import differences
from tenants.profile import Profile
from tests.tenants.strategies import profiles

HOTEL = Profile(company_name="Hotel Aurora")


def told(new: Profile, language: str = "en", old: Profile = HOTEL) -> str:
    return shown(differences(old, new), language)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"company_name": "Boreale"}, "• Company name: Hotel Aurora → Boreale"),
        ({"company_name": None}, "• Company name: Hotel Aurora → (default)"),
        ({"pace": "brisk"}, "• Pace: (default) → Brisk"),
        ({"sources": [{"name": "menu.txt", "text": "Pasta"}]}, "menu.txt: new, 5 characters"),
        ({"assistants": {"staff": {"sector": "x"}}}, "• staff: Sector: (default) → x"),
        ({"assistants": {"staff": {}}}, "• Private assistants, staff: new"),
        ({"assistants": {"staff": {"pace": "off"}}}, "• staff: Pace: (default) → no pauses"),
    ],
)
def test_old_and_new_in_the_words_of_the_fields(changes: dict[str, object], text: str) -> None:
    assert text.casefold() in told(HOTEL.changed(changes)).casefold()


def test_a_text_that_is_called_as_a_choice_is_told_as_it_is() -> None:
    assert told(HOTEL.changed({"sector": "it"})) == "• Sector: (default) → it"


def test_a_private_assistant_that_goes_is_told() -> None:
    old = HOTEL.changed({"assistants": {"staff": {}}})
    assert told(HOTEL, old=old) == "• Private assistants, staff: removed"


def test_a_source_of_a_private_assistant_is_told_as_any_other() -> None:
    source = {"name": "menu.txt", "text": "Pasta"}
    text = told(HOTEL.changed({"assistants": {"staff": {"sources": [source]}}}))
    assert text.endswith("• staff: Sources, menu.txt: new, 5 characters\n+Pasta")


def test_a_long_text_is_shown_by_its_sizes_and_an_excerpt() -> None:
    text = told(Profile(knowledge="\n".join(f"Line {n}" for n in range(50))), old=Profile())
    lines = text.split("\n")
    assert lines[0].endswith("new, 389 characters")
    assert lines[1:3] == ["+Line 0", "+Line 1"]
    assert len(lines) == EXCERPT_LINES + 2
    assert lines[-1] == "…"


def test_what_has_no_room_is_counted() -> None:
    questions = [f"{n} {'x' * 400}" for n in range(20)]
    changes = {
        "test_questions": questions,
        "welcome": "y" * 2_000,
        "assistants": {f"a{n}": {"knowledge": "z" * 150} for n in range(20)},
    }
    text = told(HOTEL.changed(changes))
    assert len(text) < SHOWN_CHARACTERS + 100
    assert say(Versions.MORE_CHANGES, "en", count=2)[:5] in text


@given(profiles, profiles, st.sampled_from(LANGUAGES))
def test_any_two_profiles_can_be_compared(one: Profile, other: Profile, language: str) -> None:
    text = told(other, language, old=one)
    assert len(text) < SHOWN_CHARACTERS + 100
    assert bool(text) == (one.model_dump() != other.model_dump())
