"""A channel whose updates are tiny JSON objects and whose messages land in a list."""

import json
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from bot.core.attachments import Attachment, AttachmentKind, Extract
from bot.errors import TooMuch
from bot.ports import AnswerKey, ClientMessage, Outgoing, Rendered, Written
from bot.telegram.calls import Calls
from bot.telegram.ids import Ids
from bot.telegram.limiter import Limiter
from bot.telegram.read import say_instead, words_in
from bot.telegram.search import TelegramSearch
from db.engine import Database
from db.records import Address, Incoming, UpdateKind
from tests.addresses import chat_at
from tests.fakes.clock import NOON, FakeClock

BOT = 7
BOLD = '[{"type": "bold", "offset": 0, "length": 1}]'


@dataclass(slots=True)
class FakeChannel:
    """bot.ports.Channel. `refusals` are raised by the next sends, one each."""

    sent: list[Outgoing] = field(default_factory=list)
    typed: list[Address] = field(default_factory=list)
    edited: list[tuple[str, str]] = field(default_factory=list)  # message ids, and their new keys
    edits: deque[Exception | None] = field(default_factory=deque)  # raised by the next edits
    probed: list[str] = field(default_factory=list)
    meant: list[Outgoing] = field(default_factory=list)  # what was searched for, each time
    refusals: deque[Exception | None] = field(default_factory=deque)
    existing: dict[str, Outgoing] = field(default_factory=dict)
    delays: dict[int, float] = field(default_factory=dict)
    answer: Callable[[Outgoing], Awaitable[str]] | None = None  # instead of delivering at once
    on_found: Callable[[], None] | None = None  # called when a probe has found its message
    ids: Iterator[str] = field(default_factory=lambda: map(str, count(1000)))
    content: dict[str, deque[bytes | Exception]] = field(default_factory=dict)  # by file id
    fetched: list[str] = field(default_factory=list)
    on_fetch: Callable[[Attachment], Awaitable[object]] | None = None  # before the content comes
    has_keys: bool = True
    search: "FakeSearch | None" = None  # None: nothing is ever in doubt
    logged: bool = False
    phones: dict[str, str] = field(default_factory=dict)  # calls, by their chats

    def begins(self, database: Database) -> None:
        """A process begins, that searches among ids as Telegram gives them."""
        calls = Calls(accounts={}, limiter=Limiter(), clock=FakeClock())
        self.search = FakeSearch(database, calls, Ids(), self)

    def texts(self, chat_id: int = 1) -> list[str]:
        return [message.text for message in self.sent if message.address.chat_id == str(chat_id)]

    @property
    def untrusted(self) -> Sequence[str]:
        return ('"kind": "picture"', '"kind": "file"', '"forwarded": true')

    def read(self, payload: str, *, bot_id: int) -> ClientMessage:
        assert bot_id == BOT
        data = json.loads(payload)
        if "text" not in data:
            raise ValueError("no text")
        sent = data.get("attachment")
        return ClientMessage(
            *(data["message_id"], data["text"], "Anna", data.get("by", "1"), data.get("language")),
            attachment=_attachment(sent) if sent else None,
            extract=Extract.of(data.get("extract")),
        )

    def render(self, markdown: str, *, mark: str = "") -> tuple[Rendered, ...]:
        return tuple(_render(mark + part) for part in markdown.split("|"))

    def keys(self, rows: Sequence[Sequence[AnswerKey]]) -> str:
        return json.dumps([[[key.label, key.data] for key in row] for row in rows])

    def is_private(self, address: Address) -> bool:
        return int(address.chat_id) > 0

    def phone_call(self, address: Address) -> str | None:
        return self.phones.get(address.chat_id)

    def is_awaited(self, address: Address) -> bool:
        return False

    def reaction(self, payload: str) -> None:
        """Nobody reacts here."""

    def words(self, payload: str) -> Written:
        """As of Telegram's updates, which tests of secrets have."""
        return words_in(payload)

    def say_instead(self, payload: str, words: str) -> str:
        return say_instead(payload, words)

    def keep(self, payload: str, extract: Extract) -> str:
        return json.dumps({**json.loads(payload), "extract": extract.as_json()})

    async def fetch(self, attachment: Attachment, *, bot_id: int, max_bytes: int) -> bytes:
        """As Telegram gives what `content` holds; errors are raised, each once."""
        self.fetched.append(attachment.file_id)
        if self.on_fetch:
            await self.on_fetch(attachment)
        found = self.content[attachment.file_id].popleft()
        if isinstance(found, Exception):
            raise found
        if len(found) > max_bytes:
            raise TooMuch("too much")
        return found

    def delay(self, address: Address) -> float:
        return self.delays.get(int(address.chat_id), 0.0)

    async def send(self, message: Outgoing) -> str:
        if self.refusals and (refusal := self.refusals.popleft()):
            raise refusal
        message_id = await self.answer(message) if self.answer else self.deliver(message)
        if self.search:
            self.search.ids.saw(message.address, message_id)
        return message_id

    def deliver(self, message: Outgoing) -> str:
        self.sent.append(message)
        message_id = next(self.ids)
        self.existing[message_id] = message
        return message_id

    async def show_keys(self, address: Address, message_id: str, keys: str) -> None:
        if self.edits and (refusal := self.edits.popleft()):
            raise refusal
        self.edited.append((message_id, keys))
        if (there := self.existing.get(message_id)) and there.address == address:
            self.existing[message_id] = replace(there, markup=keys)

    async def rewrite(self, message: Outgoing, message_id: str) -> None:
        self.existing[message_id] = message

    async def typing(self, address: Address) -> None:
        self.typed.append(address)


@dataclass(frozen=True, slots=True)
class FakeSearch(TelegramSearch):
    """Where Telegram would look, in what the fake has delivered."""

    channel: FakeChannel

    async def is_delivered(self, message: Outgoing, message_id: str) -> bool:
        channel = self.channel
        channel.probed.append(message_id)
        channel.meant.append(message)
        there = channel.existing.get(message_id)
        found = there is not None and there.address == message.address
        if found and channel.on_found:
            channel.on_found()
        return found


def _attachment(sent: dict[str, Any]) -> Attachment:
    return Attachment(**{**sent, "kind": AttachmentKind(sent["kind"])})


def _render(text: str) -> Rendered:
    """What stands between stars is bold."""
    plain = text.replace("*", "")
    return Rendered(plain, BOLD if plain != text else None)


@dataclass(slots=True)
class Client:
    """Someone who writes: makes routed updates with growing numbers."""

    chat_id: int = 1
    language: str | None = "it"
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def writes(self, text: str, *, unfinished: bool = False) -> Incoming:
        number = next(self.numbers)
        return self._incoming(number, number, text, UpdateKind.MESSAGE, unfinished=unfinished)

    def sends(self, attachment: Mapping[str, object], text: str = "?") -> Incoming:
        """Words, and something that is fetched."""
        sent = self.writes(text)
        payload = {**json.loads(sent.payload), "attachment": attachment}
        return replace(sent, payload=json.dumps(payload))

    def edits(self, message_id: int, text: str) -> Incoming:
        """A minute after it was written."""
        edit = self._incoming(next(self.numbers), message_id, text, UpdateKind.EDIT)
        return replace(edit, written_at=NOON, edited_at=NOON + 60)

    def commands(self, text: str) -> Incoming:
        number = next(self.numbers)
        return self._incoming(number, number, text, UpdateKind.EVENT)

    def _incoming(
        self,
        number: int,
        message_id: int,
        text: str,
        kind: UpdateKind,
        *,
        unfinished: bool = False,
    ) -> Incoming:
        payload = {"message_id": str(message_id), "text": text, "language": self.language}
        return Incoming(
            update_id=str(self.chat_id * 1_000_000 + number),
            payload=json.dumps(payload),
            kind=kind,
            address=chat_at(BOT, self.chat_id),
            private=self.chat_id > 0,
            message_id=str(message_id),
            size=len(text),
            language=self.language,
            unfinished=unfinished,
        )
