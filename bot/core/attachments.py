"""What clients send beside words: what it is, what became of it, and how the model is told. Pure.

A picture is looked at by the model itself; what is spoken is heard once, and a file's text is read
once. What was heard or read, or why nothing could be, is kept with the message.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from bot.core.labels import Label, escape
from bot.core.tokens import hidden


class AttachmentKind(StrEnum):
    """In what way something can be understood."""

    PICTURE = "picture"  # looked at
    SPEECH = "speech"  # heard: a voice message, a song, the sound of a video
    FILE = "file"  # read; a picture that was sent as a file is looked at


class Sent(StrEnum):
    """What people see that somebody sent, if not only words."""

    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    AUDIO = "audio"
    FILE = "file"
    STICKER = "sticker"
    PLACE = "place"
    CONTACT = "contact"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Attachment:
    """Something that came with a message, and can be fetched from its channel under `file_id`.

    `name`, `size` (bytes) and `seconds` are what the sender's application said of it: each may be
    missing, and none is true for certain. `is_quoted`: it came with the message that is answered.
    """

    kind: AttachmentKind
    file_id: str
    unique_id: str  # the same for the same content
    name: str = ""
    size: int | None = None
    seconds: int | None = None
    is_quoted: bool = False


class NotRead(StrEnum):
    """Why nothing could be made of an attachment."""

    TOO_LARGE = "too large"
    TOO_LONG = "too long"
    GONE = "gone"  # the channel has it no more, or never gives it
    NOT_PUBLIC = "not public"  # the address under which it was said to be
    SILENT = "silent"
    UNSUPPORTED = "unsupported"
    LOCKED = "locked"
    NO_TEXT = "no text"
    BROKEN = "broken"
    TOO_MANY = "too many"
    FAILED = "failed"  # this time


@dataclass(frozen=True, slots=True)
class Extract:
    """What was heard or read, or why it was not; a picture that was fetched has neither."""

    text: str = ""
    whole: bool = True  # False: the text is the beginning of a longer one
    why: NotRead | None = None

    def within(self, longest: int) -> "Extract":
        """The same, of a text only so many characters."""
        if len(self.text) <= longest:
            return self
        return replace(self, text=self.text[:longest], whole=False)

    def as_json(self) -> dict[str, Any]:
        """As it is kept: without what opens a bot, an account or a role."""
        kept: dict[str, Any] = {"text": hidden(self.text), "whole": self.whole}
        return {**kept, "why": self.why} if self.why else kept

    @classmethod
    def of(cls, kept: object) -> "Extract | None":
        """What `as_json` wrote; None for anything else."""
        if not isinstance(kept, Mapping):
            return None
        text = kept.get("text")
        return cls(
            text if isinstance(text, str) else "",
            kept.get("whole") is not False,
            next((why for why in NotRead if why == kept.get("why")), None),
        )


LONGEST_SPEECH_SECONDS: Final = 300  # told before anything is fetched
LARGEST_BYTES: Final = 20 * 1024**2  # what a bot may download: core.telegram.org/bots/api#getfile
LARGEST_PICTURE_BYTES: Final = 5 * 1024**2
LARGEST_FILES_BYTES: Final = 20 * 1024**2  # of all that is looked at in one turn
LONGEST_TEXT: Final = 20_000  # characters of a file
LONGEST_TEXTS: Final = 60_000  # of all files of one turn
MOST: Final = 10  # of one turn: as many as an album has

_WHY: Final[Mapping[NotRead, str]] = MappingProxyType(
    {
        NotRead.TOO_LARGE: f"too large: at most {LARGEST_BYTES // 1024**2} MB,"
        f" a picture or a scan {LARGEST_PICTURE_BYTES // 1024**2} MB",
        NotRead.TOO_LONG: f"too long: at most {LONGEST_SPEECH_SECONDS // 60} minutes",
        NotRead.GONE: "it cannot be had from here any more",
        NotRead.NOT_PUBLIC: "its address is none that can be reached from here",
        NotRead.SILENT: "nothing can be heard in it",
        NotRead.UNSUPPORTED: "of a kind that cannot be read here: text, PDF, Word, CSV and web"
        " pages can, and pictures as JPEG, PNG or WEBP",
        NotRead.LOCKED: "it has a password",
        NotRead.NO_TEXT: "there is no text in it, perhaps pictures of pages",
        NotRead.BROKEN: "it is damaged",
        NotRead.TOO_MANY: "too much at once",
        NotRead.FAILED: "it could not be got just now: it may be sent again, or written",
    }
)
_DONE: Final = {
    AttachmentKind.PICTURE: "looked at",
    AttachmentKind.SPEECH: "heard",
    AttachmentKind.FILE: "read",
}
MICROPHONE: Final = "🎤"  # before what was heard, for people
_HEARD: Final = Label("heard in it")
_READ: Final = Label("text in it")
_BEGINNING: Final = Label("the beginning of the text in it")


def told_of(kind: AttachmentKind, extract: Extract) -> str:
    """What stands behind the words of its message; "" for a picture that is looked at."""
    if extract.why:
        return str(Label(f"not {_DONE[kind]}: {_WHY[extract.why]}"))
    if not extract.text:
        return ""
    above = _HEARD if kind is AttachmentKind.SPEECH else _READ if extract.whole else _BEGINNING
    return f"{above}\n{escape(extract.text)}"


def in_brackets(sent: str, name: str, made: Extract, *, is_heard: bool) -> str:
    """The same for hosts: what it was, why it was not opened, and what was heard in it."""
    because = f", not opened: {made.why}" if made.why else ""
    heard = f" {MICROPHONE} {made.text}" if is_heard and made.text else ""
    return f"[{f'{sent} {name}'.rstrip()}{because}]{heard}"
