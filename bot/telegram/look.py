"""How a bot looks in Telegram: its name, its descriptions and its menu, by the profile."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.core.texts import LANGUAGES, command_descriptions
from bot.telegram.account import TelegramBot, publish_commands
from bot.telegram.errors import repeatable
from tenants.profile import Profile

# core.telegram.org/bots/api#setmyname, #setmydescription, #setmyshortdescription: characters
LIMITS: Final = {"name": 64, "description": 512, "short_description": 120}
MENU: Final = "menu"
Look = Mapping[str, Mapping[str, Any]]  # by what is shown and by language; "": everybody else
Keep = Callable[[Look], Awaitable[object]]


def look_of(profile: Profile) -> Look:
    """What a company's bot is to show."""
    about = ": ".join(filter(None, (profile.company_name, profile.sector)))
    menu = [[*entry] for entry in command_descriptions(profile.language).items()]
    return {
        "name": _said("name", profile.company_name),
        "description": _descriptions(profile),
        "short_description": _said("short_description", about),
        MENU: {"": menu},
    }


def missing(wanted: Look, shown: Look) -> tuple[str, ...]:
    """What is to be set, by its name: what was not set last, or was set to something else."""
    return tuple(kind for kind in wanted if _differences(kind, wanted, shown))


async def show(bot: TelegramBot, wanted: Look, shown: Look, keep: Keep) -> bool:
    """Set what differs, and `keep` each as soon as it is done; whether anything was set.

    What was never set from here is looked at first: setting a name counts against a small
    quota. Raises as Channel does; the name, which is refused most easily, comes last.
    """
    known = {kind: dict(values) for kind, values in shown.items()}
    changed = False
    for kind in (MENU, "description", "short_description", "name"):
        for language, value in _differences(kind, wanted, shown).items():
            changed |= await _set(bot, kind, language, value, known=kind in shown)
            known.setdefault(kind, {})[language] = value
            await keep(known)
    return changed


def _differences(kind: str, wanted: Look, shown: Look) -> dict[str, Any]:
    """By language; a text that is no longer wanted in one gives way to the one for all."""
    new, old = wanted.get(kind, {}), shown.get(kind, {})
    gone = {language: "" for language in old if language not in new and old[language]}
    return gone | {language: value for language, value in new.items() if old.get(language) != value}


async def _set(bot: TelegramBot, kind: str, language: str, value: Any, *, known: bool) -> bool:
    if kind == MENU:
        return bool(await publish_commands(bot, {language: [(c, d) for c, d in value]}))
    text = _TEXTS[kind]
    with repeatable():
        if not known and await text.get(bot, language or None) == value:
            return False
        await text.set(bot, value, language or None)
    return True


@dataclass(frozen=True, slots=True)
class _Text:
    get: Callable[[TelegramBot, str | None], Awaitable[str]]
    set: Callable[[TelegramBot, str, str | None], Awaitable[object]]


async def _name(bot: TelegramBot, language: str | None) -> str:
    return (await bot.get_my_name(language_code=language)).name


async def _description(bot: TelegramBot, language: str | None) -> str:
    return (await bot.get_my_description(language_code=language)).description


async def _short(bot: TelegramBot, language: str | None) -> str:
    return (await bot.get_my_short_description(language_code=language)).short_description


_TEXTS: Final = {
    "name": _Text(_name, lambda bot, text, code: bot.set_my_name(text, code)),
    "description": _Text(_description, lambda bot, text, code: bot.set_my_description(text, code)),
    "short_description": _Text(
        _short, lambda bot, text, code: bot.set_my_short_description(text, code)
    ),
}


def _said(kind: str, text: str) -> dict[str, str]:
    return {"": _fit(text, LIMITS[kind])} if text else {}


def _descriptions(profile: Profile) -> dict[str, str]:
    """The welcome and that an AI answers: what an empty chat shows. Defaults in each language."""
    by_language = {
        language: _fit(
            "\n\n".join(
                (profile.text_for("welcome", language), profile.text_for("ai_notice", language))
            ),
            LIMITS["description"],
        )
        for language in LANGUAGES
    }
    own = by_language[profile.language]
    others = {language: text for language, text in by_language.items() if text != own}
    return {"": own, **others}


def _fit(text: str, most: int) -> str:
    """At most so many UTF-16 units, cut at a space."""
    if len(text.encode("utf-16-le")) // 2 <= most:
        return text
    cut = text.encode("utf-16-le")[: 2 * (most - 1)].decode("utf-16-le", "ignore")
    return f"{cut.rsplit(maxsplit=1)[0]}…"
