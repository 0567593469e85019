"""The parts of a message's content: texts, pictures and files, read as strictly as the API does."""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterable, Mapping
from math import ceil
from typing import Any, Final

from bot.playground.openai.api_error import (
    ApiError,
    Json,
    bad_image,
    invalid_value,
    missing_parameter,
    no_such_file,
    too_long,
    unknown_parameter,
    unsupported_value,
)
from bot.playground.openai.tokens import count_tokens
from bot.playground.pictures import measure

IMAGE: Final = "input_image"
FILE: Final = "input_file"
MARK: Final = "prompt_cache_breakpoint"
MEDIA: Final = frozenset({IMAGE, FILE})
_LIFETIMES: Final = ("30m", "12h")
_DETAILS: Final = {IMAGE: ("low", "high", "auto", "original"), FILE: ("low", "high", "auto")}
_FIELDS: Final = {
    IMAGE: frozenset({"type", "detail", "image_url", "file_id", MARK}),
    FILE: frozenset({"type", "detail", "filename", "file_data", "file_id", "file_url", MARK}),
}
_LONGEST: Final = {"image_url": 20_971_520, "file_data": 73_400_320}  # characters
_LARGEST_FILE: Final = 50 * 1024 * 1024  # bytes; also of all in one message
_DATA_URL: Final = re.compile(r"data:([\w.+-]+/[\w.+-]+);base64,", re.ASCII)
_READ_AS_TEXT: Final = ("txt", "md", "html", "json", "csv", "tsv", "xml")
_READ: Final = frozenset({"pdf", "docx", "pptx", "xlsx", "rtf", "odt", *_READ_AS_TEXT})
_PATCH: Final = 32  # pixels: a token is a square with this side
_MOST_PATCHES: Final = {"low": 256, "high": 2_500}
_HEAD: Final = 262_144  # characters in which a picture says its size
_PAGE_BYTES: Final = 50_000  # of a PDF, about
_PAGE_TOKENS: Final = {"low": 600}
_USUAL_PAGE_TOKENS: Final = 3_000


def read_content(content: Any, *, role: str, param: str) -> list[Json]:
    """A message's content as stored parts. Raises ApiError in the API's words."""
    if isinstance(content, str):
        return [_text(role, content)]
    if not isinstance(content, list):
        raise invalid_value(param, "expected a string or an array of parts.")
    parts = [_read_part(part, role=role, param=f"{param}[{i}]") for i, part in enumerate(content)]
    if sum(len(part.get("file_data") or "") for part in parts) * 3 // 4 > _LARGEST_FILE:
        raise _too_large(param)
    return parts


def marked(item: Json) -> bool:
    """Whether a prefix that is to be kept ends with this item."""
    return any(MARK in part for part in item.get("content", ()))


def output_text(text: str) -> Json:
    """Build the content part of an assistant's text."""
    return {"type": "output_text", "annotations": [], "logprobs": [], "text": text}


def count_part(part: Json) -> int:
    """About how many tokens a part costs."""
    match part["type"]:
        case "input_image":
            return _count_image(part)
        case "input_file":
            return _count_file(part)
        case _:
            return count_tokens(part.get("text") or part.get("refusal") or "")


def check_senses(items: Iterable[Json], *, model: str, refused: Mapping[str, set[str]]) -> None:
    """Raises ApiError where some item holds what this model takes no notice of."""
    for item in items:
        for part in item.get("content", ()):
            if part["type"] in refused.get(model, ()):
                raise unsupported_value("input", part["type"], model=model)


def _read_part(part: Any, *, role: str, param: str) -> Json:
    text = "output_text" if role == "assistant" else "input_text"
    accepted = {text, "refusal"} if role == "assistant" else {text, *MEDIA}
    if not isinstance(part, dict) or part.get("type") not in accepted:
        raise ApiError(
            400, f"Invalid value. Supported values are: '{text}'.", "invalid_value", param
        )
    if part["type"] in MEDIA:
        return _read_media(part, param=param) | _read_mark(part, role=role, param=param)
    if part["type"] != text:
        return part
    if not isinstance(part.get("text"), str):
        raise missing_parameter(f"{param}.text")
    return _text(role, part["text"]) | _read_mark(part, role=role, param=param)


def _read_mark(part: Json, *, role: str, param: str) -> Json:
    """Where a prefix ends that is to be kept: in what is put in, and never in an answer."""
    if MARK not in part:
        return {}
    mark, param = part[MARK], f"{param}.{MARK}"
    if role == "assistant":
        raise unknown_parameter(param)
    if not isinstance(mark, dict) or mark.get("mode") != "explicit":
        raise invalid_value(f"{param}.mode", "Supported values are: 'explicit'.")
    if mark.get("ttl", _LIFETIMES[0]) not in _LIFETIMES:
        raise invalid_value(f"{param}.ttl", "Supported values are: '30m' and '12h'.")
    return {MARK: mark}


def _text(role: str, text: str) -> Json:
    if role == "assistant":
        return output_text(text)
    return {"type": "input_text", "text": text}


def _read_media(part: Json, *, param: str) -> Json:
    kind = part["type"]
    if strangers := sorted(part.keys() - _FIELDS[kind]):
        raise unknown_parameter(f"{param}.{strangers[0]}")
    if kind == IMAGE and "detail" not in part:
        raise missing_parameter(f"{param}.detail")
    if part.get("detail", "auto") not in _DETAILS[kind]:
        known = ", ".join(f"'{one}'" for one in _DETAILS[kind])
        raise invalid_value(f"{param}.detail", f"Supported values are: {known}.")
    if part.get("file_id"):
        raise no_such_file(str(part["file_id"]), param=f"{param}.file_id")  # none is uploaded here
    read = _read_image(part, param=param) if kind == IMAGE else _read_file(part, param=param)
    return {"type": kind, "detail": part.get("detail", "auto"), "file_id": None, **read}


def _read_image(part: Json, *, param: str) -> Json:
    url = part.get("image_url")
    if not isinstance(url, str) or not url:
        raise missing_parameter(f"{param}.image_url")
    form, content = _decode(url, "image_url", param=param)
    if mistake := _find_mistake(form, content):
        raise bad_image(mistake, param=f"{param}.image_url")
    return {"image_url": url}


def _find_mistake(form: str, content: bytes) -> str | None:
    """The code of what is wrong with a picture."""
    if not content:
        return "empty_image_file"
    if not form.startswith("image/"):
        return "invalid_image_format"
    picture = measure(content[:_HEAD] if not content.startswith(b"GIF") else content)
    if picture is None or not (picture.width and picture.height):
        return "image_parse_error"
    moves = picture.form == "gif" and picture.is_animated
    return "invalid_image_format" if moves else None


def _read_file(part: Json, *, param: str) -> Json:
    if part.get("file_url"):
        raise invalid_value(f"{param}.file_url", "the file could not be downloaded.")
    for name in ("file_data", "filename"):
        if not isinstance(part.get(name), str) or not part[name]:
            raise missing_parameter(f"{param}.{name}")
    _, content = _decode(part["file_data"], "file_data", param=param)
    if len(content) > _LARGEST_FILE:
        raise _too_large(param)
    suffix = part["filename"].rpartition(".")[2].lower()
    if suffix not in _READ or not content:
        raise _unreadable(param, f"a file named '{suffix}' with {len(content)} bytes")
    if suffix == "pdf" and b"%PDF-" not in content[:1024]:
        raise _unreadable(param, "the content of which is not a PDF's")
    return {"filename": part["filename"], "file_data": part["file_data"]}


def _decode(url: str, name: str, *, param: str) -> tuple[str, bytes]:
    """The media type and the content of a data URL."""
    if len(url) > _LONGEST[name]:
        raise too_long(f"{param}.{name}", len(url), most=_LONGEST[name])
    found = _DATA_URL.match(url)
    if found is None:
        code = "invalid_image_url" if name == "image_url" else "invalid_value"
        raise bad_image(code, param=f"{param}.{name}")
    try:
        return found[1], b64decode(url[found.end() :], validate=True)
    except (binascii.Error, ValueError):
        code = "invalid_base64_image" if name == "image_url" else "invalid_value"
        raise bad_image(code, param=f"{param}.{name}") from None


def _count_image(part: Json) -> int:
    url = part["image_url"]
    picture = measure(b64decode(url[url.index(",") + 1 :][:_HEAD]))
    if picture is None:
        return 0
    patches = ceil(picture.width / _PATCH) * ceil(picture.height / _PATCH)
    return min(patches, _MOST_PATCHES.get(part["detail"], patches))


def _count_file(part: Json) -> int:
    size = len(part["file_data"].partition(",")[2]) * 3 // 4
    if not part["filename"].lower().endswith(".pdf"):
        return size // 4
    return ceil(size / _PAGE_BYTES) * _PAGE_TOKENS.get(part["detail"], _USUAL_PAGE_TOKENS)


def _too_large(param: str) -> ApiError:
    most = f"{_LARGEST_FILE // 1024 // 1024} MB"
    return ApiError(
        400, f"The files exceed the limit of {most}.", "file_above_max_size", f"{param}.file_data"
    )


def _unreadable(param: str, what: str) -> ApiError:
    return ApiError(
        400,
        f"Invalid file data: expected a supported file, got {what}.",
        "unsupported_file",
        f"{param}.file_data",
    )
