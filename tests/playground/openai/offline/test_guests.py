"""What guests ask in three languages, and what a person would accept as an answer."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tenants import presets
from tenants.profile import Profile
from tests.playground.openai.offline.talk import Talk

FOLDER = Path(__file__).parent / "guests"
LANGUAGES = ("it", "en", "ru")
ODD = (".csv", ".md", ".xlsx", ";", "|", "⟦", "**", "_")  # no person would write them in a chat
GREETINGS = ("buongiorno", "hello", "здравствуйте")
FAMILIAR = (" ti ", " tuo", " puoi ", "vuoi ", "dimmi", " тебе ", " ты ", "хочешь")


@dataclass(frozen=True)
class Question:
    """What a guest asks, and what the answer must have."""

    profile: Profile
    language: str
    asks: tuple[str, ...]
    before: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    unknown: bool = False

    def answered(self) -> tuple[str, ...]:
        """The bubbles that a guest of the language gets."""
        talk = Talk(self.profile, self.language)
        for said in self.before:
            talk.say(said)
        return talk.say(*self.asks)


def read(language: str) -> Iterator[Question]:
    """The questions of a language."""
    found = tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))
    own = {name: Profile.model_validate(said) for name, said in found["company"].items()}
    for one in found["question"]:
        company = one.pop("company")
        profile = own.get(company) or presets.load(company)
        unknown = one.pop("unknown", False)
        said = {key: tuple(value) for key, value in one.items()}
        yield Question(profile, language, unknown=unknown, **said)


QUESTIONS = [question for language in LANGUAGES for question in read(language)]
every_question = pytest.mark.parametrize(
    "question",
    QUESTIONS,
    ids=[" ".join((f"{one.language}:", *one.before, one.asks[-1])) for one in QUESTIONS],
)


def escalation(question: Question) -> str:
    """How the company sends the guest to a person, in the guest's language."""
    if question.profile == presets.load("hotel-aurora") and question.language != "it":
        return presets.load(f"hotel-aurora-{question.language}").escalation_phrase
    return question.profile.escalation_phrase


@every_question
def test_a_person_would_accept_the_answer(question: Question) -> None:
    bubbles = question.answered()
    said = " ".join(bubbles).casefold()

    if question.unknown:
        assert bubbles[-1] == escalation(question), bubbles
    for wanted in question.has:
        assert any(one.casefold() in said for one in wanted.split("|")), bubbles
    assert not [one for one in question.lacks if one.casefold() in said], bubbles
    places = [said.find(one.casefold()) for one in question.order]
    assert -1 not in places, bubbles
    assert places == sorted(places), bubbles


@every_question
def test_the_answer_is_one_that_a_person_would_write(question: Question) -> None:
    bubbles = question.answered()
    said = " ".join(bubbles).casefold()

    assert 1 <= len(bubbles) <= 3
    assert all(bubble.count("?") <= 1 for bubble in bubbles)
    assert not [one for one in ODD if one in said], bubbles
    assert sum(said.count(one) for one in GREETINGS) <= (0 if question.before else 1), bubbles
    if question.profile.address == "formal":
        assert not [one for one in FAMILIAR if one in f" {said} "], bubbles


@every_question
def test_a_guest_is_answered_in_the_language_of_the_question(question: Question) -> None:
    said = " ".join(question.answered())
    cyrillic = sum("а" <= char <= "я" for char in said.casefold())
    latin = sum("a" <= char <= "z" for char in said.casefold())

    if question.language == "ru":
        assert cyrillic > latin, said
    else:
        assert not cyrillic, said
    foreign = {"it": (" the ", " is "), "en": (" della ", " il ", " e "), "ru": (" the ", " il ")}
    assert not [one for one in foreign[question.language] if one in said.casefold()], said
