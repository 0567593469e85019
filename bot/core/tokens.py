"""Tokens of bots, keys of OpenAI and our own, invitations, wherever they stand in a text. Pure.

What is not seen may stand between any two of their characters. A text that was wrapped has them
in pieces, one a line: those belong together that look as random as the whole, and are as long.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, chain
from typing import Any, Final

from bot.core import api_keys

BULLET: Final = "•"
PIECES: Final = 8  # so many lines at most
_TOKEN: Final = 35  # characters behind the colon
_SHORTEST_TOKEN: Final = 30  # in one piece
_WRAPPED_TOKENS: Final = range(_TOKEN - 1, 41)
_SHORTEST_KEY: Final = 20
# What Unicode calls ignorable by default, controls, and marks that are set over a letter.
UNSEEN: Final = (  # for a class of a pattern
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u0300-\u036f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# TOML and shells have a backslash there.
_LINE_END: Final = r"[ \t\xa0]{0,8}\\?[\r\n\x0b\x0c\x85\u2028\u2029]\s{0,8}"
_UNSEEN: Final = re.compile(f"[{UNSEEN}]")
_VISIBLE: Final = re.compile(f"[^{UNSEEN}]+")
_PIECE: Final = re.compile(rf"({_LINE_END})?+([A-Za-z0-9_-]++)")
_COLON: Final = re.compile(rf"(?:{_LINE_END})?:")
# A bot's number has eight digits or more: with so many, what ends the line before is none of it.
_NUMBER: Final = re.compile(rf"(?:[0-9]{{1,20}}{_LINE_END}(?=[0-9]{{1,7}}\Z))?[0-9]{{1,20}}\Z")
_KEY: Final = re.compile(rf"(?<![A-Za-z0-9])s(?:{_LINE_END})?k(?:{_LINE_END})?-")
_INVITATION: Final = re.compile(r"(?<![A-Za-z0-9_-])i_[A-Za-z0-9_-]{20,}+")
_CONTINUATION: Final = re.compile(r"(?<![A-Za-z0-9_-])w_[A-Za-z0-9_-]{20,}+")
SIGNS: Final = "spi_"  # how a secret begins with which a company signs who a visitor is
_SIGNS: Final = re.compile(rf"(?<![A-Za-z0-9]){SIGNS}[0-9a-f]{{64}}(?![0-9a-f])")
_RANDOM: Final = re.compile(r"[0-9_]|[a-z][A-Z]|[A-Z]{2}[a-z]")  # as no words are
_SUSPECT: Final = re.compile(r":|k[\s\\]{0,20}-|[iw]_|spk_")
_NOISE: Final = re.compile(r"[^A-Za-z0-9:_-]")
_SHORTEST_NUMBER: Final = 4
_LOOK_BACK: Final = 64


class TokenKind(StrEnum):
    """What a token opens."""

    TOKEN = "token"  # noqa: S105 - a name, not a password: a bot
    KEY = "key"  # OpenAI, at the cost of whoever pays for it; or a company's own assistant, site
    INVITATION = "invitation"  # a role
    CONTINUATION = "continuation"  # what was said elsewhere


@dataclass(frozen=True, slots=True)
class _Seen:
    """A text without what is not seen, and where each of its characters stood."""

    text: str
    at: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.at[start], self.at[end - 1] + 1


def tokens(text: str) -> Iterator[tuple[TokenKind, int, int]]:
    """Where tokens, keys and invitations stand, in the order of their kinds."""
    seen = _Seen(text, range(len(text)))
    if _UNSEEN.search(text):
        spans = [match.span() for match in _VISIBLE.finditer(text)]
        visible = "".join(text[start:end] for start, end in spans)
        seen = _Seen(visible, [index for span in spans for index in range(*span)])
    if not _SUSPECT.search(seen.text):
        return
    for kind, found in (
        (TokenKind.TOKEN, _bots(seen.text)),
        (TokenKind.KEY, chain(_keys(seen.text), api_keys.find(seen.text))),
        (TokenKind.KEY, (match.span() for match in _SIGNS.finditer(seen.text))),
        (TokenKind.INVITATION, (match.span() for match in _INVITATION.finditer(seen.text))),
        (TokenKind.CONTINUATION, (match.span() for match in _CONTINUATION.finditer(seen.text))),
    ):
        for span in found:
            yield kind, *seen.span(*span)


def whole(token: str) -> str:
    """A token in one piece, with nothing unseen in it."""
    return _NOISE.sub("", token)


def hidden(text: str) -> str:
    """A text as long, with bullets in the place of all tokens, keys and invitations."""
    for _, start, end in tokens(text):
        text = text[:start] + BULLET * (end - start) + text[end:]
    return text


def hidden_in(value: Any) -> Any:
    """The same of all texts in a value as JSON knows them."""
    match value:
        case str():
            return hidden(value)
        case list() | tuple():
            return [hidden_in(one) for one in value]
        case Mapping():
            return {name: hidden_in(one) for name, one in value.items()}
    return value


def bullets(secret: str) -> str:
    """What stands in the place of a secret: as many as it has UTF-16 units."""
    return BULLET * (len(secret.encode("utf-16-le", "surrogatepass")) // 2)


def _bots(text: str) -> Iterator[tuple[int, int]]:
    last = 0
    for colon in _COLON.finditer(text):
        if end := _token_end(text, colon.end()):
            floor = max(last, colon.start() - _LOOK_BACK)
            number = _NUMBER.search(text[floor : colon.start()])
            if number and sum(map(str.isdigit, number[0])) >= _SHORTEST_NUMBER:
                last = end
                yield floor + number.start(), end


def _token_end(text: str, start: int) -> int | None:
    """Where a token ends whose colon is before `start`; None if none is there."""
    pieces = _pieces(text, start)
    lengths = list(accumulate(len(piece[2]) for piece in pieces))
    if not pieces or lengths[-1] < _SHORTEST_TOKEN:
        return None
    first = pieces[0]
    is_whole = not first[1] and lengths[0] >= _SHORTEST_TOKEN
    for piece, length in zip(pieces, lengths, strict=True):
        is_wrapped = (piece is not first or piece[1]) and length in _WRAPPED_TOKENS
        fits = length == _TOKEN > lengths[0] if is_whole else is_wrapped
        if fits and _RANDOM.search(text[start : piece.end()]):
            return piece.end()
    return first.end() if is_whole else None


def _keys(text: str) -> Iterator[tuple[int, int]]:
    last = 0
    for key in _KEY.finditer(text):
        if key.start() >= last and (pieces := _pieces(text, key.end())):
            last = pieces[0].end()  # also when it is none: nothing is read twice too often
            length, end = 0, last
            for piece in pieces:
                if length < _SHORTEST_KEY or _RANDOM.search(piece[2]):
                    length, end = length + len(piece[2]), piece.end()
                else:
                    break
            if length >= _SHORTEST_KEY and _RANDOM.search(text[key.end() : end]):
                last = end
                yield key.start(), end


def _pieces(text: str, start: int) -> list[re.Match[str]]:
    """What follows, line by line: the first piece at once or on the next line."""
    found: list[re.Match[str]] = []
    while len(found) < PIECES and (piece := _PIECE.match(text, start)):
        if found and not piece[1]:
            break
        found.append(piece)
        start = piece.end()
    return found
