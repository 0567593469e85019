"""What differs, as admins read it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.texts import LANGUAGES, say
from bot.core.texts.profile import Versions
from bot.telegram.admin.diffs import SENTENCES, SHOWN_CHARACTERS, shown
from tenants.difference import noticed
from tenants.profile import Profile
from tests.tenants.strategies import profiles

HOTEL = Profile(company_name="Hotel Aurora")


def told(new: Profile, language: str = "en", old: Profile = HOTEL) -> str:
    return shown(noticed(old, new), language)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"company_name": "Boreale"}, "• Company name\nBefore: Hotel Aurora\nNow: Boreale"),
        ({"company_name": None}, "• Company name\nBefore: Hotel Aurora\nNow: –"),
        ({"opening_hours": ("Mon 9-18",)}, "• Opening hours\nBefore: –\nNow: Mon 9:00–18:00"),
        ({"test_questions": ("Parking?",)}, "• Test questions\nBefore: –\nNow: Parking?"),
        (
            {"test_questions": ("Parking?", "Pets?")},
            "• Test questions\nAdded: “Parking?”\nAdded: “Pets?”",
        ),
        (
            {"tools": ("recall", "remember")},
            "• Tools\nBefore: –\nNow: What it remembers; Remember clients",
        ),
        ({"waiting_seconds": 0}, "• Waiting time\nBefore: 5 s\nNow: never"),
        ({"pace": "brisk"}, "• Pace\nBefore: natural\nNow: brisk"),
        ({"model": "gpt-6-sol"}, "• Model\nBefore: the service’s\nNow: gpt-6-sol"),
        ({"assistants": {"staff": {}}}, "• Private assistants, staff\nNew"),
        ({"assistants": {"staff": {"sector": "x"}}}, "• staff: Sector\nBefore: –\nNow: x"),
    ],
)
def test_before_and_now_in_the_words_of_the_fields(changes: dict[str, object], text: str) -> None:
    assert text in told(HOTEL.changed(changes))


def test_before_it_had_its_own_a_new_assistants_text_was_everybodys() -> None:
    old = HOTEL.changed({"knowledge": "The bar closes at 11."})
    text = told(old.changed({"assistants": {"staff": {"knowledge": "The suite: 900."}}}), old=old)
    assert "• staff: Knowledge\nBefore: The bar closes at 11.\nNow: The suite: 900." in text


def test_a_default_that_is_said_word_for_word_changes_nothing() -> None:
    same = HOTEL.changed({"welcome": HOTEL.welcome, "language": "it", "waiting_seconds": 5})
    assert told(same) == ""


def test_nor_does_one_of_a_private_assistant() -> None:
    old = HOTEL.changed({"assistants": {"staff": {}}})
    assert told(HOTEL.changed({"assistants": {"staff": {"pace": "human"}}}), old=old) == ""


def test_a_text_that_is_called_as_a_choice_is_told_as_it_is() -> None:
    assert told(HOTEL.changed({"sector": "it"})) == "• Sector\nBefore: –\nNow: it"


def test_a_private_assistant_that_goes_is_told() -> None:
    old = HOTEL.changed({"assistants": {"staff": {}}})
    assert told(HOTEL, old=old) == "• Private assistants, staff\nRemoved"


def test_of_a_long_text_the_sentences_are_told_that_went_and_that_came() -> None:
    rest = "We have a garden. " * 20
    texts = (f"{rest}\nParking costs {price} €. Pets are welcome." for price in (10, 15))
    old, new = (Profile(knowledge=text) for text in texts)
    text = told(new, old=old)
    assert text == "• Knowledge\nRemoved: “Parking costs 10 €.”\nAdded: “Parking costs 15 €.”"


def test_no_sign_of_a_programmers_comparison_is_shown() -> None:
    old, new = (Profile(knowledge="\n".join(f"Line {n}" for n in range(m))) for m in (50, 60))
    lines = told(new, old=old).split("\n")
    assert not [line for line in lines if line.startswith(("+", "-", "@"))]


def test_what_only_moved_is_told_as_that() -> None:
    old, new = Profile(knowledge="Uno.\nDue."), Profile(knowledge="Due.\nUno.")
    assert told(new, old=old) == f"• Knowledge\n{say(Versions.ORDER_ONLY, 'en')}"


def test_a_source_of_a_private_assistant_is_told_as_any_other() -> None:
    source = {"name": "menu.txt", "text": "Pasta"}
    text = told(HOTEL.changed({"assistants": {"staff": {"sources": [source]}}}))
    assert text.endswith("• staff: Sources, menu.txt\nNew, 1 page\nAdded: “Pasta”")


def test_of_many_sentences_the_first_are_told() -> None:
    text = told(Profile(knowledge="\n".join(f"Line {n}." for n in range(50))), old=Profile())
    lines = text.split("\n")
    assert lines[1:3] == ["New, 1 page", "Added: “Line 0.”"]
    assert len(lines) == SENTENCES + 3
    assert lines[-1] == say(Versions.MORE_SENTENCES, "en", count=50 - SENTENCES)


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


def test_what_stands_between_many_takes_room_as_well() -> None:
    sources = [{"name": str(n), "text": f"{n}."} for n in range(100)]
    text = told(HOTEL.changed({"sources": sources}))
    assert len(text) < SHOWN_CHARACTERS + 100


@given(profiles, profiles, st.sampled_from(LANGUAGES))
def test_any_two_profiles_can_be_compared(one: Profile, other: Profile, language: str) -> None:
    text = told(other, language, old=one)
    assert len(text) < SHOWN_CHARACTERS + 100
    assert not text or one.model_dump() != other.model_dump()
