"""`sportello chats` and `transcript`: which chats the tables hold, and one of them in full."""

import shutil
import time
from dataclasses import asdict
from datetime import datetime
from typing import Final

from bot.cli.console import Wrong, align, echo, json_text, tell
from bot.cli.database import HOST, opened
from bot.cli.script import read_heard, write_script
from bot.cli.start import begin
from bot.core.tokens import hidden
from db.engine import Database, transact
from db.readings import NoteTranscript
from db.records import Address
from db.transcript import (
    Called,
    HeardUpdate,
    LatestUpdate,
    Said,
    Transcript,
    find_chats,
    latest_ids,
    latest_updates,
    load_transcript,
)

PAGE: Final = 500  # chats that are looked through at once
HEADINGS: Final = ("CHAT", "TOPIC", "BOT", "LAST HEARD", "WHO")


async def list_chats(name: str | None, *, limit: int, as_json: bool) -> None:
    """Print the chats in which somebody wrote last, the latest first; by a name, theirs alone.

    Raises Wrong when nobody of this name did.
    """
    async with opened(begin()) as database:
        found = await _latest_updates(database, name, limit)
    if name and not found:
        raise Wrong(f"nobody called “{name}” was the last to write in a chat here")
    rows = [_chat_row(who, latest) for who, latest in found]
    data = [
        {**asdict(latest.address), "who": who, "received_at": latest.received_at}
        for who, latest in found
    ]
    tell(align([HEADINGS, *rows]) if rows else "No chats yet.", data, as_json=as_json)


async def _latest_updates(
    database: Database, name: str | None, limit: int
) -> list[tuple[str, LatestUpdate]]:
    found: list[tuple[str, LatestUpdate]] = []
    ids = await database.read(latest_ids)
    for begin_at in range(0, len(ids), PAGE):
        page = await database.read(latest_updates, ids[begin_at : begin_at + PAGE])
        named = ((read_heard(one.address.channel, one.payload)[0], one) for one in page)
        found += [(who, one) for who, one in named if (name or "").casefold() in who.casefold()]
        if len(found) >= limit:
            break
    return found[:limit]


def _chat_row(who: str, latest: LatestUpdate) -> tuple[str, ...]:
    address = latest.address
    at = f"{datetime.fromtimestamp(latest.received_at):%Y-%m-%d %H:%M}"  # local, as a transcript's
    return address.chat_id, str(address.topic_id or "-"), str(address.bot_id), at, who


async def show(chat: str, *, bot: int | None, topic: int | None, as_json: bool) -> None:
    """Print a transcript, which the trail tells. Raises Wrong for no such chat, or for several."""
    async with opened(begin()) as database:
        found = await database.read(find_chats, chat)
        row, address = choose_chat(chat, found, bot=bot, topic=topic)
        reading = NoteTranscript(row, HOST, time.time())
        await transact(database, lambda transaction: transaction.do(reading))
        transcript = await database.read(load_transcript, chat=row, address=address)
    if as_json:
        echo(_to_json(transcript))
    else:
        echo(write_script(transcript, width=shutil.get_terminal_size().columns))


def choose_chat(
    chat: str, found: tuple[tuple[int, Address], ...], *, bot: int | None, topic: int | None
) -> tuple[int, Address]:
    """The one that is meant of the chats of a number. Raises Wrong."""
    wanted = [
        (row, address)
        for row, address in found
        if bot in (None, address.bot_id) and topic in (None, address.topic_id)
    ]
    if not wanted:
        raise Wrong(f"no chat {chat} is known here; `sportello chats` lists them, also by a name")
    if len(wanted) > 1:
        choices = "; ".join(f"--bot {one.bot_id} --topic {one.topic_id}" for _, one in wanted)
        raise Wrong(f"chat {chat} is known more than once; choose one: {choices}")
    return wanted[0]


def _to_json(transcript: Transcript) -> str:
    told = {
        **asdict(transcript.address),
        "heard": [_heard(transcript.address.channel, heard) for heard in transcript.heard],
        "said": [_said(said) for said in transcript.said],
        "turns": [asdict(turn) for turn in transcript.turns],
        "calls": [_call(call) for call in transcript.calls],
    }
    return json_text(told)


def _heard(channel: str, heard: HeardUpdate) -> dict[str, object]:
    who, text = read_heard(channel, heard.update.payload)
    return {
        "turn": heard.turn,
        "kind": heard.update.kind,
        "state": heard.state,
        "message_id": heard.update.message_id,
        "who": who,
        "text": text,
        "received_at": heard.received_at,
        "cause": heard.cause,
    }


def _call(call: Called) -> dict[str, object]:
    output = hidden(call.output) if call.output else None
    return {**asdict(call), "arguments": hidden(call.arguments), "output": output}


def _said(said: Said) -> dict[str, object]:
    return {
        "turn": said.row.turn,
        "kind": said.row.kind,
        "position": said.row.position,
        "state": said.row.state,
        "message_id": said.message_id,
        "text": said.row.text,
        "queued_at": said.queued_at,
        "sent_at": said.sent_at,
        "cause": said.cause,
    }
