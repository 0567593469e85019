"""Chats that are read over HTTP, as a `bot.ports.Channel`: what is committed is sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.core.attachments import Attachment, Extract
from bot.core.json_text import to_json
from bot.errors import GiveUp, RetryLater, TooMuch
from bot.ports import AnswerKey, ClientMessage, Outgoing, Reaction, Rendered, Written
from bot.web import attached, letter
from bot.web.streams import Streams
from bot.web.tappable import tappable
from db.engine import Database
from db.records import Address
from db.sites import WEB
from db.uploads import piece_of

Render = Callable[..., tuple[Rendered, ...]]
OPENS_SECONDS: Final = 1.0


@dataclass(slots=True)
class Shelf:
    """Where uploads are kept, once the channel is served."""

    database: Database | None = None

    async def get(self, bot_id: int, token: str, size: int) -> bytes:
        """An upload, read piece by piece. Raises GiveUp: it is gone, or was never whole."""
        if self.database is None:
            raise RetryLater(OPENS_SECONDS, "the channel is not served yet")
        content, number = bytearray(), 0
        while len(content) < size:
            piece = await self.database.read(piece_of, bot_id, token, number)
            if piece is None:
                raise GiveUp("the upload is gone")
            content += piece
            number += 1
        return bytes(content)


@dataclass(frozen=True, slots=True)
class WebChannel:
    """A message is there for its reader once its row says so: nothing is ever in doubt.

    `rendering`: Markdown as text and entities, as `render` takes it.
    """

    rendering: Render
    streams: Streams
    shelf: Shelf = field(default_factory=Shelf)
    search: None = None
    logged: Final = True
    has_keys: Final = True

    @property
    def untrusted(self) -> Sequence[str]:
        return attached.MARKS

    def read(self, payload: str, *, bot_id: int) -> ClientMessage:
        return letter.read(payload)

    def render(self, markdown: str, *, mark: str = "") -> tuple[Rendered, ...]:
        return tuple(map(tappable, self.rendering(markdown, mark=mark)))

    def keys(self, rows: Sequence[Sequence[AnswerKey]]) -> str:
        return to_json([[{"text": key.label, "data": key.data} for key in row] for row in rows])

    def is_private(self, address: Address) -> bool:
        return address.channel == WEB

    def phone_call(self, address: Address) -> str | None:
        return letter.call_at(address)

    def is_awaited(self, address: Address) -> bool:
        return letter.is_awaited(address)

    def reaction(self, payload: str) -> Reaction | None:
        return None

    def words(self, payload: str) -> Written:
        return letter.words(payload)

    def say_instead(self, payload: str, words: str) -> str:
        return letter.say_instead(payload, words)

    def keep(self, payload: str, extract: Extract) -> str:
        return letter.keep(payload, extract)

    async def fetch(self, attachment: Attachment, *, bot_id: int, max_bytes: int) -> bytes:
        size = attachment.size or 0  # counted when it came
        if size > max_bytes:
            raise TooMuch
        return await self.shelf.get(bot_id, attachment.file_id, size)

    def delay(self, address: Address) -> float:
        return 0.0

    async def send(self, message: Outgoing) -> str:
        """Its row is about to say that it is sent, under this id."""
        return message.key

    async def show_keys(self, address: Address, message_id: str, keys: str) -> None:
        """The row of the keys is in the log itself."""

    async def rewrite(self, message: Outgoing, message_id: str) -> None:
        """What people of the company are told, they are told in Telegram."""

    async def typing(self, address: Address) -> None:
        self.streams.type(address)
