"""What a message of chat completions is made of: words, and what is shown or said beside. Pure.

As OpenAI's API has them: `image_url` by an address or with all that is in it, `input_audio` and
`file` with all that is in them. What somebody uploaded to OpenAI (`file_id`) is nobody's here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.gateways.files import Link, data_link, link_in

LONGEST_TYPE: Final = 64  # characters of it that are told


@dataclass(frozen=True, slots=True)
class Beside:
    """A part that is no words: where it stands, what it calls itself, and what there is to have."""

    place: int
    type: str
    link: Link | None


def words_in(message: Mapping[str, Any]) -> str:
    """All words; "" where there is nothing in them."""
    content = message.get("content")
    said = [content] if isinstance(content, str) else map(_said, _parts(message))
    told = "\n".join(filter(None, said)).replace("\0", "")
    return told if told.strip() else ""


def beside_in(message: Mapping[str, Any]) -> Sequence[Beside]:
    """All other parts."""
    parts = enumerate(_parts(message))
    return [Beside(at, _type(one), _link(one)) for at, one in parts if _said(one) is None]


def _parts(message: Mapping[str, Any]) -> Sequence[Any]:
    content = message.get("content")
    return content if isinstance(content, list) else ()


def _said(part: Any) -> str | None:
    said = part.get("text") if isinstance(part, dict) else None
    return said if isinstance(said, str) else None


def _type(part: Any) -> str:
    return str(part.get("type", ""))[:LONGEST_TYPE] if isinstance(part, dict) else ""


def _link(part: Any) -> Link | None:
    its = part.get(_type(part)) if isinstance(part, dict) else None
    match _type(part), its:
        case "image_url", {"url": str(url)} | str(url):
            return _shown(url, "image")
        case "input_audio", {"data": str(data), **more}:
            kind = str(more.get("format", ""))
            return data_link(f"data:audio/{kind};base64,{data}", f"audio.{kind}")
        case "file", {"file_data": str(data), **more}:
            url = data if data[:5].lower() == "data:" else f"data:;base64,{data}"
            return data_link(url, str(more.get("filename", "")))
        case _:
            return None


def _shown(url: str, media_type: str) -> Link | None:
    is_data = url[:5].lower() == "data:"
    return data_link(url) if is_data else link_in({"url": url, "mediaType": media_type})
