"""What a raw update may hold that must not be stored: found, and put out of sight. Pure.

A secret gives way to as many bullets as it has UTF-16 units, so that Telegram's offsets stay
right. What looks like a token or an invitation is one; which of the words that may be an access
code are some, the caller knows.
"""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from typing import Any, Final

from bot.core.json_text import to_json
from bot.core.spellings import DASHES, printed, spellings
from bot.core.tokens import BULLET, UNSEEN, bullets, tokens

MARK: Final = "sportello_secrets"  # in a redacted update: the kinds of what was said in it
SHORTEST_CODE: Final = 6
SHORTEST_SECRET: Final = 6  # what is shorter would be hidden wherever its letters stand

_COMMAND: Final = (  # and what is typed between it and a code, by people in a hurry
    rf"/ ?(?:unlock(?:@\w+)?+|mcp(?:@\w+)?+|assistants(?:@\w+)?+\s+code)(?!\w)[{DASHES}\s:=,;.]*+"
)
_ARGUMENT: Final = re.compile(rf"^\s*{_COMMAND}(\S.*)", re.IGNORECASE | re.DOTALL)
_QUOTED_ARGUMENT: Final = re.compile(rf"(?<![\w/]){_COMMAND}([^\s•]\S*)", re.IGNORECASE)
_ONLY_COMMAND: Final = re.compile(r"/[a-z_]+(@\w+)?")
_WORDS: Final = frozenset({"text", "caption"})  # of a message, or of one that is quoted in it
_TELEGRAMS: Final = frozenset(  # what nobody writes
    {
        *("type", "status", "language_code", "date", "id", "data", "chat_instance", "mime_type"),
        *("file_id", "file_unique_id", "custom_emoji_id", "media_group_id", "inline_message_id"),
        *("effect_id", "business_connection_id", "set_name", "file_path"),
    }
)
# One of Telegram's own few words; or what a key of ours says: a card may show how codes are typed.
_FIXED: Final = frozenset({"type", "status", "language_code", "data", "callback_data"})
_UNREADABLE: Final = (ValueError, RecursionError)  # no JSON, or deeper than anybody nests it
_A_QUESTION: Final = 2  # words
_A_SENTENCE: Final = 5
_SHORTEST: Final = 6  # of any secret, with what tells it
_SUSPECT: Final = re.compile(
    rf"[{DASHES}:/{UNSEEN}]|[iw]_|spk_"
)  # what has none of these looks like none


class SecretKind(StrEnum):
    """What a secret opens."""

    ARGUMENT = "argument"  # what follows /unlock, /mcp, or /assistants code
    TOKEN = "token"  # noqa: S105 - a name, not a password: a bot
    KEY = "key"  # the model, at the cost of whoever pays for it; or a company's own assistant
    INVITATION = "invitation"  # a role
    CONTINUATION = "continuation"  # what was said elsewhere
    SECRET = "secret"  # noqa: S105 - as above: a company's tool or server; it was asked for
    CODE = "code"  # perhaps an assistant: a word that looks like a generated code
    PLACE = "place"  # nothing: from where a code was tried, as a hash, and forgotten with it


LEAKS: Final = frozenset({SecretKind.TOKEN, SecretKind.KEY})  # no client has a use for them here


@dataclass(frozen=True, slots=True)
class FoundSecret:
    """A secret in an update, as it is written there.

    `spoken`: in the words of the message itself. `counts`: if it is no code, it is a guess.
    """

    kind: SecretKind
    text: str = field(repr=False)
    spoken: bool
    counts: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Findings:
    """What is in an update: `secrets`, what looks like one, each once, what was said first."""

    secrets: tuple[FoundSecret, ...] = ()
    _strings: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    _said: frozenset[str] = field(default=frozenset(), repr=False)

    def others(self) -> Iterator[FoundSecret]:
        """What else may be a code, each once: most of it is none."""
        known = {one.text for one in self.secrets}
        for name, text in self._strings:
            if name in _TELEGRAMS:
                continue
            for spelling in spellings(_without_arguments(text), words=name in _WORDS):
                if spelling not in known:
                    known.add(spelling)
                    yield FoundSecret(SecretKind.CODE, spelling, spoken=text in self._said)


def search(payload: str, *, said: Collection[str] = (), told: Collection[str] = ()) -> Findings:
    """What a raw update may hold.

    `said`: the words of its message. `told`: what that brings along; a wrong code in either counts.
    """
    words = (("text", text) for text in (*said, *told))
    try:
        strings = tuple(dict.fromkeys(chain(words, _strings(json.loads(payload)))))
    except _UNREADABLE:
        said, told, strings = (), (), (("", payload),)
    mine, counted = set(said), {*said, *told}
    found: dict[tuple[SecretKind, str], FoundSecret] = {}
    for name, text in strings:
        for kind, secret in _search(text, is_words=name in _WORDS):
            counts = kind is SecretKind.CODE and text in counted
            one = FoundSecret(kind, secret, spoken=text in mine, counts=counts)
            found.setdefault((kind, secret), one)
    return Findings(tuple(found.values()), strings, frozenset(mine))


def is_command(text: str) -> bool:
    """Whether this is a command alone, or one that a secret is typed with: that one is found."""
    return bool(_ONLY_COMMAND.fullmatch(text) or _ARGUMENT.match(text))


def redact(payload: str, secrets: Sequence[FoundSecret]) -> str:
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


def without(words: str, secret: str) -> str:
    """Redacted words without the bullets of a secret; empty when no word is left."""
    left = re.sub(rf"[ \t]*{bullets(secret)}(?=[\s,.;:!?]|$)", "", words, count=1)
    left = left.replace(bullets(secret), "", 1).strip(" \t\n,.;:-")
    return left if re.search(r"\w", left) else ""


def says_more(words: str) -> bool:
    """Whether redacted words are more than a token or a key and what it is called."""
    left = re.sub(f"{BULLET}+", " ", words)
    return len(re.findall(r"\w+", left)) >= (_A_QUESTION if "?" in left else _A_SENTENCE)


def _search(text: str, *, is_words: bool) -> Iterator[tuple[SecretKind, str]]:
    if len(text) < _SHORTEST or not _SUSPECT.search(text):
        return
    for pattern in (_ARGUMENT, _QUOTED_ARGUMENT) if "/" in text else ():
        for match in pattern.finditer(text):
            yield SecretKind.ARGUMENT, match[1]
        text = pattern.sub(_without_group, text)
    for kind, start, end in tokens(text):
        yield SecretKind(kind), text[start:end]
    if is_words:
        yield from ((SecretKind.CODE, word) for word in printed(text))


def _without_arguments(text: str) -> str:
    if "/" in text:
        for pattern in (_ARGUMENT, _QUOTED_ARGUMENT):
            text = pattern.sub(_without_group, text)
    return text


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


def _strings(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """All of them, each with the name of the field that it is in."""
    match value:
        case str():
            yield name, value
        case list():
            for one in value:
                yield from _strings(one, name)
        case dict():
            for key, one in value.items():
                yield "", key
                yield from _strings(one, key)
