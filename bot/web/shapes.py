"""The log of a chat as it is told to those who read it. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bot.core.json_text import to_json
from bot.web.attached import all_of
from bot.web.letter import kept_of, own_id
from db.log import EntryKind, LogEntry
from db.records import OutboxKind

RETRY: Final = b"retry: 2000\n\n"  # milliseconds until somebody comes again
ALIVE: Final = b": \n\n"
_FROM: Final[Mapping[OutboxKind | None, str]] = {OutboxKind.REPLY: "assistant"}


@dataclass(frozen=True, slots=True)
class Told:
    """An event; one without a number stands in no log."""

    event: str
    data: Mapping[str, Any]
    seq: int | None = None

    def as_json(self) -> Mapping[str, Any]:
        """As it is told to who asks again and again."""
        return {"seq": self.seq, "event": self.event, "data": self.data}

    def as_sse(self) -> bytes:
        """As it is told in a stream."""
        number = "" if self.seq is None else f"id: {self.seq}\n"
        return f"{number}event: {self.event}\ndata: {to_json(self.data)}\n\n".encode()


def as_told(entry: LogEntry) -> Told:
    """What happened."""
    match entry.kind:
        case EntryKind.HEARD | EntryKind.SAID:
            return Told("message", message(entry), entry.seq)
        case EntryKind.KEYS:
            shown = {"message": entry.on, "buttons": _json(entry.markup)}
            return Told("keys", shown, entry.seq)
        case EntryKind.READ:
            return Told("read", {"seq": entry.number}, entry.seq)
        case EntryKind.ERASED:
            return Told("erased", {"before": entry.seq}, entry.seq)


def message(entry: LogEntry) -> Mapping[str, Any]:
    """One that was said, by whom, and when."""
    theirs = entry.kind is EntryKind.HEARD
    letter = kept_of(entry)
    said: dict[str, Any] = {
        "seq": entry.seq,
        "id": own_id(entry.message_id or ""),
        "from": "client" if theirs else _FROM.get(entry.said_as, "notice"),
        "text": letter.get("text", "") if theirs else entry.text,
        "entities": _json(entry.entities),
        "at": moment(entry.at),
    }
    if buttons := _json(entry.markup):
        said["buttons"] = buttons
    if attached := [*all_of(letter)]:
        said["attachments"] = [
            {"kind": one.sent, "name": one.name, "size": one.size} for one in attached
        ]
    return said


def page(entries: Sequence[LogEntry], *, limit: int, seq: int) -> Mapping[str, Any]:
    """Messages, oldest first; where to go on before them, if at all; and the newest number."""
    return {
        "messages": [message(one) for one in entries],
        "before": entries[0].seq if len(entries) == limit else None,
        "seq": seq,
    }


def moment(at: float) -> str:
    """In UTC, to the millisecond (RFC 3339)."""
    told = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
    return told.replace("+00:00", "Z")


def _json(kept: str | None) -> Any:
    return json.loads(kept) if kept else []
