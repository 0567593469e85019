"""The model's reply, `{"messages": [...]}`: read while it streams, and saved when it is broken."""

import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Literal

import jiter

_FENCED: Final = re.compile(r"```\w*\s*(.*?)```", re.DOTALL)
_LAST_BREAK: Final = re.compile(r".*[\s、。，！？；：]", re.DOTALL)  # these scripts have no spaces
_SENTENCE_ENDS: Final = (".", "!", "?", "…", "。", "！", "？")


class Ending(StrEnum):
    """How the text of a reply came to its end."""

    WHOLE = "whole"  # the model said all it wanted to say
    CUT = "cut"  # in the middle, but what is there may be shown
    BROKEN = "broken"  # only what had closed by then may be shown


@dataclass(slots=True)
class ReplyParser:
    """A reply under way. Whatever the deltas, `feed` gives the first bubbles of `finish`."""

    _parts: list[str] = field(default_factory=list)
    _given: int = 0

    def feed(self, delta: str) -> tuple[str, ...]:
        """Take the next piece; the bubbles that it closes.

        Only a quote can close a string, so only a delta with one costs a parse.
        """
        self._parts.append(delta)
        if '"' not in delta:
            return ()
        text = "".join(self._parts)
        self._parts = [text]
        if not text.lstrip().startswith("{"):
            return ()
        fresh = _tidy(_parse_partly(text) or [])[self._given :]
        self._given += len(fresh)
        return fresh

    def finish(self, ending: Ending = Ending.WHOLE, *, refusal: str = "") -> tuple[str, ...]:
        """Every bubble of the reply, the fallbacks included; empty when nothing was said."""
        return read_reply("".join(self._parts), ending, refusal=refusal)


def read_reply(text: str, ending: Ending = Ending.WHOLE, *, refusal: str = "") -> tuple[str, ...]:
    """The bubbles of a reply's text; of one that is not JSON, or not ours, the text itself."""
    text = _mend_surrogates(text).lstrip()
    closed = _find_closed(text) if text.startswith("{") else []
    if refusal or ending is Ending.BROKEN:
        return _tidy([*closed, refusal])
    whole = _read_value(_load(text, rest_allowed=text.startswith("{")))
    if whole is None and not closed:
        whole = _find_inside(text)
    if whole is not None:
        return _tidy(whole)
    saved = _tidy(_save(text if text.startswith("[") else text[text.find("{") :]))
    if saved or (ending is Ending.CUT and text.startswith(("{", "[", "`"))):
        return saved
    return _tidy([_cut_back(text) if ending is Ending.CUT else text])


def _load(text: str, *, rest_allowed: bool = False) -> Any:
    decoder = json.JSONDecoder(strict=False, object_pairs_hook=_keep_first)
    try:
        return decoder.raw_decode(text)[0] if rest_allowed else decoder.decode(text)
    except (ValueError, RecursionError):
        return None


def _keep_first(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two equal keys the first counts: its bubbles may have been sent before the second came."""
    return dict(reversed(pairs))


def _read_value(value: Any) -> list[str] | None:
    """The strings of `{"messages": [...]}`, of a bare list or string; None for anything else."""
    found = value.get("messages") if isinstance(value, dict) else value
    if isinstance(found, str):
        return [found]
    if not isinstance(found, list):
        return None
    strings = [string for string in found if isinstance(string, str)]
    return strings if strings or not found else None


def _find_inside(text: str) -> list[str] | None:
    """The strings of JSON that stands in a fence, or has other words around it."""
    fenced = (_load(inside) for inside in _FENCED.findall(text))
    bare = (_load(text[brace.start() :], rest_allowed=True) for brace in re.finditer(r"\{", text))
    for value in (*fenced, *(value for value in bare if isinstance(value, dict))):
        if (strings := _read_value(value)) is not None:
            return strings
    return None


def _parse_partly(text: str, *, mode: Literal[True, "trailing-strings"] = True) -> list[str] | None:
    """The strings of the beginning of a reply; None when it can no longer become JSON."""
    try:
        value = jiter.from_json(text.encode(), partial_mode=mode, catch_duplicate_keys=True)
    except ValueError:  # also a lone surrogate, which cannot be encoded
        return None
    return _read_value(value) or []


def _find_closed(text: str) -> list[str]:
    """The closed strings of the longest beginning that may become JSON."""
    for end in (len(text), *(quote.end() for quote in reversed([*re.finditer('"', text)]))):
        if (strings := _parse_partly(text[:end])) is not None:
            return strings
    return []


def _save(text: str) -> list[str]:
    """The closed strings, and as much of the open one as reads well."""
    closed = _find_closed(text)
    opened = (_parse_partly(text, mode="trailing-strings") or [])[len(closed) :]
    return [*closed, *(_cut_back(string) for string in opened)]


def _cut_back(text: str) -> str:
    """Drop the word that was cut, and show that there was more, unless a sentence just ended."""
    text = text.replace("\0", "")
    if text.rstrip().endswith(_SENTENCE_ENDS):
        return text
    rest = _LAST_BREAK.match(text)
    kept = rest.group().rstrip(" \t\r\n,;:-(，、") if rest else ""
    return kept if not kept or kept.endswith(_SENTENCE_ENDS) else f"{kept}…"


def _mend_surrogates(text: str) -> str:
    """Join surrogates that came in two pieces; one that stays alone becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _tidy(strings: list[str]) -> tuple[str, ...]:
    """Bubbles have words in them, no NUL (PostgreSQL refuses it) and no lone surrogate."""
    texts = (_mend_surrogates(string).replace("\0", "").strip() for string in strings)
    return tuple(text for text in texts if text)
