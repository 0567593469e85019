"""Plain text in whatever encoding it was saved."""

import codecs
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from charset_normalizer import from_bytes

from bot.files.errors import BrokenFile

_MARKS: Final = {  # the longer one first: UTF-32's begins with UTF-16's
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# What office programs wrote before UTF-8 in the languages that we speak. Among all encodings
# there are, a short text fits several of which it is none.
_OLDER: Final = ["utf_16_le", "utf_16_be", "cp1251", "cp1252", "koi8_r", "cp866", "mac_roman"]


def read(data: bytes) -> Iterator[str]:
    """The text as it is. Raises BrokenFile when it is none."""
    yield decode(data)


def decode(data: bytes) -> str:
    """The text of these bytes. Raises BrokenFile when they are none."""
    mark = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
    with suppress(UnicodeDecodeError):
        text = data.decode(mark)
        if "\0" not in text:  # UTF-16 without its mark may pass for UTF-8 with these
            return text
    found = from_bytes(data, cp_isolation=_OLDER).best()
    if found is None or "\0" in str(found):
        raise BrokenFile
    return str(found)
