"""Text as it goes on: plain line ends and spaces, and nothing that is not seen. Pure."""

import re
from typing import Final

_LINE_END: Final = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACE: Final = re.compile(r"[\t\u00a0\u2000-\u200a\u202f\u3000]")
# Controls, soft hyphens, what has no width or turns text around, half characters.
_UNSEEN: Final = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_LINE_TAIL: Final = re.compile(r" +$", re.MULTILINE)
_BLANK_LINES: Final = re.compile(r"\n{3,}")


def tidy(text: str) -> str:
    """The same words with at most one blank line between them."""
    lines = _UNSEEN.sub("", _SPACE.sub(" ", _LINE_END.sub("\n", text)))
    return _BLANK_LINES.sub("\n\n", _LINE_TAIL.sub("", lines)).strip()
