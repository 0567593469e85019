"""Real files, made here: each test shows what is in the one it reads."""

import io
import zipfile
from collections.abc import Sequence

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" Type="http://schemas.openxmlformats.org'
    '/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(*pages: str, password: str | None = None, owner: str = "owner") -> bytes:
    """A PDF with a line of text on each page; a page without one is blank, as a scan's is."""
    writer = PdfWriter()
    for line in pages:
        _add_page(writer, line)
    if password is not None:
        writer.encrypt(password, owner, algorithm="AES-256")
    return _written(writer)


def _add_page(writer: PdfWriter, line: str) -> None:
    page = writer.add_blank_page(width=595, height=842)
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    fonts = DictionaryObject({NameObject("/F1"): _names(font)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    content = DecodedStreamObject()
    content.set_data(f"BT /F1 12 Tf 72 720 Td ({line}) Tj ET".encode("latin-1"))
    page[NameObject("/Contents")] = writer._add_object(content) if line else content


def _names(entries: dict[str, str]) -> DictionaryObject:
    return DictionaryObject({NameObject(k): NameObject(v) for k, v in entries.items()})


def _written(writer: PdfWriter) -> bytes:
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def docx(
    *paragraphs: str,
    table: Sequence[Sequence[str]] = (),
    headers: Sequence[str] = (),
    footers: Sequence[str] = (),
    extra: bytes = b"",
) -> bytes:
    """A Word document; `extra` is the content of one more part."""
    body = "".join(map(_paragraph, paragraphs)) + _table(table)
    document = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    parts = {
        "[Content_Types].xml": TYPES.encode(),
        "_rels/.rels": RELATIONS.encode(),
        "word/document.xml": document.encode(),
        **{f"word/header{n}.xml": _part("hdr", text) for n, text in enumerate(headers)},
        **{f"word/footer{n}.xml": _part("ftr", text) for n, text in enumerate(footers)},
    }
    return zipped(parts | ({"word/media/image1.bmp": extra} if extra else {}))


def _part(root: str, text: str) -> bytes:
    return f'<w:{root} xmlns:w="{WORD}">{_paragraph(text)}</w:{root}>'.encode()


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _table(rows: Sequence[Sequence[str]]) -> str:
    cells = ["".join(f"<w:tc>{_paragraph(cell)}</w:tc>" for cell in row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>" if rows else ""


def zipped(parts: dict[str, bytes]) -> bytes:
    """A zip of these entries."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()
