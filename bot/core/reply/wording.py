"""What was meant by a string of a reply: its thoughts left out, what was escaped twice mended.

Whether a text was escaped once too often is judged of the text as a whole, because that is how it
happens: then nothing in it needs escaping any more, and it holds an escape where nobody would
write one. Therefore a path, a pattern or an example of code stays as it is.
"""

import json
import re
from collections.abc import Iterable
from typing import Final

from bot.core.reply.shapes import OF_ITSELF, load_json

_NAMES: Final = r"(?:think|thinking|thought|thoughts|reasoning)"
_THOUGHT: Final = re.compile(rf"<({_NAMES})>.*?</\1>\s*", re.DOTALL | re.IGNORECASE)
_THOUGHT_BEGINS: Final = re.compile(rf"<{_NAMES}>", re.IGNORECASE)
_THOUGHT_ENDS: Final = re.compile(rf"</{_NAMES}>\s*", re.IGNORECASE)
_CODE: Final = re.compile(r"(```.*?```|`[^`]*`)", re.DOTALL)

_ESCAPED: Final = re.compile(r"""(?:[^"\\\x00-\x1f]|\\["\\/nrt]|\\u[0-9a-fA-F]{4})*+""")
_ABOUT_CODE: Final = re.compile(
    r"\b(?:json|unicode|utf-?\d*|ascii|escap\w*|regex\w*|regexp|latex|python|javascript)\b|\bюник\w*",
    re.IGNORECASE,
)
_ABOUT_FILES: Final = re.compile(
    r"\b(?:path|folder|director\w+|file|cartell\w+|percors\w+|папк\w*|файл\w*)\b", re.IGNORECASE
)
_SIGNS: Final = re.compile(
    r"""
      \\n(?:\\r)?\\n  # an empty line
    | (?:[^\s\\./]\.{1,3}|[!?…;,)»”*]|(?<!\b[A-Za-z]):)  # behind punctuation
        \ ?(?:\\r)?\\n(?![\])/+*?'|])
    | \\n\ *(?:[-•*–—]\ |\d+[.)]\ |[A-ZÀ-ÖØ-ÞА-ЯЁ])  # before an entry, a sentence
    | (?<=\S)\\n\Z  # at the end
    | (?<![\w\\])\\"\w[^"\\]*\\"(?!\w)  # around words
    | \bhttps?:\\/\\/  # in an address
    """,
    re.VERBOSE,
)
_BREAK_IN_WORDS: Final = re.compile(r"(?<![\w\\/:.])\w\w+\\n\w\w+(?![\w\\/])")
_CHARACTER: Final = re.compile(r"\\u(?!00[0-7])[0-9a-fA-F]{4}")
_FENCE_IN_A_LINE: Final = re.compile(r"```\w*\\n")


def tidy(strings: Iterable[str]) -> tuple[str, ...]:
    """Bubbles have words in them, no NUL (PostgreSQL refuses it) and no lone surrogate."""
    bubbles: list[str] = []
    for string in strings:
        text = _drop_tagged(mend_surrogates(string).replace("\0", "").strip())
        inner = _read_envelope(text)
        meant = [_unescape(one) for one in ([text] if inner is None else inner)]
        bubbles += filter(None, (one.replace("\0", "").strip() for one in meant))
    return tuple(bubbles)


def mend_surrogates(text: str) -> str:
    """Join surrogates that came in two pieces; one that stays alone becomes U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def drop_thoughts(text: str) -> str:
    """A text without the model's thoughts before it, and the space around them."""
    text = _drop_tagged(text.lstrip())
    if text.startswith(("{", "[", '"', "`", "<")):
        return text
    end = _THOUGHT_ENDS.search(text)  # its beginning may have stood in the server's own prompt
    return text[end.end() :] if end else text


def begins_thinking(text: str) -> bool:
    """Whether a text is nothing but thoughts that never ended."""
    return bool(_THOUGHT_BEGINS.match(text))


def _drop_tagged(text: str) -> str:
    while text.startswith("<") and (thought := _THOUGHT.match(text)):
        text = text[thought.end() :]
    return text


def _read_envelope(text: str) -> list[str] | None:
    """The strings of a whole reply that stands where one bubble was due."""
    if not (text.startswith("{") and text.endswith("}") and "messages" in text):
        return None
    value = load_json(text)
    if value is None and _ESCAPED.fullmatch(text):
        value = load_json(_decode(text))
    if not isinstance(value, dict) or value.keys() - OF_ITSELF != {"messages"}:
        return None
    messages = value["messages"]
    if not isinstance(messages, list) or not all(isinstance(one, str) for one in messages):
        return None
    return [mend_surrogates(one).replace("\0", "").strip() for one in messages]


def _unescape(text: str) -> str:
    """The text itself, unless it was escaped once too often."""
    if "\\" not in text or not _ESCAPED.fullmatch(text):
        return text
    if _FENCE_IN_A_LINE.search(text):
        return _decode(text)
    pieces = _CODE.split(text)  # every second one is code
    if not _is_escaped_twice(" ` ".join(pieces[::2])):
        return text
    return "".join(
        _decode_code(piece) if index % 2 else _decode(piece) for index, piece in enumerate(pieces)
    )


def _is_escaped_twice(words: str) -> bool:
    if _ABOUT_CODE.search(words):
        return False
    if _SIGNS.search(words):
        return True
    if _CHARACTER.search(words) and not any(c.isalpha() and not c.isascii() for c in words):
        return True
    return bool(_BREAK_IN_WORDS.search(words)) and not _ABOUT_FILES.search(words)


def _decode_code(code: str) -> str:
    """In a line of code no line can end: such an escape is meant to be seen."""
    decoded = _decode(code)
    return code if "\n" in decoded and not code.startswith("```") else decoded


def _decode(text: str) -> str:
    return mend_surrogates(json.loads(f'"{text}"'))
