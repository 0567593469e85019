"""The forms in which a reply comes, where nobody enforces that of `{"messages": [...]}`."""

import ast
import json
import re
import warnings
from collections.abc import Mapping
from decimal import Decimal
from itertools import islice
from typing import Any, Final

_FENCE: Final = re.compile(r"```\w*\s*(.*?)\s*```\s*", re.DOTALL)
_OBJECT: Final = re.compile(r'\{(?=\s*+"\w++"\s*+:)')
_NEXT_OBJECT: Final = re.compile(r"\s*(?=\{)")
OF_ITSELF: Final = frozenset({"about", "buttons", "outcome", "sources"})  # keys behind the bubbles
_CARRIERS: Final = frozenset(
    {"answer", "bubble", "bubbles", "content", "message", "messages", "output", "reply"}
    | {"response", "text"}
)
_LABELS: Final = frozenset(
    {"format", "id", "lang", "language", "model", "phase", "role", "status", "type"} | OF_ITSELF
)
_MOST_OBJECTS: Final = 16  # in one text: each is parsed, and may hold those behind it
_DEEPEST: Final = 4  # levels that a server may put around a text


def _keep_first(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two equal keys the first counts: its bubbles may have been sent before the second came."""
    first: dict[str, Any] = {}
    for key, value in pairs:
        first.setdefault(key, value)
    return first


DECODER: Final = json.JSONDecoder(strict=False, object_pairs_hook=_keep_first, parse_float=Decimal)


def load_json(text: str) -> Any:
    """JSON, or the same in Python's notation; None when it is neither."""
    try:
        return DECODER.decode(text)
    except (ValueError, RecursionError):
        return _load_literal(text) if text.startswith(("{'", "['")) else None


def read_objects(text: str, position: int = 0) -> list[str] | None:
    """The strings of the reply that begins at a place of a text, and of those right behind it.

    The same reply given twice is one. None when there is none.
    """
    replies: list[list[str]] = []
    while begin := _NEXT_OBJECT.match(text, position):
        try:
            value, position = DECODER.raw_decode(text, begin.end())
        except (ValueError, RecursionError):
            break
        strings = _read_ours(value)
        if strings is None:
            break
        if strings not in replies:
            replies.append(strings)
    return [string for reply in replies for string in reply] if replies else None


def read_value(value: Any) -> list[str] | None:
    """The strings of a reply in whatever shape; None for what is none, such as other data."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return _read_list(value, _DEEPEST) if any(map(_is_text, value)) or not value else None
    return _read_object(value, _DEEPEST) if isinstance(value, dict) else None


def read_closed(value: Any) -> list[str]:
    """The strings that are certain while the rest of a reply is still to come."""
    found = value.get("messages") if isinstance(value, dict) else value
    if isinstance(found, str):
        return _read_inner_list(found)
    strings: list[str] = []
    for element in found if isinstance(found, list) else ():
        if not isinstance(element, str):
            break
        strings.append(element)
    return strings


def find_inside(text: str) -> list[str] | None:
    """The strings of a reply that stands in a fence, or has other words around it."""
    whole = _FENCE.fullmatch(text)
    if whole and (strings := read_value(load_json(whole[1]))) is not None:
        return strings
    for begin in islice(_OBJECT.finditer(text), _MOST_OBJECTS):
        if (strings := read_objects(text, begin.start())) is not None:
            return strings
    return None


def _load_literal(text: str) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an escape that Python does not know
            return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None


def _read_ours(value: Any) -> list[str] | None:
    if not isinstance(value, dict):
        return None
    if "messages" in value:
        found = value["messages"]
        strings = _read_carried(found, _DEEPEST)
        if strings is None and isinstance(found, dict):  # under keys, where a list was due
            values = [*found.values()]
            return values if all(isinstance(value, str) for value in values) else None
        return strings
    wrapped = [inner for inner in value.values() if isinstance(inner, dict)]
    if len(value) == len(wrapped) == 1 and "messages" in wrapped[0]:
        return _read_ours(wrapped[0])
    return None


def _read_object(value: Mapping[str, Any], depth: int) -> list[str] | None:
    """What the one key that carries text holds; None when other keys say something too."""
    carriers = [key for key in value if key.lower() in _CARRIERS]
    others = [
        inner
        for key, inner in value.items()
        if key not in carriers
        and key.lower() not in _LABELS
        and isinstance(inner, str | list | dict)
    ]
    if len(carriers) != 1 or any(others):
        return None
    return _read_carried(value[carriers[0]], depth)


def _read_carried(found: Any, depth: int) -> list[str] | None:
    if isinstance(found, str):
        return _read_inner_list(found)
    if isinstance(found, list):
        return _read_list(found, depth) if any(map(_is_text, found)) or not found else None
    if isinstance(found, dict) and depth:
        return _read_object(found, depth - 1)
    return None


def _read_inner_list(string: str) -> list[str]:
    """A string where a list was due: the list is within it, or it is the only element."""
    value = load_json(string.strip()) if string.lstrip().startswith("[") else None
    inner = value if isinstance(value, list) else []
    return inner if inner and all(isinstance(one, str) for one in inner) else [string]


def _is_text(element: Any) -> bool:
    return isinstance(element, str | list) or (
        isinstance(element, dict) and _read_object(element, 1) is not None
    )


def _read_list(elements: list[Any], depth: int) -> list[str]:
    strings: list[str] = []
    for element in elements:
        if isinstance(element, str):
            strings.append(element)
        elif isinstance(element, list | dict):
            inner = _read_carried(element, depth - 1) if depth else None
            if inner is None:
                inner = [json.dumps(element, ensure_ascii=False, default=str)]
            strings += inner
        elif element is not None and not isinstance(element, bool):
            strings.append(str(element))
    return strings
