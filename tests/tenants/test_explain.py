import pytest
from pydantic import ValidationError

from tenants.explain import explain
from tenants.profile import Profile


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
