"""Reading untrusted JSON without surprises, and Telegram's UTF-16 counting."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

_INT64: Final = 2**63


def parse(payload: str) -> Mapping[str, Any]:
    """The JSON object of a payload; empty when it is none."""
    try:
        return mapping(json.loads(payload))
    except (ValueError, RecursionError):
        return {}


def parse_writable(payload: str) -> Any:
    """The JSON of a payload, each text in it one that a database and a socket take.

    Raises ValueError or RecursionError for what is no JSON.
    """
    tree = json.loads(payload)
    return _writable_tree(tree) if "\\u" in payload else tree


def mapping(value: object) -> Mapping[str, Any]:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: object) -> Sequence[Any]:
    """The value if it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else ()


def integer(value: object) -> int | None:
    """The value if it is a whole number that a database holds."""
    if isinstance(value, int) and not isinstance(value, bool) and -_INT64 <= value < _INT64:
        return value
    return None


def string(value: object) -> str:
    """The value if it is a text, else an empty one; never what no database or socket takes."""
    return writable(value).replace("\0", "") if isinstance(value, str) else ""


def writable(text: str) -> str:
    """The text with lone surrogates, which UTF-8 cannot hold, replaced by U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _writable_tree(value: Any) -> Any:
    match value:
        case str():
            return string(value)
        case list():
            return [_writable_tree(one) for one in value]
        case dict():
            return {string(name): _writable_tree(one) for name, one in value.items()}
    return value


def utf16_length(text: str) -> int:
    """Length as Telegram counts it: a character beyond U+FFFF is two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def utf16_index(text: str, offset: int) -> int:
    """Where in the text an offset in UTF-16 units points, moved inside the text if need be."""
    if text.isascii():
        return min(max(0, offset), len(text))
    units = text.encode("utf-16-le")[: max(0, offset) * 2]
    return len(units.decode("utf-16-le", "ignore"))
