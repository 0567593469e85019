from hypothesis import given
from hypothesis import strategies as st

from bot.core.texts import LANGUAGES
from bot.telegram.admin.fields import (
    VOCABULARY,
    choice,
    expected,
    label,
    shown,
    worded,
)
from tenants.fields import FIELDS, normal
from tenants.form import EXPORT
from tenants.profile import Profile
from tenants.values import Kind
from tests.tenants.strategies import profiles

languages = st.sampled_from(LANGUAGES)


def test_no_two_fields_are_called_the_same() -> None:
    called = {
        (normal(label(name, one)), name) for name in Profile.model_fields for one in LANGUAGES
    }
    assert len({name for name, _ in called}) == len(called)
    own = {normal(name): name for name in Profile.model_fields}
    assert all(own.get(word, name) == name for word, name in called)
    assert all(VOCABULARY.field_called(word) == name for word, name in called)
    assert VOCABULARY.field_called(EXPORT) is None


def test_no_two_choices_are_called_the_same() -> None:
    for field in FIELDS.values():
        called = {
            (normal(choice(one, spoken)), one) for one in field.choices for spoken in LANGUAGES
        }
        assert len({word for word, _ in called}) == len(called)
        assert all(VOCABULARY.choice_called(field, word) == one for word, one in called)


def test_the_limits_that_are_told_are_those_that_count() -> None:
    for name, asked in FIELDS.items():
        if asked.kind in (Kind.LINE, Kind.TEXT, Kind.MESSAGE):
            assert len(getattr(Profile(**{name: "a" * asked.limit}), name)) == asked.limit
    assert "1,000" in expected("assistant_goal", "en")


@given(profiles, st.sampled_from(sorted(Profile.model_fields)), languages)
def test_a_value_is_shown_in_about_as_many_characters_as_there_is_room_for(
    profile: Profile, name: str, language: str
) -> None:
    assert len(shown(profile, name, language, longest=40)) < 120


def test_a_default_is_told_apart_from_what_was_said() -> None:
    said = Profile(welcome="Ciao!")
    assert shown(said, "welcome", "en", longest=40) == "Ciao!"
    assert shown(said, "pace", "en", longest=40) == "natural (our suggestion)"
    assert shown(said, "knowledge", "en", longest=40) == "—"
    assert shown(said, "model", "en", longest=40) == "the service’s (our suggestion)"


def test_times_are_told_in_words() -> None:
    said = Profile(waiting_seconds=0, retention_days=1)
    assert shown(said, "waiting_seconds", "en", longest=40) == "never"
    assert shown(said, "retention_days", "en", longest=40) == "1 day"
    assert worded("retention_days", "180", "ru") == "180 дней"
    assert worded("retention_days", "0", "it") == "per sempre"
    assert worded("waiting_seconds", "8.0", "it") == "8 s"


def test_tools_are_told_as_people_call_them() -> None:
    said = Profile(tools=("opening_hours", "book_table"))
    assert shown(said, "tools", "en", longest=40) == "book_table\nHours by date"
    assert worded("tools", "book_table\nrecall", "it") == "book_table; Che cosa ricorda"


def test_of_a_long_value_the_beginning_is_shown() -> None:
    said = Profile(knowledge="a" * 50)
    assert shown(said, "knowledge", "ru", longest=10) == "aaaaaaaaaa…"


def test_no_two_fields_have_one_place_on_the_card() -> None:
    assert len({field.place for field in FIELDS.values()}) == len(FIELDS)
