"""Somebody's words on a terminal or in a log, where some characters act and are not shown. Pure."""

import re
from typing import Final

# C0 and C1 controls but for line ends and tabs, DEL, what turns the direction of writing around,
# Unicode's own line ends, and halves of pairs, which cannot be printed at all.
_ACTS: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def visible(text: str) -> str:
    r"""The text with such characters written as \u001b, which JSON and our TOML read as before."""
    return _ACTS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
