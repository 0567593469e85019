import json

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
        ("pause_message", 4_096),
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


# ---------------------------------------------------------------- sources


def source(name: str, text: str = "Siamo aperti.") -> dict[str, object]:
    return {"name": name, "text": text}


def test_knowledge_and_sources_have_one_limit() -> None:
    assert profile(knowledge="a" * 200_000, sources=[source("b", "b" * 200_000)]).sources
    with pytest.raises(ValidationError, match="knowledge_too_long"):
        profile(knowledge="a" * 200_000, sources=[source("b", "b" * 200_001)])


def test_so_have_those_of_a_private_assistant() -> None:
    said = {"knowledge": "a" * 200_000, "sources": [source("b", "b" * 200_000)]}
    assert profile(**said, assistants={"vip": {"knowledge": "c"}}).assistants
    with pytest.raises(ValidationError, match="knowledge_too_long"):
        profile(**said, assistants={"vip": {"knowledge": "c" * 200_001}})


@pytest.mark.parametrize("again", ["Menù.txt", "menù.TXT", " Menù.txt\n"])
def test_a_source_has_a_name_of_its_own(again: str) -> None:
    with pytest.raises(ValidationError, match="source_name_taken"):
        profile(sources=[source("Menù.txt"), source(again)])


@pytest.mark.parametrize("said", [{"name": "a"}, {"text": "a"}, source(" "), source("a", "\n")])
def test_a_source_has_a_name_and_a_text(said: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="missing"):
        profile(sources=[said])


def test_there_are_at_most_20_test_questions_and_no_blank_ones() -> None:
    asked = profile(test_questions=["A che ora\naprite? ", " ", ""]).test_questions
    assert asked == ("A che ora aprite?",)
    with pytest.raises(ValidationError):
        profile(test_questions=["Aprite?"] * 21)


# ------------------------------------------------------- private assistants


def test_a_private_assistant_is_the_public_one_under_what_it_has_for_itself() -> None:
    hotel = profile(
        company_name="Hotel Aurora",
        welcome="Buongiorno!",
        test_questions=["Aprite?"],
        assistants={"vip": {"welcome": "Bentornato!", "language": "ru"}},
    )
    vip = hotel.assistant("vip")
    assert (vip.company_name, vip.welcome) == ("Hotel Aurora", "Bentornato!")
    assert vip.waiting_message == Profile(language=Language.RU).waiting_message
    assert (vip.test_questions, vip.assistants) == ((), {})


def test_the_public_assistant_is_the_profile_itself() -> None:
    hotel = Profile(company_name="Hotel Aurora")
    assert hotel.assistant("public") is hotel


def test_an_assistant_may_have_nothing_for_itself() -> None:
    hotel = profile(company_name="Hotel Aurora", assistants={"vip": {}})
    assert Profile.model_validate_json(hotel.model_dump_json()).assistant("vip").company_name


def test_an_assistant_that_there_is_not_is_an_error() -> None:
    with pytest.raises(KeyError):
        Profile().assistant("vip")


@pytest.mark.parametrize("name", ["VIP", "v i p", "", "-vip", "a" * 33, "public", "vip\n"])
def test_an_assistants_name_fits_a_button(name: str) -> None:
    with pytest.raises(ValidationError):
        profile(assistants={name: {}})


@pytest.mark.parametrize("field", ["assistants", "test_questions", "pause_message"])
def test_what_is_the_companys_is_no_assistants(field: str) -> None:
    with pytest.raises(ValidationError):
        profile(assistants={"vip": {field: "a"}})


# ------------------------------------------------------------------ changes


def test_a_change_leaves_the_rest_as_it_was() -> None:
    before = profile(company_name="Hotel", sector="Ospitalità", welcome="Ciao!")
    after = before.changed({"company_name": "Hotel Aurora", "welcome": None})
    assert after.model_dump() == {"company_name": "Hotel Aurora", "sector": "Ospitalità"}


@given(profiles, profiles)
def test_all_of_one_profile_over_another_is_the_one(before: Profile, after: Profile) -> None:
    nothing = dict.fromkeys(Profile.model_fields)
    assert before.changed({**nothing, **after.model_dump(mode="json")}) == after


@pytest.mark.parametrize("bad", [{"pace": "fast"}, {"welcom": "Ciao"}])
def test_a_change_for_the_worse_is_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Profile().changed(bad)


def test_a_body_of_an_earlier_release_still_reads() -> None:
    stored = '{"language":"it","company_name":"Hotel Aurora","knowledge":"Siamo aperti."}'
    assert Profile.model_validate_json(stored).assistant("public").sources == ()


def test_the_texts_of_sources_stay_out_of_a_repr() -> None:
    assert "segreto" not in repr(profile(sources=[source("a", "segreto")]))


@given(profiles)
def test_a_stored_body_has_one_form(said: Profile) -> None:
    stored = said.model_dump_json()
    reordered = json.dumps(dict(reversed(json.loads(stored).items())), indent=1)
    assert Profile.model_validate_json(reordered).model_dump_json() == stored
