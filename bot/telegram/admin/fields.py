"""A profile's fields as admins read them: their names, their values, what is expected."""

from collections.abc import Mapping
from typing import Final

from bot.core.figures import number
from bot.core.texts import LANGUAGES, Key, say
from bot.core.texts.profile import Configure, Fields
from tenants.fields import FIELDS, Vocabulary, normal
from tenants.profile import Profile, Source
from tenants.values import Kind

ELLIPSIS: Final = "…"

_UNITS: Final[Mapping[Kind, Key]] = {
    Kind.SECONDS: Configure.SECONDS,
    Kind.DAYS: Configure.DAYS,
}


def label(name: str, language: str) -> str:
    """What a field is called; one that is no field any more keeps its name."""
    known = name in Profile.model_fields or name in Source.model_fields
    return say(Fields(f"label_{name}"), language) if known else name


def expected(name: str, language: str) -> str:
    """What to send for a field, with an example."""
    limit = number(FIELDS[name].limit, language)
    return say(Fields(f"expect_{name}"), language, limit=limit)


def choices_of(name: str) -> tuple[str, ...]:
    """What may be chosen for a field; nothing for one that is typed."""
    return FIELDS[name].choices if name in FIELDS else ()


def choice(value: str, language: str) -> str:
    """What a choice is called."""
    return say(Fields(f"choice_{value}"), language)


# Fields and choices may be called as any of the product's languages has them.
VOCABULARY: Final = Vocabulary(
    fields={
        normal(label(name, language)): name
        for name in Profile.model_fields
        for language in LANGUAGES
    },
    choices={
        field.name: {
            normal(choice(value, language)): value
            for value in field.choices
            for language in LANGUAGES
        }
        for field in FIELDS.values()
    },
)


def shown(profile: Profile, name: str, language: str, *, longest: int) -> str:
    """A field's value, told apart from a default, in about `longest` characters."""
    if name in profile.model_fields_set:
        return cut(_value(profile, name, language), longest, language)
    if name in FIELDS and FIELDS[name].host:
        return say(Configure.BY_DEFAULT, language, value=say(Fields(f"host_{name}"), language))
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
    kind = FIELDS[name].kind if name in FIELDS else None
    match kind:
        case Kind.CHOICE:
            return choice(value, language)
        case Kind.SECONDS | Kind.DAYS:
            return say(_UNITS[kind], language, number=f"{value:g}")
        case Kind.LINES:
            return "\n".join(value)
        case Kind.LINE | Kind.TEXT | Kind.MESSAGE:
            return str(value)
        case None:  # several, each with a name
            return ", ".join(getattr(one, "name", one) for one in value)
