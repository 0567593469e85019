"""Addresses and numbers in a text, which Telegram's apps find by themselves. Pure."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from bot.core.json_text import to_json
from bot.ports import Rendered

# As entities of Telegram are called. A number without its country's may be a price or a date.
_FOUND: Final = re.compile(
    r"(?P<url>https?://[^\s<>\"«»]*[^\s<>\"«».,;:!?)\]}’”…*])"
    r"|(?P<email>[\w.%+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,})"
    r"|(?P<phone_number>(?<![\w+])\+\d(?:[\u00a0 ().-]{0,2}\d){6,14}(?![\d]))"
)
_OWN_MEANING: Final = frozenset({"text_link", "code", "pre", "bot_command"})


def tappable(rendered: Rendered) -> Rendered:
    """The same, with what can be tapped in it as entities, where nothing else can."""
    given: list[dict[str, Any]] = json.loads(rendered.entities) if rendered.entities else []
    found = [*_found(rendered.text, [one for one in given if one["type"] in _OWN_MEANING])]
    return replace(rendered, entities=to_json([*given, *found])) if found else rendered


def _found(text: str, taken: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for match in _FOUND.finditer(text):
        start, length = _units(text[: match.start()]), _units(match[0])
        is_free = all(
            start + length <= one["offset"] or one["offset"] + one["length"] <= start
            for one in taken
        )
        if is_free:
            yield {"type": match.lastgroup, "offset": start, "length": length}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
