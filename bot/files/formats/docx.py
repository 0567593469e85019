"""A Word document, by way of HTML: so its lists, tables and links stay."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any, Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import mammoth  # type: ignore[import-untyped]  # it has no types

from bot.files.errors import EncryptedFile, TooLarge, Unsupported
from bot.files.formats.html import markdown

UNPACKED_BYTES: Final = 64 * 1024**2
RATIO: Final = 100  # an honest document unpacks to 5 to 20 times its size
_SMALL_BYTES: Final = 4 * 1024**2  # harmless at any ratio
_ENCRYPTED: Final = 0x1  # of the flags of a zip's entry: PKWARE's APPNOTE, 4.4.4
_DOCUMENT: Final = "[Content_Types].xml"
_TEXT: Final = re.compile(r"word/\w+\.xml")
_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PAGE_NUMBER: Final = 5  # characters at most


def read(data: bytes) -> Iterator[str]:
    """Its text as Markdown. Raises FileError, and whatever a broken zip makes its readers raise."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        _check(archive.infolist(), len(data))
        parts = {name: archive.read(name) for name in archive.namelist() if _is_read(name)}
    for name in filter(_TEXT.fullmatch, parts):
        parts[name] = _without_hidden(parts[name])
    yield from _lines(parts, "header")
    html = mammoth.convert_to_html(_zipped(parts), convert_image=_no_image)
    yield markdown(html.value)
    yield from _lines(parts, "footer")


def _is_read(name: str) -> bool:
    return name.endswith((".xml", ".rels"))


def _zipped(parts: dict[str, bytes]) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file


def _without_hidden(part: bytes) -> bytes:
    """Hidden text is what its author took out, though the file has it still."""
    tree = _parse(part)
    for parent in tree.iter():
        for run in [*parent.iterfind(f"{_W}r")]:
            if any(_is_on(run.find(f"{_W}rPr/{_W}{name}")) for name in ("vanish", "webHidden")):
                parent.remove(run)
    return ElementTree.tostring(tree)


def _parse(part: bytes) -> Element:
    return ElementTree.fromstring(part)  # noqa: S314 - this process has limits, as for mammoth's


def _is_on(toggle: Element | None) -> bool:
    return toggle is not None and toggle.get(f"{_W}val", "true") not in {"0", "false", "off"}


def _lines(parts: dict[str, bytes], kind: str) -> Iterator[str]:
    """The paragraphs of headers or footers, each once; page numbers and the like are left out.

    mammoth passes over them, and there stand names, addresses and telephone numbers.
    """
    found: dict[str, None] = {}
    for name in sorted(parts):
        if re.fullmatch(rf"word/{kind}\d*\.xml", name):
            for paragraph in _parse(parts[name]).iter(f"{_W}p"):
                text = "".join(piece.text or "" for piece in paragraph.iter(f"{_W}t")).strip()
                if any(map(str.isalpha, text)) or len(text) > _PAGE_NUMBER:
                    found[text] = None
    if found:
        yield "\n".join(found)


def _check(entries: list[zipfile.ZipInfo], packed: int) -> None:
    """Before anything is unpacked; an entry never unpacks to more than it declares."""
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise EncryptedFile
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > UNPACKED_BYTES or unpacked > max(_SMALL_BYTES, RATIO * packed):
        raise TooLarge
    names = {entry.filename for entry in entries}
    if _DOCUMENT not in names or not any(name.startswith("word/") for name in names):
        raise Unsupported


def _no_image(_: Any) -> list[Any]:
    return []
