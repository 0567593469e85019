"""The product's own sentences, in the languages it speaks. Pure."""

from collections.abc import Mapping

from bot.core.texts import en, it, ru
from bot.core.texts.keys import Text

__all__ = ["LANGUAGES", "Text", "command_descriptions", "say"]

_SENTENCES = {"it": it.SENTENCES, "en": en.SENTENCES, "ru": ru.SENTENCES}
_COMMANDS = {"it": it.COMMANDS, "en": en.COMMANDS, "ru": ru.COMMANDS}
_FALLBACK = "en"

LANGUAGES = tuple(_SENTENCES)


def say(text: Text, language: str | None) -> str:
    """The text in the language nearest to `language`, an IETF tag such as "it-IT"."""
    return _SENTENCES[_spoken(language)][text]


def command_descriptions(language: str | None) -> Mapping[str, str]:
    """What each command does, for Telegram's menu, in the order of the menu."""
    return _COMMANDS[_spoken(language)]


def _spoken(language: str | None) -> str:
    """The language itself, else its base, else English."""
    tag = (language or "").lower().replace("_", "-")
    candidates = (tag, tag.split("-")[0])
    return next((one for one in candidates if one in _SENTENCES), _FALLBACK)
