"""The product's own sentences, in the languages it speaks. Pure once imported."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bot.core.texts.catalogue import Catalogues
from bot.core.texts.client import Menu, Text
from bot.core.texts.key import Key

__all__ = ["LANGUAGES", "Key", "Text", "command_descriptions", "nearest", "say"]

# Read while importing: later, reading a file would hold up the event loop.
_CATALOGUES: Final = Catalogues.read(Path(__file__).with_name("catalogues"))

LANGUAGES: Final = tuple(_CATALOGUES.languages)


def say(text: Key, language: str | None, **values: object) -> str:
    """The text in the language nearest to `language`, an IETF tag such as "it-IT".

    The values take the place of the text's variables; `count` chooses the plural form.
    """
    return _CATALOGUES.say(text, language, values)


def nearest(language: str | None) -> str:
    """The one of LANGUAGES that is spoken to somebody whose IETF tag is `language`."""
    return _CATALOGUES.nearest(language)


def command_descriptions(language: str | None) -> Mapping[str, str]:
    """What each command does, for Telegram's menu, in the order of the menu."""
    return {command.value: say(command, language) for command in Menu}
