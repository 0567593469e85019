"""What the emulated Telegram knows, as plain data; messages and updates stay Bot API JSON."""

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

Json = dict[str, Any]


def encode(value: Any) -> str:
    """Compact JSON with the text as it is, but for lone surrogates, which UTF-8 cannot hold."""
    text = _ENCODER.encode(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        return _ASCII_ENCODER.encode(value)
    return text


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_ASCII_ENCODER = json.JSONEncoder(separators=(",", ":"))


class ChatType(StrEnum):
    """The kinds of chat that the emulator knows."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"


class Status(StrEnum):
    """What someone is in a chat."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    LEFT = "left"
    KICKED = "kicked"

    @property
    def is_inside(self) -> bool:
        return self not in (Status.LEFT, Status.KICKED)


@dataclass(slots=True)
class Bot:
    """A bot and its profile. Texts and commands are kept per language, "" being the default."""

    id: int
    token: str
    username: str
    first_name: str
    reads_all_group_messages: bool = False
    texts: dict[str, dict[str, str]] = field(default_factory=dict)
    commands: dict[str, dict[str, list[Json]]] = field(default_factory=dict)  # by scope, as JSON
    allowed_updates: list[str] = field(default_factory=list)  # empty: Telegram's default
    webhook_url: str = ""
    owner_id: int | None = None  # the person whose bot it is; None: made by a test or at the start
    manager_id: int | None = None  # the bot that controls it
    can_manage_bots: bool = False
    renamed_at: list[float] = field(default_factory=list)  # lately, in seconds since the epoch

    def user(self) -> Json:
        """The Bot API's User."""
        return {
            "id": self.id,
            "is_bot": True,
            "first_name": self.first_name,
            "username": self.username,
        }

    def dump(self) -> Json:
        return asdict(self)

    @classmethod
    def load(cls, body: Json) -> Self:
        return cls(**body)


@dataclass(slots=True)
class Person:
    """Someone with a Telegram account."""

    id: int
    first_name: str
    username: str | None = None
    language_code: str | None = None
    is_deactivated: bool = False

    def user(self) -> Json:
        """The Bot API's User."""
        user = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        if self.username:
            user["username"] = self.username
        if self.language_code:
            user["language_code"] = self.language_code
        return user

    def dump(self) -> Json:
        return asdict(self)

    @classmethod
    def load(cls, body: Json) -> Self:
        return cls(**body)


@dataclass(slots=True)
class Chat:
    """A private chat (its id is the person's, `bot_id` the bot's), a group or a supergroup."""

    id: int
    type: ChatType
    title: str  # of a private chat: the person's first name
    username: str | None = None
    bot_id: int = 0  # 0 for groups
    is_blocked: bool = False  # the person blocked the bot
    members: dict[int, Status] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    keyboard: Json | None = None  # the last reply keyboard or forced reply, and its message's id
    moved_to: int | None = None  # the supergroup that this group became

    @property
    def is_private(self) -> bool:
        return self.type is ChatType.PRIVATE

    def ids_owner(self, bot_id: int) -> int:
        """Whose sequence numbers the messages: the bot's, or the supergroup's own."""
        return self.id if self.type is ChatType.SUPERGROUP else bot_id

    def brief(self) -> Json:
        """The Bot API's Chat."""
        chat: Json = {"id": self.id}
        chat["first_name" if self.is_private else "title"] = self.title
        if self.username:
            chat["username"] = self.username
        chat["type"] = self.type.value
        if self.topics:
            chat["is_forum"] = True
        return chat

    def dump(self) -> Json:
        return asdict(self)

    @classmethod
    def load(cls, body: Json) -> Self:
        body["type"] = ChatType(body["type"])
        body["members"] = {int(key): Status(value) for key, value in body["members"].items()}
        body["topics"] = {int(key): value for key, value in body["topics"].items()}
        return cls(**body)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in; `size` in bytes, where it is larger than the content given."""

    name: str
    mime_type: str
    content: bytes
    size: int | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A stored file; `path` is what getFile answers. Of a content not held the size is known."""

    id: str
    path: str
    name: str
    mime_type: str
    content: bytes
    size: int

    def brief(self) -> Json:
        """The fields that all of the Bot API's file objects share."""
        return {"file_id": self.id, "file_unique_id": f"u{self.id}", "file_size": self.size}
