"""Messages with something beside their words, and what the model is asked with then."""

from collections import deque
from itertools import count

from bot.core.attachments import AttachmentKind
from db.records import Incoming
from tests.fakes.channel import Client
from tests.turns.desk import House

PICTURE, SPEECH, FILE = AttachmentKind
VOICE = b"OggS, and then sound"
NUMBERS = count(1)


def sends(
    house: House,
    client: Client,
    kind: AttachmentKind,
    *content: bytes | Exception,
    **said: object,
) -> Incoming:
    """A message, and what each try to fetch what came with it has."""
    file_id = f"file-{next(NUMBERS)}"
    house.channel.content[file_id] = deque(content)
    return client.sends({"kind": kind, "file_id": file_id, "unique_id": file_id, **said})


def told(house: House) -> list[str]:
    """What the model was asked with last."""
    return [line.text for line in house.model.asked[-1].lines]


def shown(house: House) -> list[bytes]:
    """What it was shown last."""
    return [file.content for line in house.model.asked[-1].lines for file in line.files]
