import pytest

from bot.playground.questions import example_questions
from tenants.presets import load

PRESETS = (
    "banca-aessefin",
    "boutique-milano",
    "hotel-aurora",
    "hotel-aurora-en",
    "hotel-aurora-ru",
)


@pytest.mark.parametrize("preset", PRESETS)
def test_each_preset_has_questions_of_its_own(preset: str) -> None:
    profile = load(preset)
    questions = example_questions(profile.company_name, profile.language)

    assert len(questions) == 3
    assert questions != example_questions("Some company", profile.language)


def test_any_other_company_is_asked_in_its_language() -> None:
    assert example_questions("Trattoria Da Gino", "it")[1] == "Dove vi trovate?"
    assert example_questions("Gino's", "en")[1] == "Where are you?"


def test_a_language_without_questions_falls_back_to_english() -> None:
    assert example_questions("Bei Gino", "de") == example_questions("Gino's", "en")
