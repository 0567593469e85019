"""In which of the encodings that office programs write a text was saved.

A price list has few letters and a sign for money: general detectors, which count letters, take its
euro for a letter of another alphabet. Here a text is judged by what people write: letters of one
alphabet in a word, capitals where capitals stand, signs where signs stand.
"""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

_MARKS: Final = {  # the longer one first: UTF-32's begins with UTF-16's
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# What programs wrote before UTF-8 in the languages that we speak; of equals the first is taken.
_OLDER: Final = (
    *("utf_16_le", "utf_16_be"),
    *("cp1252", "cp1251", "iso8859_15", "cp1250", "mac_roman", "koi8_r", "cp866", "cp850"),
)
_WORD: Final = re.compile(r"[^\W\d_ªº²³¹½¼¾]+")
_MONEY: Final = re.compile(r"\d\s?[€£₽]|[€£]\s?\d|(?:^|[;,\t(/ ])[€£](?:[;,\t)/ ]|$)", re.MULTILINE)
_KNOWN: Final = frozenset("«»“”„‘’‚–—…·•°§№²³½¼×©®™¿¡ªº±\xa0")
_PLACED: Final = re.compile(  # a sign where people put it
    r"(?<!\w)[«“„‘¿¡](?=\w)|(?<=[\w.,!?…])[»”…](?!\w)|(?<=\w)’|(?<=\d)[°º²³½¼–](?!\w\w)"
    r"|(?<=\bm)[²³]|(?<=\d)–(?=\d)|(?:(?<=\s)|^)[–—•½¼©](?=\s)|№(?=\s?\d)",
    re.MULTILINE,
)
_QUOTES: Final = ("«»", "“”")
_ALONE: Final = frozenset("èéàùòóавикосуя")  # words of one letter
_LATIN: Final = frozenset("èéàùìòçñáíóúüöäßêâîôûëïœæåøãõąćęłńśźżčšžřýůěőű")
_FREQUENT: Final = frozenset("оеаинтсрвлкмдпуяыьгз")
_SELDOM: Final = frozenset("цщэфъё")
_ENOUGH: Final = 20_000  # characters to judge by
_LONG: Final = 4  # letters: with accents on nearly all, no word of ours


def decode(data: bytes) -> str | None:
    """The text of these bytes; None when they are none."""
    mark = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
    with suppress(UnicodeDecodeError):
        text = data.decode(mark)
        if "\0" not in text:  # UTF-16 without its mark may pass for UTF-8 with these
            return text
    readings = [text for text in _readings(data) if "\0" not in text]
    best = max(readings, key=_likeness, default="")
    return best if _likeness(best) > 0 else None


def _readings(data: bytes) -> Iterator[str]:
    for name in _OLDER:
        with suppress(UnicodeDecodeError):
            yield data.decode(name)


def _likeness(text: str) -> float:
    """How much it is like what people write; not above 0 if it is not."""
    telling = "\n".join(line for line in text.splitlines() if not line.isascii())
    text = (telling or text)[:_ENOUGH]
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    in_cyrillic = any(len(word) > 1 and _script(word[0]) == "CYRILLIC" for word in words)
    signs = sum(_sign(one) for one in text if not one.isalpha())
    placed = len(_PLACED.findall(text)) + 2 * len(_MONEY.findall(text))
    unpaired = sum(abs(text.count(one) - text.count(other)) for one, other in _QUOTES)
    return sum(_word(one, in_cyrillic) for one in words) + signs + 1.5 * placed - unpaired


def _word(word: str, in_cyrillic: bool) -> float:
    scripts = {_script(letter) for letter in word}
    if len(scripts) > 1 or not scripts <= {"LATIN", "CYRILLIC"}:
        return -3.0 * len(word)
    foreign = sum(not letter.isascii() for letter in word)
    is_cyrillic = scripts == {"CYRILLIC"}
    if len(word) == 1 and (word.lower() not in _ALONE or is_cyrillic > in_cyrillic):
        return -2.0
    if not is_cyrillic and len(word) > 1 and 3 * foreign > 2 * len(word):
        return -1.0 * len(word) if len(word) >= _LONG else 0.0
    odd = not (word.islower() or word.isupper() or word.istitle())
    return sum(map(_letter, word.lower())) - 2.0 * odd


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _letter(letter: str) -> float:
    if letter.isascii():
        return 0.0
    if letter in _LATIN or letter in _FREQUENT:
        return 1.0
    if letter in _SELDOM:
        return 0.0
    return 0.5 if "а" <= letter <= "я" else -1.0


def _sign(sign: str) -> float:
    if sign.isascii():
        return 0.1 if sign.isprintable() or sign in "\t\r\n\f" else -3.0
    if sign in "€£₽":
        return -0.5  # what counts is whether a figure stands beside it
    return -0.5 if sign in _KNOWN else -2.0
