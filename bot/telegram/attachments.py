"""What came with a message, as far as it can be fetched. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from bot.core.attachments import Attachment, AttachmentKind
from bot.telegram.message import Message, replied_to
from bot.telegram.wire import integer, mapping, sequence, string

LONGEST_SIDE: Final = 1_600  # pixels: what a model looks at more closely, it pays for in vain

_SPEECH: Final = ("voice", "video_note", "audio", "video")
# A GIF is a document as well; of a sticker its emoji is told.
_NOT_FETCHED: Final = ("animation", "sticker")


def attachment_in(message: Message) -> Attachment | None:
    """What came with it, else with the message of this chat that it replies to."""
    return _own(message) or _own(replied_to(message))


def _own(message: Message) -> Attachment | None:
    if any(name in message for name in _NOT_FETCHED):
        return None
    if sizes := [one for one in map(mapping, sequence(message.get("photo"))) if one]:
        return _read(AttachmentKind.PICTURE, _fitting(sizes))
    for name in _SPEECH:
        if name in message:
            return _read(AttachmentKind.SPEECH, mapping(message[name]))
    if "document" in message:
        return _read(AttachmentKind.FILE, mapping(message["document"]))
    return None


def _fitting(sizes: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The largest of a photo's sizes that is not over LONGEST_SIDE, else the smallest."""
    by_side = sorted(sizes, key=_side)
    fitting = [size for size in by_side if _side(size) <= LONGEST_SIDE]
    return fitting[-1] if fitting else by_side[0]


def _side(size: Mapping[str, Any]) -> int:
    return max(integer(size.get("width")) or 0, integer(size.get("height")) or 0)


def _read(kind: AttachmentKind, found: Mapping[str, Any]) -> Attachment | None:
    file_id = string(found.get("file_id"))
    if not file_id:
        return None
    return Attachment(
        kind=kind,
        file_id=file_id,
        unique_id=string(found.get("file_unique_id")),
        name=string(found.get("file_name")),
        size=integer(found.get("file_size")),
        seconds=integer(found.get("duration")),
    )
