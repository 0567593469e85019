import pytest

from bot.playground.questions import ANY_COMPANY, example_questions
from tenants import presets


@pytest.mark.parametrize("preset", presets.names())
def test_each_preset_has_questions_of_its_own(preset: str) -> None:
    profile = presets.load(preset)
    questions = example_questions(profile.company_name, profile.language)

    assert questions[profile.language] == presets.questions(preset)


def test_the_demos_company_is_asked_in_the_language_of_whoever_asks() -> None:
    assert example_questions("Hotel Aurora", "it") == {
        "it": presets.questions("hotel-aurora"),
        "en": presets.questions("hotel-aurora-en"),
        "ru": presets.questions("hotel-aurora-ru"),
    }


def test_any_other_company_is_asked_what_any_is() -> None:
    assert example_questions("Trattoria Da Gino", "it") == ANY_COMPANY
