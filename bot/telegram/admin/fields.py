"""A profile's fields as admins read them: their names, their values, what is expected."""

from collections.abc import Mapping
from typing import Final

from bot.core.figures import number
from bot.core.texts import LANGUAGES, Key, say
from bot.core.texts.configure import Configure
from bot.core.texts.fields import Fields
from tenants.fields import FIELDS, Vocabulary, normal
from tenants.profile import Profile

ELLIPSIS: Final = "…"

LABELS: Final[Mapping[str, Key]] = {
    "company_name": Fields.LABEL_COMPANY_NAME,
    "sector": Fields.LABEL_SECTOR,
    "assistant_name": Fields.LABEL_ASSISTANT_NAME,
    "assistant_goal": Fields.LABEL_ASSISTANT_GOAL,
    "language": Fields.LABEL_LANGUAGE,
    "address": Fields.LABEL_ADDRESS,
    "knowledge": Fields.LABEL_KNOWLEDGE,
    "sources": Fields.LABEL_SOURCES,
    "escalation_phrase": Fields.LABEL_ESCALATION_PHRASE,
    "welcome": Fields.LABEL_WELCOME,
    "ai_notice": Fields.LABEL_AI_NOTICE,
    "waiting_message": Fields.LABEL_WAITING_MESSAGE,
    "waiting_seconds": Fields.LABEL_WAITING_SECONDS,
    "pace": Fields.LABEL_PACE,
    "pause_message": Fields.LABEL_PAUSE_MESSAGE,
    "retention_days": Fields.LABEL_RETENTION_DAYS,
    "model": Fields.LABEL_MODEL,
    "test_questions": Fields.LABEL_TEST_QUESTIONS,
    "assistants": Fields.LABEL_ASSISTANTS,
    "name": Fields.LABEL_NAME,  # these three are a source's
    "text": Fields.LABEL_TEXT,
    "added_at": Fields.LABEL_ADDED_AT,
}
EXPECTED: Final[Mapping[str, Key]] = {
    "company_name": Fields.EXPECT_COMPANY_NAME,
    "sector": Fields.EXPECT_SECTOR,
    "assistant_name": Fields.EXPECT_ASSISTANT_NAME,
    "assistant_goal": Fields.EXPECT_ASSISTANT_GOAL,
    "language": Fields.EXPECT_LANGUAGE,
    "address": Fields.EXPECT_ADDRESS,
    "knowledge": Fields.EXPECT_KNOWLEDGE,
    "escalation_phrase": Fields.EXPECT_ESCALATION_PHRASE,
    "welcome": Fields.EXPECT_WELCOME,
    "ai_notice": Fields.EXPECT_AI_NOTICE,
    "waiting_message": Fields.EXPECT_WAITING_MESSAGE,
    "waiting_seconds": Fields.EXPECT_WAITING_SECONDS,
    "pace": Fields.EXPECT_PACE,
    "pause_message": Fields.EXPECT_PAUSE_MESSAGE,
    "retention_days": Fields.EXPECT_RETENTION_DAYS,
    "model": Fields.EXPECT_MODEL,
    "test_questions": Fields.EXPECT_TEST_QUESTIONS,
}
CHOICES: Final[Mapping[str, Mapping[str, Key]]] = {
    "language": {"it": Fields.CHOICE_IT, "en": Fields.CHOICE_EN, "ru": Fields.CHOICE_RU},
    "address": {"formal": Fields.CHOICE_FORMAL, "informal": Fields.CHOICE_INFORMAL},
    "pace": {
        "human": Fields.CHOICE_HUMAN,
        "brisk": Fields.CHOICE_BRISK,
        "off": Fields.CHOICE_OFF,
    },
}

# Of which the default is the host's.
HOSTS: Final[Mapping[str, Key]] = {
    "model": Configure.HOST_MODEL,
    "retention_days": Configure.HOST_RETENTION,
}

UNITS: Final[Mapping[str, Key]] = {
    "waiting_seconds": Configure.SECONDS,
    "retention_days": Configure.DAYS,
}

# Fields and choices may be called as any of the product's languages has them.
VOCABULARY: Final = Vocabulary(
    fields={
        normal(say(LABELS[name], language)): name
        for name in Profile.model_fields
        for language in LANGUAGES
    },
    choices={
        name: {
            normal(say(text, language)): choice
            for choice, text in choices.items()
            for language in LANGUAGES
        }
        for name, choices in CHOICES.items()
    },
)


def label(name: str, language: str) -> str:
    """What a field is called; one without a name of ours keeps its own."""
    return say(LABELS[name], language) if name in LABELS else name


def expected(name: str, language: str) -> str:
    """What to send for a field, with an example."""
    return say(EXPECTED[name], language, limit=number(FIELDS[name].limit, language))


def choice(name: str, value: str, language: str) -> str:
    """What a choice of a field is called."""
    return say(CHOICES[name][value], language)


def shown(profile: Profile, name: str, language: str, *, longest: int) -> str:
    """A field's value, told apart from a default, in about `longest` characters."""
    if name in profile.model_fields_set:
        return cut(_value(profile, name, language), longest, language)
    if name in HOSTS:
        return say(Configure.BY_DEFAULT, language, value=say(HOSTS[name], language))
    if not getattr(profile, name):
        return say(Configure.NOT_SET, language)
    value = _value(profile, name, language)
    short = value if len(value) <= longest else _beginning(value, longest)
    return say(Configure.BY_DEFAULT, language, value=short)


def cut(text: str, longest: int, language: str) -> str:
    """A text that is too long: its beginning, and how long it is."""
    if len(text) <= longest:
        return text
    short, size = _beginning(text, longest), len(text)
    return say(Configure.CHARACTERS, language, value=short, count=size, size=number(size, language))


def _beginning(text: str, longest: int) -> str:
    return text[:longest].rstrip() + ELLIPSIS


def _value(profile: Profile, name: str, language: str) -> str:
    value = getattr(profile, name)
    match name:
        case "language" | "address" | "pace":
            return choice(name, value, language)
        case "waiting_seconds" | "retention_days":
            return say(UNITS[name], language, number=f"{value:g}")
        case "sources":
            return ", ".join(source.name for source in value)
        case "assistants":
            return ", ".join(value)
        case "test_questions":
            return "\n".join(value)
        case _:
            return str(value)
