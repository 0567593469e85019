"""What a raw update may hold that must not be stored: found, and put out of sight. Pure.

A secret gives way to as many bullets as it has UTF-16 units, so that Telegram's offsets stay
right. What looks like a token or an invitation is one; which of the words that look like an
access code are some, the caller knows.
"""

import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from bot.core.json_text import to_json

MARK: Final = "sportello_secrets"  # in a redacted update: the kinds of what was said in it
BULLET: Final = "•"
SHORTEST_CODE: Final = 6

_DASHES: Final = "-‐‑–—−"  # phones put others for a hyphen
_COMMAND: Final = (  # and what is typed between it and a code, by people in a hurry
    rf"/ ?(?:unlock(?:@\w+)?+|assistants(?:@\w+)?+\s+code)(?!\w)[{_DASHES}\s:=,;.]*+"
)
_ARGUMENT: Final = re.compile(rf"^\s*{_COMMAND}(\S.*)", re.IGNORECASE | re.DOTALL)
_QUOTED_ARGUMENT: Final = re.compile(rf"(?<![\w/]){_COMMAND}([^\s•]\S*)", re.IGNORECASE)
_TOKEN: Final = re.compile(r"(\d{4,}:[A-Za-z0-9_-]{30,})", re.ASCII)
_INVITATION: Final = re.compile(r"(?<![A-Za-z0-9_-])(i_[A-Za-z0-9_-]{20,})")
_CODE: Final = re.compile(  # ahead, so that of AB12-CD34-EF56 both pairs are found
    rf"(?<![A-Za-z0-9])(?=([A-Za-z0-9]{{4}}[{_DASHES}][A-Za-z0-9]{{4}})(?![A-Za-z0-9]))"
)
_SUSPECT: Final = re.compile(  # what every secret has, found in a few microseconds
    rf":[A-Za-z0-9_-]{{30}}|_[A-Za-z0-9_-]{{20}}|/ ?[UuAa][NnSs]|[{_DASHES}][A-Za-z0-9]{{4}}|\\u"
)
_FIXED: Final = frozenset({"type", "status", "language_code"})  # one of Telegram's own few words
_UNREADABLE: Final = (ValueError, RecursionError)  # no JSON, or deeper than anybody nests it
_ALIKE: Final = str.maketrans("oil", "011")


class SecretKind(StrEnum):
    """What a secret opens."""

    ARGUMENT = "argument"  # what follows /unlock, or /assistants code
    TOKEN = "token"  # noqa: S105 - a name, not a password: a bot
    INVITATION = "invitation"  # a role
    CODE = "code"  # perhaps an assistant: a word that looks like a generated code


@dataclass(frozen=True, slots=True)
class Found:
    """A secret in an update. `spoken`: in the words of the message itself."""

    kind: SecretKind
    text: str = field(repr=False)
    spoken: bool


_PATTERNS: Final = (
    (SecretKind.ARGUMENT, _ARGUMENT),
    (SecretKind.ARGUMENT, _QUOTED_ARGUMENT),
    (SecretKind.TOKEN, _TOKEN),
    (SecretKind.INVITATION, _INVITATION),
)


def find(payload: str) -> tuple[Found, ...]:
    """What may be a secret in a raw update, each once: what was said first, in its order."""
    if not _SUSPECT.search(payload):
        return ()
    try:
        tree = json.loads(payload)
        found = {text: [*_search(text)] for text in _strings(tree)}
        words = [*_words(tree)]
    except _UNREADABLE:
        found, words = {payload: [*_search(payload)]}, []
    said = dict.fromkeys(one for text in words for one in found[text])
    rest = dict.fromkeys(one for each in found.values() for one in each)
    spoken = [Found(*one, spoken=True) for one in said]
    unspoken = [Found(*one, spoken=False) for one in rest if one not in said]
    return (*spoken, *unspoken)


def redact(payload: str, secrets: Sequence[Found]) -> str:
    """The update with all of the secrets out of sight, wherever they stand.

    One that is no JSON is not kept at all.
    """
    known = [one.text for one in secrets if one.kind is not SecretKind.ARGUMENT]
    said = [one.text for one in secrets if one.kind is SecretKind.ARGUMENT]
    try:
        hidden = _hide(json.loads(payload), _Eraser(_any_of(known), _any_of(_worth_hiding(said))))
        if isinstance(hidden, dict):
            hidden[MARK] = [one.kind for one in secrets if one.spoken]
        return to_json(hidden)
    except _UNREADABLE:
        return to_json({MARK: []})


def spoken(payload: str) -> str:
    """The words of the message in an update, or of what is attached to it."""
    return next(_words(json.loads(payload)), "")


def say_instead(payload: str, words: str) -> str:
    """The update as if its message had these words and no others."""
    tree = json.loads(payload)
    message = tree["message"]
    message["text" if "text" in message else "caption"] = words
    for name in ("entities", "caption_entities"):
        message.pop(name, None)
    tree.pop(MARK, None)
    return to_json(tree)


def without(words: str, secret: str) -> str:
    """Redacted words without the bullets of a secret; empty when no word is left."""
    left = re.sub(rf"[ \t]*{bullets(secret)}(?=[\s,.;:!?]|$)", "", words, count=1)
    left = left.replace(bullets(secret), "", 1).strip(" \t\n,.;:-")
    return left if re.search(r"\w", left) else ""


def canonical(code: str) -> str:
    """An access code as it is compared: letters and digits, no case, O like 0, I and L like 1."""
    folded = unicodedata.normalize("NFKC", code).casefold()
    return re.sub(r"[\W_]", "", folded).translate(_ALIKE)


def looks_generated(code: str) -> bool:
    """Whether a code has the form of those that are looked for in every message."""
    return _CODE.match(code) is not None


def bullets(secret: str) -> str:
    """What stands in the place of a secret."""
    return BULLET * (len(secret.encode("utf-16-le", "surrogatepass")) // 2)


def _search(text: str) -> Iterator[tuple[SecretKind, str]]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield kind, match[1]
        text = pattern.sub(_without_group, text)
    for match in _CODE.finditer(text):
        if re.search("[0-9]", match[1]) and re.search("[A-Za-z]", match[1]):
            yield SecretKind.CODE, match[1]


def _without_group(match: re.Match[str]) -> str:
    start, end = match.start(1) - match.start(), match.end(1) - match.start()
    return match[0][:start] + bullets(match[1]) + match[0][end:]


@dataclass(frozen=True, slots=True)
class _Eraser:
    known: re.Pattern[str]
    said: re.Pattern[str]

    def __call__(self, text: str, *, fixed: bool) -> str:
        text = self.known.sub(lambda match: bullets(match[0]), text)
        if fixed:
            return text
        for pattern in (_ARGUMENT, _QUOTED_ARGUMENT):
            text = pattern.sub(_without_group, text)
        return self.said.sub(lambda match: bullets(match[0]), text)


def _worth_hiding(arguments: Sequence[str]) -> Iterator[str]:
    """What is shorter than any code is hidden where it was said, and is just a word elsewhere."""
    for argument in arguments:
        for text in (argument, argument.split()[0]):
            if len(text) >= SHORTEST_CODE:
                yield text


def _any_of(texts: Collection[str] | Iterator[str]) -> re.Pattern[str]:
    longest_first = sorted(set(texts), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)", re.IGNORECASE)


def _hide(value: Any, erase: _Eraser, *, fixed: bool = False) -> Any:
    match value:
        case str():
            return erase(value, fixed=fixed)
        case list():
            return [_hide(one, erase, fixed=fixed) for one in value]
        case dict():
            return {
                erase(name, fixed=True): _hide(one, erase, fixed=name in _FIXED)
                for name, one in value.items()
            }
    return value


def _strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for one in value:
                yield from _strings(one)
        case dict():
            for name, one in value.items():
                yield name
                yield from _strings(one)


def _words(tree: Any) -> Iterator[str]:
    for name in ("message", "edited_message"):
        message = tree.get(name) if isinstance(tree, dict) else None
        for field_name in ("text", "caption"):
            text = message.get(field_name) if isinstance(message, dict) else None
            if isinstance(text, str):
                yield text
