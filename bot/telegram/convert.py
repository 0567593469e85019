"""The model's Markdown as messages: text and entities, never a word less than written."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Final

from telegramify_markdown import MessageEntity, RenderConfig
from telegramify_markdown.converter import EventWalker

from bot.ports import Rendered
from bot.telegram.guards import escape_unmeant, is_link, keeps_letters
from bot.telegram.split import MESSAGE_UNITS, split
from bot.telegram.wire import utf16_length, writable

LONGEST: Final = 16_384  # characters; what is longer is shown as it is

# Without one of these the text is shown as it is: lists, `<`, prices and addresses included.
_MARKUP: Final = re.compile(
    r"[*_`\[\\|]|~~|&[#\w]+;|^ {0,3}(?:#|>|-[ -]*-[ -]*-|=+\s*$)", re.MULTILINE
)


def _plain_symbols() -> RenderConfig:
    config = RenderConfig.isolated()
    symbols = config.markdown_symbol
    symbols.heading_level_1 = symbols.heading_level_2 = ""
    symbols.heading_level_3 = symbols.heading_level_4 = ""
    symbols.image = ""
    symbols.unordered_list_item = "-"
    return config


_CONFIG: Final = _plain_symbols()


def render(markdown: str, *, mark: str = "") -> tuple[Rendered, ...]:
    """The messages that show a text, each within Telegram's limit; none if it shows nothing.

    `mark` stands before each of them, as plain text.
    """
    text, entities = _converted(writable(markdown))
    room = utf16_length(mark)
    parts = split(text, entities, limit=MESSAGE_UNITS - room)
    return tuple(Rendered(mark + one.text, _as_json(one.entities, after=room)) for one in parts)


def _converted(markdown: str) -> tuple[str, Sequence[MessageEntity]]:
    """Text and entities; the Markdown itself when a conversion would lose a word of it."""
    if len(markdown) > LONGEST or not _MARKUP.search(markdown):
        return markdown, ()
    if (meant := escape_unmeant(markdown)) is None:
        return markdown, ()
    # Not `convert`: it would parse again, and look for spoilers, which no model means.
    text, entities, _ = EventWalker(_CONFIG, meant.source).walk(meant.events)
    if not keeps_letters(meant, text):
        return markdown, ()
    return text, tuple(entity for entity in entities if _is_wanted(entity))


def _is_wanted(entity: MessageEntity) -> bool:
    """Headings are bold and not underlined as well; an address is found by Telegram itself."""
    if entity.type == "text_link":
        return is_link(entity.url or "")
    return entity.type != "underline"


def _as_json(entities: Iterable[MessageEntity], *, after: int) -> str | None:
    ordered = sorted(entities, key=lambda entity: (entity.offset, -entity.length))
    if not ordered:
        return None
    fields = [entity.to_dict() | {"offset": entity.offset + after} for entity in ordered]
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
