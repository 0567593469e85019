import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tenants.explain import explain
from tenants.profile import Profile, Source

NAMES = [*Profile.model_fields, *Source.model_fields, "vip"]


def problems(said: object) -> tuple[str, ...]:
    with pytest.raises(ValidationError) as refused:
        Profile.model_validate(said)
    return explain(refused.value)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("language", "fr", "Language: choose one of 'it', 'en' or 'ru'."),
        ("pace", "fast", "Pace: choose one of 'human', 'brisk' or 'off'."),
        ("sector", 3, "Sector: write it as text, in quotes."),
        ("sector", "a" * 101, "Sector: shorten it to at most 100 characters."),
        ("knowledge", "a" * 400_001, "Knowledge: shorten it to at most 400,000 characters."),
        (
            "welcome",
            "🙂" * 3_000,
            "Welcome: shorten it from 6,000 to at most 4,096 characters (an emoji counts as two).",
        ),
        ("waiting_seconds", "soon", "Waiting time: give a number."),
        ("waiting_seconds", [], "Waiting time: give a number."),
        ("waiting_seconds", float("nan"), "Waiting time: give a number."),
        ("waiting_seconds", -1, "Waiting time: give a number not below 0."),
        ("waiting_seconds", 601, "Waiting time: give a number not above 600."),
        ("test_questions", ["a"] * 21, "Test questions: keep at most 20."),
        ("test_questions", "Aprite?", "Test questions: write it as a list."),
        (
            "test_questions",
            ["a", "b" * 501],
            "Test questions, 2: shorten it to at most 500 characters.",
        ),
        ("sources", [3], "Sources, 1: write it as a table of fields and their values."),
        ("sources", [{"text": "a"}], "Sources, 1: Name: write it, it may not be left out."),
        (
            "sources",
            [{"name": "Menù", "text": "a"}] * 2,
            "Sources: give each a name of its own, “Menù” is there twice.",
        ),
        (
            "sources",
            [{"name": "a", "text": "a", "txt": "b"}],
            "Sources, 1: “txt” is not a field of a source: did you mean “text”?",
        ),
        (
            "sources",
            [{"name": name, "text": "a" * 300_000} for name in "ab"],
            "Sources: shorten the knowledge and its sources from 600,000 to at most 400,000"
            " characters together.",
        ),
        ("assistants", "vip", "Private assistants: write it as a table."),
        (
            "assistants",
            {"vip": {"sources": [{"name": "a"}]}},
            "Private assistants, vip: Sources, 1: Text: write it, it may not be left out.",
        ),
        (
            "assistants",
            {"vip": {"langage": "it"}},
            "Private assistants, vip: “langage” is not a field of a profile: did you mean"
            " “language”?",
        ),
        (
            "assistants",
            {"VIP": {}},
            "Private assistants, VIP: use 1 to 32 small letters (a-z), digits, “-” and “_”, with a"
            " letter or a digit first.",
        ),
        (
            "assistants",
            {"public": {}},
            "Private assistants: take another name, “public” is the assistant that needs no access"
            " code.",
        ),
        ("welcom", "Ciao", "“welcom” is not a field of a profile: did you mean “welcome”?"),
    ],
)
def test_an_error_is_a_sentence_that_says_what_to_do(
    field: str, value: object, sentence: str
) -> None:
    assert problems({field: value}) == (sentence,)


def test_a_field_like_no_other_is_answered_with_all_that_there_are() -> None:
    (sentence,) = problems({"zzz": 1})
    assert sentence.startswith("“zzz” is not a field of a profile: remove it, or use one of")
    assert all(field in sentence for field in Profile.model_fields)


def test_each_thing_to_mend_is_said_once() -> None:
    said = {"language": "fr", "waiting_seconds": 601}
    assert len(problems(said)) == 2


def test_what_is_no_table_is_no_profile() -> None:
    assert problems(["it"]) == ("A profile is a table of fields and their values.",)


wild = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), inner, max_size=3)
    ),
)


@given(st.dictionaries(st.sampled_from(NAMES), wild, max_size=4))
def test_whatever_is_wrong_is_a_sentence(said: dict[str, object]) -> None:
    found: tuple[str, ...] = ()
    try:
        Profile.model_validate(said)
    except ValidationError as error:
        found = explain(error)
    assert all(sentence.endswith((".", "?")) for sentence in found)
    assert not any("in another way" in sentence for sentence in found)
