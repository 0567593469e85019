"""The product's own sentences, in the languages it speaks. Pure.

A text is a sentence with named `{values}`, or a `Counted`: one form for each way in which the
language counts, chosen by the value `count`.
"""

from collections.abc import Mapping

from bot.core.texts import en, it, ru
from bot.core.texts.keys import Text
from bot.core.texts.plural import choose

__all__ = ["LANGUAGES", "Text", "command_descriptions", "say"]

_SENTENCES = {"it": it.SENTENCES, "en": en.SENTENCES, "ru": ru.SENTENCES}
_COMMANDS = {"it": it.COMMANDS, "en": en.COMMANDS, "ru": ru.COMMANDS}
_FALLBACK = "en"

LANGUAGES = tuple(_SENTENCES)


def say(text: Text, language: str | None, **values: str | int) -> str:
    """The text in the language nearest to `language`, an IETF tag such as "it-IT".

    Raises KeyError when a value that the text names is missing.
    """
    spoken = _spoken(language)
    sentence = _SENTENCES[spoken][text]
    if not isinstance(sentence, str):
        sentence = choose(sentence, int(values["count"]), spoken)
    return sentence.format_map(values)


def command_descriptions(language: str | None) -> Mapping[str, str]:
    """What each command does, for Telegram's menu, in the order of the menu."""
    return _COMMANDS[_spoken(language)]


def _spoken(language: str | None) -> str:
    """The language itself, else its base, else English."""
    tag = (language or "").lower().replace("_", "-")
    candidates = (tag, tag.split("-")[0])
    return next((one for one in candidates if one in _SENTENCES), _FALLBACK)
