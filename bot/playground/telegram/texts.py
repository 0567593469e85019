"""Texts and their entities, as Telegram's server treats them. Offsets count UTF-16 units.

Sources: core.telegram.org/bots/api#messageentity; the wordings are those of the live API. The
server answers `entities` that leave the text with an error (it does not drop them); a text_link
whose URL it cannot use is dropped.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from bot.playground.telegram.errors import bad_request
from bot.playground.telegram.records import Json

TEXT_LIMIT: Final = 4_096
CAPTION_LIMIT: Final = 1_024
ENTITIES_LIMIT: Final = 100
FARTHEST_OFFSET: Final = 1_000_000
BLANKS: Final = " \n\t\r\v\f\x00"
SCHEMES_WITH_HOST: Final = ("http", "https")
OTHER_SCHEMES: Final = ("tg", "ton", "tonsite")

FORMATS: Final = frozenset(
    {
        *("bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre"),
        *("blockquote", "expandable_blockquote", "text_link", "text_mention", "custom_emoji"),
    }
)
DETECTED: Final = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}
)
REQUIRED_FIELDS: Final = {
    "text_link": "url",
    "text_mention": "user",
    "custom_emoji": "custom_emoji_id",
}
PATTERN: Final = re.compile(
    r"(?P<url>(?:https?://|(?<![\w.@/])t\.me/)[^\s<>\"]+[^\s<>\".,;:!?)\]'])"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,})"
    r"|(?<![\w/<>])(?P<bot_command>/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?)(?![\w/<>])"
    r"|(?<!\w)(?P<mention>@[a-zA-Z0-9_]{4,32})(?!\w)"
    r"|(?<!\w)(?P<hashtag>\#\w*[^\W\d]\w*)"
)


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text as the server stores it."""

    text: str
    entities: list[Json]


def units(text: str) -> int:
    """How many UTF-16 units a text has."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def slice_units(text: str, offset: int, length: int) -> str:
    """A part of a text by UTF-16 units."""
    return text.encode("utf-16-le")[offset * 2 : (offset + length) * 2].decode("utf-16-le")


def format_text(text: str, entities: list[Json]) -> Formatted:
    """What a message keeps of the text and entities a bot sent.

    Blanks at both ends go (those before the first entity only), unusable links are dropped, and
    commands, mentions, links and the like are found. Raises ApiError as the API does.
    """
    if not text:
        raise bad_request("message text is empty")
    formatted = _trim(text, _check_entities(text, entities))
    if not formatted.text:
        raise bad_request("text must be non-empty")
    if units(formatted.text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return formatted


def format_caption(text: str, entities: list[Json]) -> Formatted:
    """The same for a caption, which may be empty."""
    formatted = _trim(text, _check_entities(text, entities))
    if units(formatted.text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return formatted


def detect_entities(text: str) -> list[Json]:
    """The entities that a text has by itself: commands, mentions, hashtags, links, addresses."""
    return [
        {
            "type": str(found.lastgroup),
            "offset": units(text[: found.start()]),
            "length": units(found.group()),
        }
        for found in PATTERN.finditer(text)
    ]


def _check_entities(text: str, entities: list[Json]) -> list[Json]:
    if not entities:
        return []
    for entity in entities:
        _check_fields(entity)
        if entity["length"]:
            _check_ends(entity, text)
    kept = [_normalise(entity) for entity in entities if entity["length"] > 0]
    used = [entity for entity in kept if entity["type"] in FORMATS and _is_usable(entity)]
    return used[:ENTITIES_LIMIT]


def _check_fields(entity: Json) -> None:
    kind = str(entity.get("type"))
    if kind not in FORMATS and kind not in DETECTED:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    required = REQUIRED_FIELDS.get(kind)
    for name in ("offset", "length", *((required,) if required else ())):
        if name not in entity:
            raise bad_request(f"can't parse MessageEntity: Can't find field \"{name}\"")
    for name in ("offset", "length"):
        value = entity[name]
        if not isinstance(value, int) or not 0 <= value <= FARTHEST_OFFSET:
            raise bad_request(f"receive an entity with incorrect {name} {value}")


def _check_ends(entity: Json, text: str) -> None:
    begin, end, last = entity["offset"], entity["offset"] + entity["length"], units(text)
    if begin > last:
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {begin}")
    beginning = f"entity beginning at UTF-16 offset {begin} ends"
    if end > last:
        raise bad_request(f"{beginning} after the end of the text at UTF-16 offset {end}")
    for offset, what in ((begin, "entity begins"), (end, beginning)):
        if (position := _byte_offset_of_split(text, offset)) is not None:
            raise bad_request(f"{what} in a middle of a UTF-16 symbol at byte offset {position}")


def _byte_offset_of_split(text: str, offset: int) -> int | None:
    """Where, in UTF-8, the symbol ends that this UTF-16 offset would cut in two."""
    try:
        slice_units(text, 0, offset)
    except UnicodeDecodeError:
        return len(slice_units(text, 0, offset + 1).encode())
    return None


def _normalise(entity: Json) -> Json:
    if entity["type"] != "text_link":
        return dict(entity)
    return entity | {"url": normal_url(str(entity["url"]))}


def _is_usable(entity: Json) -> bool:
    return entity["type"] != "text_link" or bool(entity["url"])


def normal_url(url: str) -> str:
    """A link as the server writes it, or "" if it is none."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        host = parts.hostname or ""
    except ValueError:
        return ""
    scheme = parts.scheme.lower()
    if scheme in OTHER_SCHEMES and host:
        return url
    if scheme not in SCHEMES_WITH_HOST or "." not in host or any(char.isspace() for char in url):
        return ""
    return parts._replace(scheme=scheme, path=parts.path or "/").geturl()


def _trim(text: str, entities: list[Json]) -> Formatted:
    first = min((entity["offset"] for entity in entities), default=len(text))
    left = min(len(text) - len(text.lstrip(BLANKS)), first)
    trimmed = text[left:].rstrip(BLANKS)
    length = units(trimmed)
    moved = [_clip(entity, entity["offset"] - left, length) for entity in entities]
    given = [entity for entity in moved if entity["length"] > 0]
    found = [entity for entity in detect_entities(trimmed) if not _overlaps(entity, given)]
    merged = sorted(given + found, key=lambda entity: (entity["offset"], -entity["length"]))
    return Formatted(trimmed, merged)


def _clip(entity: Json, offset: int, text_length: int) -> Json:
    return entity | {"offset": offset, "length": min(entity["length"], text_length - offset)}


def _overlaps(found: Json, given: list[Json]) -> bool:
    """Links and code swallow what is found inside; bold and the like live together with it."""
    end = found["offset"] + found["length"]
    return any(
        entity["type"] in ("text_link", "text_mention", "code", "pre")
        and entity["offset"] < end
        and found["offset"] < entity["offset"] + entity["length"]
        for entity in given
    )
