"""What a bot is to show of a profile, and what of it is to be set."""

from hypothesis import given

from bot.telegram.look import LIMITS, look_of, missing
from tenants.profile import Profile
from tests.tenants.strategies import profiles

HOTEL = Profile(company_name="Hotel Aurora", sector="hotel", welcome="Benvenuti!", ai_notice="IA.")


def test_the_companys_own_words_are_for_everybody() -> None:
    look = look_of(HOTEL)
    assert look["name"] == {"": "Hotel Aurora"}
    assert look["short_description"] == {"": "Hotel Aurora: hotel"}
    assert look["description"] == {"": "Benvenuti!\n\nIA."}


def test_defaults_speak_each_language() -> None:
    look = look_of(Profile(company_name="Hotel Aurora"))["description"]
    assert set(look) == {"", "en", "ru"}  # the company's own language is the first
    assert len(set(look.values())) == 3


def test_a_company_without_a_name_leaves_the_bots_name_alone() -> None:
    assert look_of(Profile())["name"] == {}


def test_only_what_differs_is_missing() -> None:
    look = look_of(HOTEL)
    assert set(missing(look, {})) == {"name", "description", "short_description", "menu"}
    assert missing(look, look) == ()
    assert missing(look_of(HOTEL.changed({"sector": "inn"})), look) == ("short_description",)


def test_a_text_that_is_no_longer_wanted_in_a_language_is_taken_back() -> None:
    before = look_of(Profile(company_name="Hotel Aurora"))
    assert "description" in missing(look_of(HOTEL), before)


@given(profiles)
def test_every_text_fits_telegrams_limits(profile: Profile) -> None:
    look = look_of(profile)
    for kind, most in LIMITS.items():
        for text in look[kind].values():
            assert 0 < len(text.encode("utf-16-le")) // 2 <= most
