"""The fields about where and when a company is, as they are typed into the form."""

import pytest

from bot.telegram.admin.fields import VOCABULARY, city
from tenants.form import Changes, Form, Refused
from tenants.profile import FormOfAddress, Language, Profile
from tenants.zones import HOME, ZONES


def typed(text: str) -> object:
    read = Form(Profile(), VOCABULARY).answer("time_zone", text)
    return read.profile.time_zone if isinstance(read, Changes) else read


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        *(("Rome", "Europe/Rome"), ("roma", "Europe/Rome"), ("РИМ", "Europe/Rome")),
        *(("Milano", "Europe/Rome"), ("europe/rome", "Europe/Rome"), ("Londra", "Europe/London")),
        *(("new york", "America/New_York"), ("Kyiv", "Europe/Kyiv"), ("Calcutta", "Asia/Calcutta")),
    ],
)
def test_a_zone_is_typed_by_its_city(text: str, zone: str) -> None:
    assert typed(text) == zone


@pytest.mark.parametrize("text", ["Atlantide", "CET", "UTC", "+3"])
def test_what_is_no_city_is_refused(text: str) -> None:
    read = typed(text)
    assert isinstance(read, Refused)
    assert [problem.kind for _, problem in read.problems] == ["no_zone"]


@pytest.mark.parametrize("zone", sorted(ZONES))
def test_each_zone_is_typed_as_it_is_shown_or_has_another_of_the_same_city(zone: str) -> None:
    for language in ("it", "en", "ru"):
        shown = typed(city(zone, language))
        assert isinstance(shown, str)
        assert city(shown, "en") == city(zone, "en")


@pytest.mark.parametrize("language", Language)
def test_a_company_that_does_not_say_is_where_its_language_is(language: Language) -> None:
    assert Profile(language=language).time_zone == HOME[language]


@pytest.mark.parametrize("address", FormOfAddress)
@pytest.mark.parametrize("language", Language)
def test_who_cannot_be_helped_is_told_how_to_reach_a_person(
    language: Language, address: FormOfAddress
) -> None:
    alone = Profile(language=language, address=address).escalation_phrase
    told = Profile(language=language, address=address, contact="+39 045 000 0142")
    assert told.escalation_phrase.startswith(f"{alone} ")
    assert told.escalation_phrase.endswith(": +39 045 000 0142")
