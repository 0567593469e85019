"""Labels: what we say to the model beside somebody's words, and nobody can type. Pure.

A label stands on a line of its own before the words, in brackets that are kept for labels:

    ⟦in reply to you⟧
    ⟦quoted: Dalle 14:00.⟧
    E la colazione?

These brackets, and the two that look the same, are escaped wherever somebody else wrote them;
nothing else is changed. So whatever stands in ⟦ ⟧ is ours, and the rest is theirs to the letter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 200  # characters of somebody's words in a label

_TYPED: Final = str.maketrans({"⟦": "␛[", "⟧": "␛]", "〚": "␛(", "〛": "␛)", "␛": "␛␛"})


@dataclass(frozen=True, slots=True)
class Label:
    """`about` is one of our own phrases, `data` somebody's: a name, a quotation, a file's name.

    Of the data at most `longest` characters are kept.
    """

    about: str
    data: str = ""
    longest: int = LONGEST

    def __str__(self) -> str:
        data = escape(one_line(self.data, self.longest))
        return f"⟦{self.about}: {data}⟧" if data else f"⟦{self.about}⟧"


def label(labels: Iterable[Label], words: str) -> str:
    """Somebody's words as the model reads them, behind what we say of them."""
    return "\n".join((*map(str, labels), *filter(None, (escape(words),))))


def escape(words: str) -> str:
    """Somebody's words, with no bracket of ours in them."""
    return words.translate(_TYPED)


def one_line(text: str, limit: int) -> str:
    """The text in one line of visible characters, of which at most `limit` are kept."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"
