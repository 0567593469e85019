"""Chats that are read over HTTP, as a `bot.ports.Channel`: what is committed is sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.attachments import Attachment, Extract
from bot.core.json_text import to_json
from bot.errors import GiveUp
from bot.ports import AnswerKey, ClientMessage, Outgoing, Reaction, Rendered, Written
from bot.web import letter
from bot.web.streams import Streams
from db.records import Address
from db.sites import WEB

Render = Callable[..., tuple[Rendered, ...]]


@dataclass(frozen=True, slots=True)
class WebChannel:
    """A message is there for its reader once its row says so: nothing is ever in doubt.

    `rendering`: Markdown as text and entities, as `render` takes it.
    """

    rendering: Render
    streams: Streams
    search: None = None
    logged: Final = True
    has_keys: Final = True

    @property
    def untrusted(self) -> Sequence[str]:
        return ()

    def read(self, payload: str, *, bot_id: int) -> ClientMessage:
        return letter.read(payload)

    def render(self, markdown: str, *, mark: str = "") -> tuple[Rendered, ...]:
        return self.rendering(markdown, mark=mark)

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
        return payload

    async def fetch(self, attachment: Attachment, *, bot_id: int, max_bytes: int) -> bytes:
        raise GiveUp("nothing comes along with a message here")

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
