"""Reading back what the model is told, knowing nothing of who wrote it but what the rules say."""

import re
from collections.abc import Iterable
from typing import Final

from bot.llm.requests import BEGINNING

NOTE: Final = "⟦now: "  # how our note on the moment begins
_LABEL = re.compile(r"⟦([^⟦⟧]+?)(?:: ([^⟦⟧]+))?⟧")
_BEGINS = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d|\d+ messages left out here")
_ESCAPED = {"[": "⟦", "]": "⟧", "(": "〚", ")": "〛", "␛": "␛"}

Read = tuple[list[tuple[str, str]], str]  # a message's labels, each with its data, and its words


def read_all(text: str) -> list[Read]:
    """The messages in a text; all but the first begin with a date."""
    messages: list[tuple[list[tuple[str, str]], list[str]]] = [([], [])]
    for line in text.split("\n"):
        found = _LABEL.fullmatch(line)
        if found is None:
            messages[-1][1].append(unescape(line))
            continue
        if _BEGINS.fullmatch(found[1]) and messages[-1] != ([], []):
            messages.append(([], []))
        assert not messages[-1][1], "a label behind words"
        messages[-1][0].append((found[1], unescape(found[2] or "")))
    return [(labels, "\n".join(words)) for labels, words in messages]


def unescape(text: str) -> str:
    """What somebody wrote."""
    assert not re.search("[⟦⟧〚〛]", text), "a bracket of ours in somebody's words"
    return re.sub("␛(.)", lambda found: _ESCAPED[found[1]], text, flags=re.DOTALL)


def is_beside(text: str) -> bool:
    """Whether a text is all labels: no message, but what is told of a client."""
    return all(map(_LABEL.fullmatch, text.splitlines()))


def dialogue(said: Iterable[tuple[str, str | list[dict[str, str]]]]) -> list[tuple[str, str]]:
    """Who said what, without what is said of each moment, and where the conversation begins."""
    kept: list[tuple[str, str]] = []
    told = False
    for role, content in said:
        text = content if isinstance(content, str) else content[0]["text"]
        beside = told and is_beside(text)
        told = role == "developer" and text.startswith(NOTE)
        if not told and not beside and text != BEGINNING:
            kept.append((role, text))
    return kept
