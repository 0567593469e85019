"""Files as messages show them."""

from dataclasses import dataclass
from typing import Any, Final

from bot.playground.pictures import measure
from bot.playground.telegram.records import File, Json
from bot.playground.voices import seconds_of

SINGLE: Final = (
    *("document", "voice", "sticker"),
    *("audio", "video", "video_note", "animation"),
)
KINDS: Final = ("photo", *SINGLE)
_PHOTO_SIDES: Final = (90, 320, 800, 1_280, 2_560)  # pixels; a photo is made no larger
_USUAL_SIDES: Final = (512, 512)  # of what says none: a sticker's
_NOTE_SIDE: Final = 384


@dataclass(frozen=True, slots=True)
class Told:
    """What a sender's application tells of a file, true or not; None: what the file says itself."""

    seconds: int | None = None
    emoji: str = "🙂"  # of a sticker
    title: str = ""  # of a song
    performer: str = ""
    is_sized: bool = True  # whether it tells the size in bytes


AS_IT_IS: Final = Told()


def file_ids(message: Json) -> list[str]:
    """The ids of the files in a message; what has not the shape of a file is none."""
    photo = message.get("photo")
    found = [*(photo if isinstance(photo, list) else ()), *(message.get(one) for one in SINGLE)]
    return [file["file_id"] for file in found if isinstance(file, dict) and "file_id" in file]


def media(kind: str, file: File, told: Told = AS_IT_IS) -> Json:
    """The fields of a message that hold a file of this kind."""
    if kind == "photo":
        return {"photo": [*_photo_sizes(file, told)]}
    content = _describe(kind, file, told) | _brief(file, told)
    # A GIF is shown as a document as well, to those that know no animations.
    also = {"document": _describe("document", file, told) | _brief(file, told)}
    return {kind: content} | (also if kind == "animation" else {})


def _describe(kind: str, file: File, told: Told) -> Json:
    named = {"file_name": file.name, "mime_type": file.mime_type}
    seconds = told.seconds if told.seconds is not None else max(1, int(seconds_of(file.content)))
    width, height = _sides(file)
    size = {"width": width, "height": height}
    match kind:
        case "voice":
            return {"duration": seconds, "mime_type": file.mime_type}
        case "audio":
            tags = {"title": told.title, "performer": told.performer}
            return {"duration": seconds, **{k: v for k, v in tags.items() if v}, **named}
        case "video_note":
            return {"length": _NOTE_SIDE, "duration": seconds}
        case "video" | "animation":
            return {"duration": seconds, **size, **named}
        case "sticker":
            form = {"type": "regular", "is_animated": False, "is_video": False}
            return {**size, **form, "emoji": told.emoji}
        case _:
            return named


def _photo_sizes(file: File, told: Told) -> list[Json]:
    """One picture in several sizes. Here all have the same content: nobody makes it smaller."""
    width, height = _sides(file)
    longest = min(max(width, height), _PHOTO_SIDES[-1])
    sides = [*(side for side in _PHOTO_SIDES if side < longest), longest]
    return [
        _brief(file, told)
        | {
            "file_id": f"{file.id}.{side}",
            "file_unique_id": f"u{file.id}.{side}",
            "width": max(1, width * side // max(width, height)),
            "height": max(1, height * side // max(width, height)),
        }
        for side in sides
    ]


def _sides(file: File) -> tuple[int, int]:
    picture = measure(file.content)
    return (picture.width, picture.height) if picture else _USUAL_SIDES


def _brief(file: File, told: Told) -> dict[str, Any]:
    shown = file.brief()
    return shown if told.is_sized else {k: v for k, v in shown.items() if k != "file_size"}
