"""Records as the tables give them, for tests of single parts."""

from dataclasses import replace

from db.records import (
    KEYS_PLACE,
    Draft,
    Event,
    Fence,
    OutboxKind,
    OutboxRow,
    OutboxState,
    Pinned,
    Turn,
)
from tests.addresses import chat_at
from tests.fakes.channel import BOT

CHAT, FIRST, SECOND = 1, Fence(1, 1), Fence(2, 1)  # a chat, and turns of it

TURN = Turn(
    fence=Fence(1, 1),
    chat=1,
    address=chat_at(BOT, 1),
    language="it",
    introduced=True,
    thread=1,
    tenant=3,
    assistant="public",
    pinned=Pinned(2),
    conversation_id=None,
    last_item_id=None,
    received_at=0.0,
    opened_at=0.0,
    messages=(),
)


def row(
    number: int, turn: int | None, text: str, *, kind: OutboxKind = OutboxKind.REPLY
) -> OutboxRow:
    return OutboxRow(number, CHAT, turn, kind, number, text, None, None, OutboxState.QUEUED)


def doubted(number: int, turn: int | None) -> OutboxRow:
    return replace(row(number, turn, "?"), state=OutboxState.DOUBT)


KEYS = replace(row(1, None, " "), position=KEYS_PLACE, markup="[]", reply_to="9")


def bubble(text: str) -> Draft:
    return Draft(OutboxKind.REPLY, 0, text)


def event(number: int, chat: int | None = CHAT, bot_id: int = BOT) -> Event:
    return Event(number, bot_id, chat, None if chat is None else chat_at(bot_id, chat), "{}")
