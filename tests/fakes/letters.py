"""A second channel, as unlike Telegram as one may be: letters to and from addresses of words.

Its ids are texts, its letters are short, and it takes each letter once, however often it is sent
under one key: so nothing is ever in doubt. What clients get outlives the processes that send it.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from textwrap import wrap
from typing import Final

from bot.core.attachments import Attachment, AttachmentKind, Extract
from bot.errors import GiveUp, InDoubt, TooMuch
from bot.ports import AnswerKey, ClientMessage, Outgoing, Rendered, Written
from db.records import Address, Incoming, UpdateKind

LETTERS: Final = "letters"
DESK: Final = -1  # our number there
LONGEST: Final = 60  # characters of a letter


@dataclass(slots=True)
class LetterBox:
    """All letters that were delivered: by our key, each once; `bot.ports.Channel`."""

    noted: Callable[[], object] = lambda: None  # called when something was delivered
    delivered: dict[str, Outgoing] = field(default_factory=dict)
    typed: list[Address] = field(default_factory=list)
    enclosed: dict[str, bytes] = field(default_factory=dict)  # in letters, by their numbers
    fetched: list[str] = field(default_factory=list)
    answers_lost: int = 0  # so many of the next letters are delivered, and nobody is told
    letters_lost: int = 0  # so many are not, and nobody is told either
    held: asyncio.Event | None = None  # while it is there, the answer to a delivery waits for it
    holding: int = 0  # answers that wait

    has_keys: bool = True

    search: None = None
    logged: bool = False

    def hold(self) -> None:
        """From now on what is delivered stays unanswered until `held` is taken away."""
        self.held = asyncio.Event()

    def received(self, chat_id: str) -> list[str]:
        """What stands in the letters to somebody, in the order of their delivery."""
        return [one.text for one in self.delivered.values() if one.address.chat_id == chat_id]

    def read(self, payload: str, *, bot_id: int) -> ClientMessage:
        assert bot_id == DESK
        letter = json.loads(payload)
        if "body" not in letter:
            raise ValueError("no letter")
        sender = letter["sender"]
        body = letter["label"] or letter["body"]
        enclosed, extract = letter["enclosed"], Extract.of(letter.get("made of it"))
        kind = AttachmentKind(enclosed["kind"]) if enclosed else None
        number = letter["id"]
        attachment = Attachment(kind, number, number, enclosed["name"]) if kind else None
        return ClientMessage(
            *(number, body, sender, sender, letter["language"]),
            attachment=attachment,
            extract=extract,
        )

    @property
    def untrusted(self) -> Sequence[str]:
        return ('"enclosed": {',)

    def reaction(self, payload: str) -> None:
        """A letter has none."""

    def words(self, payload: str) -> Written:
        body = json.loads(payload).get("body")
        return Written(() if body is None else (body,))

    def render(self, markdown: str, *, mark: str = "") -> tuple[Rendered, ...]:
        pieces = wrap(mark + markdown, LONGEST, replace_whitespace=False)
        return tuple(Rendered(piece) for piece in pieces)

    def keys(self, rows: Sequence[Sequence[AnswerKey]]) -> str:
        return json.dumps({key.label: key.data for row in rows for key in row})

    def is_private(self, address: Address) -> bool:
        return address.channel == LETTERS

    def phone_call(self, address: Address) -> str | None:
        return None

    def is_awaited(self, address: Address) -> bool:
        return False

    def say_instead(self, payload: str, words: str) -> str:
        return json.dumps({**json.loads(payload), "body": words}, ensure_ascii=False)

    def keep(self, payload: str, extract: Extract) -> str:
        filled = {**json.loads(payload), "made of it": extract.as_json()}
        return json.dumps(filled, ensure_ascii=False)

    async def fetch(self, attachment: Attachment, *, bot_id: int, max_bytes: int) -> bytes:
        assert bot_id == DESK
        self.fetched.append(attachment.file_id)
        content = self.enclosed.get(attachment.file_id)
        if content is None:
            raise GiveUp("the envelope is empty")
        if len(content) > max_bytes:
            raise TooMuch("the parcel is too heavy")
        return content

    def delay(self, address: Address) -> float:
        assert address.channel == LETTERS
        return 0.0

    async def send(self, message: Outgoing) -> str:
        assert message.address.channel == LETTERS
        assert len(message.text) <= LONGEST
        if self.letters_lost:
            self.letters_lost -= 1
            raise InDoubt("the letter was lost")
        self.delivered.setdefault(message.key, message)
        self.noted()
        if self.held:
            self.holding += 1
            self.noted()
            await self.held.wait()
        if self.answers_lost:
            self.answers_lost -= 1
            raise InDoubt("the answer was lost")
        return f"<{message.key}@letters>"

    async def show_keys(self, address: Address, message_id: str, keys: str) -> None:
        key = message_id.strip("<>").partition("@")[0]
        self.delivered[key] = replace(self.delivered[key], markup=keys)
        self.noted()

    async def rewrite(self, message: Outgoing, message_id: str) -> None:
        """A letter that was sent stays as it is."""

    async def typing(self, address: Address) -> None:
        self.typed.append(address)


def letter(
    number: str,
    sender: str,
    body: str,
    *,
    language: str | None = "it",
    answers: str | None = None,
    label: str = "",
    enclosed: tuple[AttachmentKind, str] | None = None,
) -> Incoming:
    """A letter as it comes in; it may choose what another one, which it `answers`, offers.

    `enclosed`: how what comes with it is understood, and its name.
    """
    content: dict[str, object] = {
        "id": number,
        "sender": sender,
        "body": body,
        "language": language,
    }
    kind = {"kind": enclosed[0], "name": enclosed[1]} if enclosed else None
    content |= {"language": language, "answers": answers, "label": label, "enclosed": kind}
    return Incoming(
        update_id=number,
        payload=json.dumps(content, ensure_ascii=False),
        kind=UpdateKind.EVENT if body.startswith("/") else UpdateKind.MESSAGE,
        address=Address(LETTERS, DESK, sender),
        private=True,
        message_id=None if answers else number,
        pressed=answers,
        size=len(body),
        language=language,
    )
