"""`sportello transcript`: a chat as the tables hold it."""

import shutil
from dataclasses import asdict

from bot.cli.console import Wrong, echo, json_text
from bot.cli.database import opened
from bot.cli.script import read_heard, write_script
from bot.cli.start import begin
from db.records import Address
from db.transcript import HeardUpdate, Said, Transcript, find_chats, load_transcript


async def show(chat: str, *, bot: int | None, topic: int | None, as_json: bool) -> None:
    """Print a transcript. Raises Wrong when there is no such chat, or more than one."""
    async with opened(begin()) as database:
        found = await database.read(find_chats, chat)
        row, address = _choose(chat, found, bot=bot, topic=topic)
        transcript = await database.read(load_transcript, chat=row, address=address)
    if as_json:
        echo(_to_json(transcript))
    else:
        echo(write_script(transcript, width=shutil.get_terminal_size().columns))


def _choose(
    chat: str, found: tuple[tuple[int, Address], ...], *, bot: int | None, topic: int | None
) -> tuple[int, Address]:
    wanted = [
        (row, address)
        for row, address in found
        if bot in (None, address.bot_id) and topic in (None, address.topic_id)
    ]
    if not wanted:
        raise Wrong(f"no chat {chat} is known here")
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
