"""Raw updates, as Telegram sends them."""

import json
from typing import Any

from bot.core.labels import label
from bot.telegram.account import BotIdentity
from bot.telegram.read import read

Json = dict[str, Any]

ME = BotIdentity(id=4242, username="Hotel_Bot", first_name="Hotel")
US = {"id": 4242, "is_bot": True, "first_name": "Hotel", "username": "Hotel_Bot"}
ANNA = {"id": 7, "is_bot": False, "first_name": "Anna", "last_name": "Neri", "language_code": "it"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Anna"}
GROUP = {"id": -100, "type": "supergroup", "title": "Ospiti"}
NEWS = {"id": -5, "type": "channel", "title": "News"}
PHOTO = [{"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}]


def update(kind: str, content: object, *, update_id: int = 5) -> str:
    return json.dumps({"update_id": update_id, kind: content})


def message(text: str | None = None, /, *, chat: Json = PRIVATE, **fields: Any) -> Json:
    """A message of Anna's; `fields` replace or add."""
    content = {} if text is None else {"text": text}
    basis = {"message_id": 9, "date": 1_795_176_000, "chat": chat, "from": ANNA}
    return basis | content | fields


def private(text: str | None = None, /, **fields: Any) -> str:
    return update("message", message(text, **fields))


def in_group(text: str | None = None, /, **fields: Any) -> str:
    return update("message", message(text, chat=GROUP, **fields))


def mention(text: str, name: str = "@hotel_bot") -> list[Json]:
    """The entity of a name in a text, in UTF-16 units."""
    before, found, _ = text.partition(name)
    assert found
    offset = len(before.encode("utf-16-le")) // 2
    return [{"type": "mention", "offset": offset, "length": len(name)}]


def as_read(payload: str) -> str:
    """A message as the model reads it."""
    heard = read(payload, me=ME)
    return label(heard.labels, heard.text)
