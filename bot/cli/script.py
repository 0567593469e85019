"""A transcript to read: in the order of time, with the facts of each turn where it ends. Pure."""

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import groupby
from typing import Final

from bot.cli.console import in_a_cell, measure, pad
from bot.core.labels import one_line
from bot.core.tokens import hidden
from bot.core.visible import visible
from bot.telegram.said import read_said
from bot.web import letter
from db.records import TELEGRAM, OutboxKind, Stated, UpdateKind
from db.sites import WEB
from db.transcript import Called, HeardUpdate, Said, Transcript, TurnRow

HEADINGS: Final = ("TIME", "TURN", "WHO", "ID")
NARROWEST: Final = 24  # characters that a text gets on any terminal
LONGEST_CALL: Final = 500  # characters of what a call was made with, and of what came of it
_READERS: Final[Mapping[str, Callable[[str], tuple[str, str]]]] = {
    TELEGRAM: read_said,
    WEB: letter.read_said,
}


def read_heard(channel: str, payload: str) -> tuple[str, str]:
    """The name of who wrote or did it, and the words; in brackets what is no words."""
    reader = _READERS.get(channel)
    return reader(payload) if reader else ("someone", f"[stored by the channel {channel}]")


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """What happened at a time: a message, a bubble, the end of a turn."""

    at: float
    turn: int | None
    who: str
    message_id: str | None
    text: str


def write_script(transcript: Transcript, *, width: int, zone: tzinfo | None = None) -> str:
    """The whole for a terminal so wide, in local time unless a zone is given."""
    entries = sorted(_entries(transcript), key=lambda entry: entry.at)
    columns = measure([HEADINGS, *(_cells(entry, zone) for entry in entries)])
    lines = [_head(transcript), "", pad((*HEADINGS, "TEXT"), columns)]
    for day, of_day in groupby(entries, key=lambda entry: f"{_time(entry, zone):%Y-%m-%d}"):
        lines.append(day)
        for entry in of_day:
            start = pad((*_cells(entry, zone), ""), columns)
            lines += _wrap(start, entry.text, width=max(width, len(start) + NARROWEST))
    return "\n".join(lines)


def _head(transcript: Transcript) -> str:
    address = transcript.address
    topic = f", topic {address.topic_id}" if address.topic_id else ""
    return f"Chat {address.chat_id}{topic} of bot {address.bot_id}"


def _entries(transcript: Transcript) -> Iterator[ScriptLine]:
    channel = transcript.address.channel
    yield from (_heard(channel, heard) for heard in transcript.heard)
    yield from map(_said, transcript.said)
    yield from map(_call, transcript.calls)
    yield from map(_turn, transcript.turns)


def _heard(channel: str, heard: HeardUpdate) -> ScriptLine:
    who, text = read_heard(channel, heard.update.payload)
    edit = " (edit)" if heard.update.kind is UpdateKind.EDIT else ""
    text += _because(heard.cause)
    return ScriptLine(heard.received_at, heard.turn, who + edit, heard.update.message_id, text)


def _said(said: Said) -> ScriptLine:
    row = said.row
    kind = "bubble" if row.kind is OutboxKind.REPLY else row.kind
    who = f"{kind} {row.position + 1} {row.state}"
    text = row.text + _because(said.cause)
    return ScriptLine(said.sent_at or said.queued_at, row.turn, who, said.message_id, text)


def _call(call: Called) -> ScriptLine:
    """What was called and what came of it, without what opens a bot, an account or a role."""
    told = f" → {_cut(call.output)}" if call.output else ""
    text = f"{call.tool} {_cut(call.arguments)}{told}"
    return ScriptLine(call.done_at or call.proposed_at, call.turn, f"call {call.state}", None, text)


def _cut(text: str) -> str:
    return one_line(hidden(text), LONGEST_CALL)


def _because(cause: str | None) -> str:
    return f" [{cause}]" if cause else ""


def _turn(turn: TurnRow) -> ScriptLine:
    facts = "; ".join((", ".join(_answerer(turn)), _tokens(turn), ", ".join(_times(turn))))
    text = "\n".join((facts + _because(turn.cause), *_stated(turn.stated)))
    return ScriptLine(turn.done_at or turn.opened_at, turn.id, f"turn {turn.state}", None, text)


def _stated(stated: Stated) -> Iterator[str]:
    """What the answer says of itself, in a line; none where it says nothing."""
    said = (
        stated.outcome or "",
        f"about: {stated.about}" if stated.about else "",
        f"from: {', '.join(stated.sources)}" if stated.sources else "",
        "promised that somebody will call or write" if stated.promised else "",
    )
    if any(said):
        yield "; ".join(filter(None, said))


def _answerer(turn: TurnRow) -> Iterator[str]:
    yield turn.model or "no model"
    if turn.response_id:
        yield turn.response_id
    yield f"profile version {turn.profile_version}"
    if turn.epoch > 1:
        yield f"epoch {turn.epoch}"


def _tokens(turn: TurnRow) -> str:
    cached = f" ({turn.cached_tokens:,} cached)" if turn.cached_tokens else ""
    return f"tokens {turn.input_tokens:,} in{cached}, {turn.output_tokens:,} out"


def _times(turn: TurnRow) -> Iterator[str]:
    """When things happened, in seconds after the first message was received."""
    for name, at in (
        ("claimed", turn.opened_at),
        ("first delta", turn.first_delta_at),
        ("first bubble", turn.first_bubble_at),
        ("done", turn.done_at),
    ):
        if at is not None:
            yield f"{name} +{at - turn.received_at:.2f} s"


def _cells(entry: ScriptLine, zone: tzinfo | None) -> tuple[str, str, str, str]:
    return (
        f"{_time(entry, zone):%H:%M:%S}",
        _number(entry.turn),
        in_a_cell(entry.who),
        entry.message_id or "",
    )


def _time(entry: ScriptLine, zone: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(entry.at, zone)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _wrap(start: str, text: str, *, width: int) -> Sequence[str]:
    """The text beside what starts its first line, each of its own lines on a new one."""
    wrapper = textwrap.TextWrapper(
        width=width - len(start), break_long_words=False, break_on_hyphens=False
    )
    wrapped = [line for part in visible(text).split("\n") for line in wrapper.wrap(part) or [""]]
    starts = [start, *[" " * len(start)] * (len(wrapped) - 1)]
    return [(a + b).rstrip() for a, b in zip(starts, wrapped, strict=True)]
