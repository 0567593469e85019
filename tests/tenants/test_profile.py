import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tenants.defaults import TEXTS
from tenants.profile import FormOfAddress, Language, Pace, Profile
from tests.tenants.strategies import anything, profiles

every_voice = pytest.mark.parametrize(
    ("language", "address"), [(one, other) for one in Language for other in FormOfAddress]
)


def profile(**said: object) -> Profile:
    return Profile.model_validate(said)


def test_a_company_may_say_nothing_at_all() -> None:
    silent = Profile()
    assert (silent.language, silent.address, silent.pace) == ("it", "formal", Pace.HUMAN)
    assert (silent.company_name, silent.knowledge, silent.model) == ("", "", None)
    assert silent.waiting_seconds == 5


@every_voice
def test_what_a_client_sees_defaults_to_the_profiles_language(
    language: Language, address: FormOfAddress
) -> None:
    voice = Profile(language=language, address=address)
    for field, text in TEXTS[language, address].items():
        assert getattr(voice, field) == text


@every_voice
def test_the_notice_says_plainly_that_an_ai_answers(
    language: Language, address: FormOfAddress
) -> None:
    artificial = {"it": "intelligenza artificiale", "en": "artificial intelligence (AI)"}
    words = artificial.get(language, "искусственного интеллекта")
    assert words in Profile(language=language, address=address).ai_notice


@pytest.mark.parametrize("blank", ["", "  \n\t", "\u200b \u200e", "\x00", None])
def test_a_blank_value_means_the_default(blank: str | None) -> None:
    said = profile(welcome=blank, pace=blank, waiting_seconds=blank, model=blank)
    assert said == Profile()
    assert said.model_dump() == {}


def test_a_default_follows_a_change_of_language() -> None:
    italian = Profile(company_name="Hotel Aurora")
    russian = profile(**italian.model_dump(), language="ru")
    assert russian.welcome == Profile(language=Language.RU).welcome


@pytest.mark.parametrize(
    ("tag", "spoken"),
    [("ru", "ru"), ("ru-RU", "ru"), ("IT_it", "it"), ("de", "en"), ("", "en"), (None, "it")],
)
def test_a_default_is_said_in_the_clients_language(tag: str | None, spoken: str) -> None:
    silent = Profile(address=FormOfAddress.INFORMAL)
    assert silent.text_for("welcome", tag) == TEXTS[spoken, "informal"]["welcome"]


def test_a_companys_own_words_are_the_same_for_everybody() -> None:
    assert Profile(ai_notice="Sono una IA.").text_for("ai_notice", "ru") == "Sono una IA."


@given(profiles)
def test_a_dump_holds_what_was_said_and_nothing_else(said: Profile) -> None:
    assert set(said.model_dump()) == said.model_fields_set
    again = Profile.model_validate_json(said.model_dump_json())
    assert again == said
    assert again.model_fields_set == said.model_fields_set


@given(anything)
def test_texts_have_plain_line_ends_and_nothing_that_a_database_refuses(text: str) -> None:
    knowledge = profile(knowledge=text).knowledge
    assert not {"\r", "\x00", "\x7f"} & set(knowledge)
    assert knowledge == profile(knowledge=knowledge).knowledge


def test_a_name_is_one_line() -> None:
    assert profile(company_name=" Hotel\n  Aurora ").company_name == "Hotel Aurora"


@pytest.mark.parametrize(
    ("field", "limit"),
    [
        ("company_name", 100),
        ("sector", 100),
        ("assistant_name", 100),
        ("model", 100),
        ("assistant_goal", 1_000),
        ("escalation_phrase", 1_000),
        ("welcome", 4_096),
        ("waiting_message", 4_096),
        ("ai_notice", 4_096),
        ("knowledge", 400_000),
    ],
)
def test_a_text_may_be_as_long_as_its_limit_and_no_longer(field: str, limit: int) -> None:
    assert len(getattr(profile(**{field: "a" * limit}), field)) == limit
    with pytest.raises(ValidationError):
        profile(**{field: "a" * (limit + 1)})


def test_a_bubble_is_measured_as_telegram_does() -> None:
    assert profile(welcome="🙂" * 2_048).welcome
    with pytest.raises(ValidationError):
        profile(welcome="🙂" * 2_049)


@pytest.mark.parametrize("seconds", [-1, 601, float("nan"), float("inf"), "soon"])
def test_a_waiting_time_is_a_number_of_seconds_from_0_to_600(seconds: object) -> None:
    with pytest.raises(ValidationError):
        profile(waiting_seconds=seconds)


@given(st.sampled_from(sorted(Profile.model_fields)))
def test_a_profile_never_changes(field: str) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        setattr(Profile(), field, "it")


def test_every_field_has_a_label() -> None:
    assert all(field.title for field in Profile.model_fields.values())


def test_the_knowledge_stays_out_of_a_repr() -> None:
    assert "segreto" not in repr(Profile(knowledge="segreto"))
