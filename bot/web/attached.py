"""What came with a letter, as it stands in it. Pure.

A letter has one such thing at most, as a message of Telegram's has: of several each further one is
a letter of its own, without words, which stands in no log. The first tells of all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

from bot.core.attachments import Attachment, AttachmentKind, Extract, NotRead, Sent
from bot.core.labels import Label
from bot.core.signatures import picture_type, speech_name

OWN: Final = "attached"  # the letter's own, and
BESIDE: Final = "beside"  # what came along in others
# Nobody can tell whose words a recording holds: it is no voice message, which is said right now.
MARKS: Final = (f'"{OWN}":',)
HEAD: Final = 1024  # bytes that tell what it is
_FILMS: Final = frozenset({".mp4", ".m4v", ".mov", ".webm", ".mkv", ".3gp", ".avi"})
_LABELS: Final = {Sent.PHOTO: "photo", Sent.FILE: "document"}  # as of Telegram's


@dataclass(frozen=True, slots=True)
class Attached:
    """`token`: under which it was uploaded. `name`: as it is said to be called. `size`: bytes.

    `why`: what kept it from coming, where there is nothing under a token.
    """

    token: str
    kind: AttachmentKind
    name: str
    size: int
    why: NotRead | None = None

    @property
    def extract(self) -> Extract | None:
        """What is known of it before anybody opens it."""
        return Extract(why=self.why) if self.why else None

    @property
    def is_heard(self) -> bool:
        """Whether there may be words in it that are spoken."""
        return self.kind is AttachmentKind.SPEECH

    @property
    def sent(self) -> Sent:
        """What people see that it is."""
        if self.is_heard:
            is_film = PurePath(self.name).suffix.lower() in _FILMS
            return Sent.VIDEO if is_film else Sent.AUDIO
        return Sent.PHOTO if self.kind is AttachmentKind.PICTURE else Sent.FILE

    def as_json(self) -> Mapping[str, Any]:
        """As it is stored."""
        its = {"file": self.token, "kind": self.kind, "name": self.name, "size": self.size}
        return its | ({"why": self.why} if self.why else {})


def kind_by(head: bytes) -> AttachmentKind:
    """By the first bytes: what somebody says of it is not believed."""
    if picture_type(head):
        return AttachmentKind.PICTURE
    return AttachmentKind.SPEECH if speech_name(head) else AttachmentKind.FILE


def stored_in(attached: Sequence[Attached]) -> Mapping[str, Any]:
    """What stands in a letter that came with these."""
    if not attached:
        return {}
    own, *beside = (one.as_json() for one in attached)
    return {OWN: own, BESIDE: beside} if beside else {OWN: own}


def own_of(letter: Mapping[str, Any]) -> Attached | None:
    """What came with a stored letter."""
    return _read(letter[OWN]) if OWN in letter else None


def all_of(letter: Mapping[str, Any]) -> Iterator[Attached]:
    """What came with it, and in others along with it."""
    if OWN in letter:
        yield from map(_read, (letter[OWN], *letter.get(BESIDE, ())))


def attachment_of(attached: Attached) -> Attachment:
    """As the engine fetches it."""
    return Attachment(
        attached.kind, attached.token, attached.token, name=attached.name, size=attached.size
    )


def label_of(attached: Attached) -> Label:
    """As the model is told of it."""
    name = "" if attached.sent is Sent.PHOTO else attached.name
    return Label(_LABELS.get(attached.sent, attached.sent), name)


def _read(kept: Mapping[str, Any]) -> Attached:
    why = NotRead(kept["why"]) if "why" in kept else None
    return Attached(kept["file"], AttachmentKind(kept["kind"]), kept["name"], kept["size"], why)
