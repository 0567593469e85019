"""A profile's fields as admins read them: their names, their values, what is expected."""

from math import ceil
from typing import Final

from pydantic import ValidationError

from bot.core.figures import number
from bot.core.texts import LANGUAGES, nearest, say
from bot.core.texts.cities import cities, zones_by_city
from bot.core.texts.profile import Configure, Fields
from bot.core.texts.tools import Tools
from tenants.fields import FIELDS, Vocabulary, normal
from tenants.profile import Profile, Source
from tenants.values import NO_TOOLS, Kind

ELLIPSIS: Final = "…"


def city(zone: str, language: str) -> str:
    """The city that a time zone is named after."""
    return _CITIES[nearest(language)][zone]


def label(name: str, language: str) -> str:
    """What a field is called; one that is no field any more keeps its name."""
    known = name in Profile.model_fields or name in Source.model_fields
    return say(Fields(f"label_{name}"), language) if known else name


def tool(name: str, language: str) -> str:
    """What a tool is called; a host's own goes by its name."""
    return say(Tools(name), language) if does(name, language) else name


def does(name: str, language: str) -> str:
    """What a tool of ours does, as people say it; "" for a host's own."""
    known = Tools.__members__.get(f"{name}_does".upper())
    return say(known, language) if known else ""


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


_CITIES: Final = {language: cities(language) for language in LANGUAGES}

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
    }
    | {"time_zone": {normal(name): zone for name, zone in zones_by_city(_CITIES).items()}},
)


def worded(name: str, kept: str, language: str) -> str:
    """A short value as a trail of changes keeps it, in words; one that fits no more as it is."""
    match FIELDS[name].kind if name in FIELDS else None:
        case Kind.CHOICE | Kind.ZONE | Kind.HOURS | Kind.SECONDS | Kind.DAYS | Kind.TOOLS:
            try:
                profile = Profile.model_validate({name: kept})
            except ValidationError:
                return kept
            return "; ".join(_value(profile, name, language).splitlines())
        case _:
            return kept


def shown(profile: Profile, name: str, language: str, *, longest: int) -> str:
    """A field's value, told apart from a default, in about `longest` characters."""
    value, is_said = (
        brief(profile, name, language, longest=longest),
        name in profile.model_fields_set,
    )
    suggested = getattr(profile, name) or _is_hosts(name)
    return value if is_said or not suggested else say(Configure.BY_DEFAULT, language, value=value)


def brief(profile: Profile, name: str, language: str, *, longest: int) -> str:
    """A field's value alone, be it said or suggested."""
    is_said = name in profile.model_fields_set
    if not is_said and _is_hosts(name):
        return say(Fields(f"host_{name}"), language)
    if not is_said and not getattr(profile, name):
        return say(Configure.NOT_SET, language)
    return cut(_value(profile, name, language), longest)


def cut(text: str, longest: int) -> str:
    """A text that is too long: its beginning."""
    return text if len(text) <= longest else text[:longest].rstrip() + ELLIPSIS


def _is_hosts(name: str) -> bool:
    """Whether what is suggested for a field is the host's."""
    return name in FIELDS and bool(FIELDS[name].host)


def _value(profile: Profile, name: str, language: str) -> str:
    value = getattr(profile, name)
    if name not in FIELDS:  # several, each with a name
        return ", ".join(getattr(one, "name", one) for one in value)
    kind, told = FIELDS[name].kind, ""
    match kind:
        case Kind.CHOICE:
            told = choice(value, language)
        case Kind.SECONDS:
            told = say(
                Configure.SECONDS if value else Configure.NEVER, language, number=f"{value:g}"
            )
        case Kind.DAYS:
            days = {"count": ceil(value), "number": f"{value:g}"}
            told = say(Configure.DAYS if value else Configure.FOR_EVER, language, **days)
        case Kind.LINES:
            told = "\n".join(value)
        case Kind.TOOLS:
            named = (tool(one, language) for one in value)
            told = say(Tools.NONE, language) if value == (NO_TOOLS,) else "\n".join(named)
        case Kind.ZONE:
            told = city(value, language)
        case Kind.HOURS:
            told = "\n".join(profile.hours_in(language))
        case Kind.LINE | Kind.TEXT | Kind.MESSAGE:
            told = str(value)
    return told
