"""The process that reads one file: bytes in by stdin, text out by stdout, or an exit code."""

import re
import resource
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib import import_module
from typing import Final

from bot.files.errors import EXIT_CODES, BrokenFile, FileError, TextMissing, TextTooLong, TooLarge
from bot.files.kinds import FileKind

MEMORY_BYTES: Final = 768 * 1024**2
CPU_SECONDS: Final = 20
GRACE_SECONDS: Final = 1  # between the signal that tells of the limit and the one that kills

_LINE_END: Final = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACE: Final = re.compile(r"[\t\u00a0\u2000-\u200a\u202f\u3000]")
# Controls, soft hyphens, what has no width or turns text around, half characters.
_UNSEEN: Final = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_LINE_TAIL: Final = re.compile(r" +$", re.MULTILINE)
_BLANK_LINES: Final = re.compile(r"\n{3,}")


def main(kind: str, max_characters: int) -> int:
    """The exit code; 0 when the text was written."""
    try:
        text = _text(kind, sys.stdin.buffer.read(), max_characters)
        sys.stdout.buffer.write(text.encode())
    except MemoryError:
        return EXIT_CODES[TooLarge]
    except FileError as error:
        return EXIT_CODES[type(error)]
    except Exception:  # a parser may raise anything on a file that somebody broke
        return EXIT_CODES[BrokenFile]
    return 0


def limit_resources() -> None:
    """Leave this process as much as an honest file needs."""
    _limit(resource.RLIMIT_CORE, 0, 0)
    _limit(resource.RLIMIT_CPU, CPU_SECONDS, CPU_SECONDS + GRACE_SECONDS)
    _limit(resource.RLIMIT_AS, MEMORY_BYTES, MEMORY_BYTES)


def _limit(which: int, soft: int, hard: int) -> None:
    """As far as the system allows: macOS refuses a limit of memory."""
    with suppress(ValueError, OSError):
        resource.setrlimit(which, (soft, hard))


def _text(kind: str, data: bytes, max_characters: int) -> str:
    """Only the library that this file needs is loaded: that takes longer than most files."""
    pieces = import_module(f"bot.files.formats.{FileKind(kind)}").read(data)
    text = tidy("\n\n".join(_within(2 * max_characters, pieces)))
    if not any(character.isalnum() for character in text):
        raise TextMissing
    if len(text) > max_characters:
        raise TextTooLong
    return text


def _within(max_characters: int, pieces: Iterable[str]) -> Iterator[str]:
    """The pieces; raises TextTooLong at the first one over the limit."""
    characters = 0
    for piece in pieces:
        characters += len(piece)
        if characters > max_characters:
            raise TextTooLong
        yield piece


def tidy(text: str) -> str:
    """The same words with at most one blank line between them."""
    lines = _UNSEEN.sub("", _SPACE.sub(" ", _LINE_END.sub("\n", text)))
    return _BLANK_LINES.sub("\n\n", _LINE_TAIL.sub("", lines)).strip()


if __name__ == "__main__":
    limit_resources()
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
