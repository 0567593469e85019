import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.core.texts import LANGUAGES, say
from bot.core.texts.problems import Problems
from bot.telegram.admin.problems import sentence, told
from tenants.explain import Problem, problems_of
from tenants.fields import FIELDS
from tenants.form import Form, Refused
from tenants.profile import Profile, Source

NAMES = [*Profile.model_fields, *Source.model_fields, "vip"]
wild = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), inner, max_size=3)
    ),
)


def found(said: object) -> tuple[Problem, ...]:
    try:
        Profile.model_validate(said)
    except ValidationError as error:
        return problems_of(error)
    return ()


@given(st.dictionaries(st.sampled_from(NAMES), wild, max_size=4), st.sampled_from(LANGUAGES))
def test_each_problem_of_a_profile_has_a_sentence_of_its_own(
    said: dict[str, object], language: str
) -> None:
    problems = found(said)
    sentences = [sentence(problem, language) for problem in problems]
    other = say(Problems.OTHER, language, where="")
    assert not [one for one in sentences if one.endswith(other)]


@given(st.text(max_size=80), st.sampled_from(LANGUAGES))
def test_each_problem_of_what_is_typed_has_a_sentence(words: str, language: str) -> None:
    for read in (Form(Profile()).command(words), Form(Profile()).document(words)):
        if isinstance(read, Refused):
            assert all(told(read.problems, language))


# Of hours the words that were not understood are named.
@given(st.sampled_from(sorted(FIELDS.keys() - {"opening_hours"})), st.text(max_size=80))
def test_a_value_that_is_refused_is_not_repeated(name: str, text: str) -> None:
    secret = f"zafferano {text}"
    read = Form(
        Profile(),
    ).answer(name, secret)
    if isinstance(read, Refused):
        assert not [one for one in told(read.problems, "it") if "zafferano" in one]


@pytest.mark.parametrize(
    ("said", "russian"),
    [
        ({"pace": "fast"}, "Темп: выберите одно из: естественный, быстрый, без пауз"),
        (
            {"assistants": {"vip": {"sources": [{"name": "a"}]}}},
            "Закрытые ассистенты, vip: Источники, 1: Текст: не хватает, добавьте.",
        ),
        (
            {"assistants": {"vip": {"langage": "it"}}},
            "Поля «langage» нет. Вы имели в виду «language»?",
        ),
        ([], "Здесь нужна таблица полей и значений."),
        ({"knowledge": "a" * 400_001}, "Знания: сократите текст до 400\u00a0000 символов."),
        (
            {"welcome": "🙂" * 3_000},
            "Приветствие: сократите текст с 6\u00a0000 до 4\u00a0096 символов (эмодзи считается",
        ),
        ({"sources": [{"name": "Меню", "text": "а"}] * 2}, "Источники: «Меню» встречается дважды"),
    ],
)
def test_a_problem_is_told_where_it_is(said: object, russian: str) -> None:
    (problem,) = found(said)
    assert sentence(problem, "ru").startswith(russian)
