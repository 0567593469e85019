"""What comes in over HTTP as it is stored, and what intake must know about it. Pure."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.core.attachments import Extract, in_brackets
from bot.core.json_text import to_json
from bot.core.labels import one_line
from bot.core.secrets import MARK
from bot.front.commands import FORGET_YES
from bot.front.ratings import RATE
from bot.front.with_words import WithWords
from bot.ports import ClientMessage, Written
from bot.turns.keys import turn_of
from bot.web.attached import Attached, attachment_of, label_of, own_of, stored_in
from db.api_keys import ApiKey
from db.log import LogEntry
from db.records import Address, Incoming, UpdateKind

SOMEONE: Final = "Visitor"  # in a transcript, who says no name
LETTER_PURPOSE: Final = "web message"  # of the hashes by which the same words are known
LONGEST: Final = 4096  # characters of a message
EXTERNAL_ID: Final = r"[A-Za-z0-9._~@+-]{1,128}"  # how a program may call its client
CALL: Final = "phone:"  # before the phone stack's name of a call, in the id of its chat
ROUTE_END: Final = ":"  # behind the route in the id of a gateway's chat; in no other's
NEW_CHAT: Final = "c_"  # before what we call the chat of a visitor
EXTRACT: Final = "extract"  # in a stored letter: what was made of what came with it
PHONE: Final = "📞"  # before the name of who calls
LONGEST_ID: Final = 24  # characters of a program's id of its client that people read
LONGEST_PAGE: Final = 200  # characters of an address
SHORT_ID: Final = 6  # of a longer one
_COMMAND: Final = re.compile(r"/([A-Za-z0-9_]{1,64})(?:\s+|\Z)")
_NOT_SHOWN: Final = (FORGET_YES, RATE)  # what a press brings that is nothing to read
WITH_WORDS: Final = WithWords()


@dataclass(frozen=True, slots=True)
class Press:
    """A key that was tapped: what it brings, and the id of the message under which it stands."""

    on: str
    data: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A client's message; of a tapped key the label is its text.

    `id`: the client's own, once in a chat. `digests`: by what the same words are known again.
    `name`: theirs, as their company says it. `place`: from where a visitor writes, as a hash.
    `page`: on which they do, as people read its address. `program`: the key with which one writes.
    """

    id: str
    text: str
    digests: Sequence[str]
    language: str | None = None
    press: Press | None = None
    name: str = ""
    attached: Sequence[Attached] = ()
    place: str | None = None
    page: str = ""
    program: ApiKey | None = None

    def as_incoming(self, address: Address) -> Sequence[Incoming]:
        """As intake takes it; known to be the same by its id, for two days and in its chat."""
        first = self._incoming(address)
        rest = [
            replace(self, id=f"{self.id}/{place}", text="", attached=[one])
            for place, one in enumerate(self.attached[1:], 2)
        ]
        return [first, *(replace(one._incoming(address), logged=False) for one in rest)]

    def _incoming(self, address: Address) -> Incoming:
        content: dict[str, Any] = {"id": self.id, "text": self.text, "digest": self.digests[0]}
        content["language"] = self.language
        content["from"] = address.chat_id
        if self.name:
            content["name"] = self.name
        if self.page:
            content["page"] = one_line(self.page, LONGEST_PAGE)
        content |= stored_in(self.attached)
        if self.program:
            content |= {"program": self.program.id, "key": self.program.name}
        if self.press:
            content["press"] = {"on": self.press.on, "data": self.press.data}
        return Incoming(
            update_id=f"{address.chat_id}/{self.id}",
            payload=to_json(content),
            kind=self._kind(),
            address=address,
            private=True,
            message_id=stored_id(self.id),
            place=self.place,
            size=len(self.text.encode("utf-16-le")) // 2,
            language=self.language,
            asks=self._may_become_message(),
            pressed=self.press.on if self.press else None,
            logged=self.press is None or not self.press.data.startswith(_NOT_SHOWN),
            by_phone=call_at(address) is not None,
            awaited=is_awaited(address),
            upload=(self.attached[0].token or None) if self.attached else None,
        )

    def _kind(self) -> UpdateKind:
        is_event = self.press or (_COMMAND.match(self.text) and not self.attached)
        return UpdateKind.EVENT if is_event else UpdateKind.MESSAGE

    def _may_become_message(self) -> bool:
        if self.press:
            return turn_of(self.press.data) is not None
        return not self.attached and WITH_WORDS.asks(self.text)


def stored_id(own: str) -> str:
    """A client's id of a message among those of ours, which are numbers."""
    return f"c/{own}"


def own_id(stored: str) -> str:
    """The id that the client, or we, gave a message."""
    return stored.removeprefix("c/")


def call_at(address: Address) -> str | None:
    """The phone call that a chat is; None: it is none."""
    return address.chat_id[len(CALL) :] if address.chat_id.startswith(CALL) else None


def is_awaited(address: Address) -> bool:
    """Whether this is a gateway's chat: who asks there waits until all is said."""
    return ROUTE_END in address.chat_id


def stored(payload: str) -> Mapping[str, Any]:
    """A stored letter; nothing where its words are gone."""
    content = json.loads(payload)
    return content if isinstance(content, dict) and "text" in content else {}


def kept_of(entry: LogEntry | None) -> Mapping[str, Any]:
    """The stored letter that a client's message in a log is; nothing where there is none."""
    return stored(entry.payload) if entry and entry.payload else {}


def read(payload: str) -> ClientMessage:
    """The message in a stored letter. Raises ValueError when there is none to read."""
    content = stored(payload)
    if not content:
        raise ValueError("no letter")
    attached = own_of(content)
    return ClientMessage(
        message_id=stored_id(content["id"]),
        text=WITH_WORDS.behind(content["text"]),
        sender=content.get("name", ""),
        sender_id=content["from"],
        language=content["language"],
        labels=(label_of(attached),) if attached else (),
        sent=attached.sent if attached else None,
        attachment=attachment_of(attached) if attached else None,
        extract=_made_of(content, attached),
        page=content.get("page", ""),
        program=content.get("program"),
        program_client=_of_a_program(content),
    )


def keep(payload: str, extract: Extract) -> str:
    """The letter with what was made of what came with it."""
    return to_json({**json.loads(payload), EXTRACT: extract.as_json()})


def read_said(payload: str) -> tuple[str, str]:
    """Who wrote it, as people can tell them apart, and the words; in brackets what came along."""
    content = stored(payload)
    if not content:
        return SOMEONE, "[erased]"
    attached = own_of(content)
    made = _made_of(content, attached) or Extract()
    parts = [content["text"]]
    if attached:
        is_heard = attached.is_heard
        parts.insert(0, in_brackets(attached.sent, attached.name, made, is_heard=is_heard))
    nameless = f"{SOMEONE} {content['from'].removeprefix(NEW_CHAT)[:SHORT_ID]}"
    who = content.get("name") or _of_a_program(content) or nameless
    return who, " ".join(filter(None, parts))


def _of_a_program(content: Mapping[str, Any]) -> str:
    """Whom a program writes for: its key's name, and how it calls them; "": no program wrote."""
    if not (key := content.get("key")):
        return ""
    chat = content["from"]
    called = f"{key} · {_brief(chat)}"
    return f"{PHONE} {called}" if chat.startswith(CALL) else called


def _brief(chat: str) -> str:
    """What a program calls its client, if that is short, else enough to know it again."""
    name = chat.removeprefix(CALL).rpartition(ROUTE_END)[2].lstrip("#")
    return name if len(name) <= LONGEST_ID else name[:SHORT_ID]


def _made_of(content: Mapping[str, Any], attached: Attached | None) -> Extract | None:
    """Of what came with a letter: what was heard or read, or why it cannot be."""
    return Extract.of(content.get(EXTRACT)) or (attached.extract if attached else None)


def words(payload: str) -> Written:
    """What was typed."""
    content = stored(payload)
    return Written((content["text"],) if content.get("text") else ())


def say_instead(payload: str, words: str) -> str:
    """The letter as if it had these words and no others."""
    kept = {name: one for name, one in json.loads(payload).items() if name != MARK}
    return to_json({**kept, "text": words})


def command_in(text: str) -> tuple[str, str]:
    """The command that a text begins with, and what stands behind it; "" for none."""
    found = _COMMAND.match(text)
    return (found[1].lower(), text[found.end() :].strip()) if found else ("", text)
