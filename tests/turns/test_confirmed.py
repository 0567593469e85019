"""What counts as a yes, and for how long: without a turn around it."""

import json
from dataclasses import replace
from typing import Any, cast

import pytest

from bot.core.calls import Effect
from bot.turns.confirming import VALID_SECONDS, is_asked, is_by_same, is_confirmed, may_confirm
from db.calls import CallRow, CallState, Earlier, asked_since, who_was_asked
from db.engine import Database
from db.records import Message, Turn, UpdateKind
from tests.addresses import chat_at
from tests.fakes.channel import BOT, FakeChannel
from tests.fakes.journal import FakeReads
from tests.fakes.tools import FakeTool
from tests.turns.records import TURN

CHANNEL = FakeChannel()
IN_WORDS = FakeChannel(has_keys=False)
ROW = CallRow("call_1", "resp_1", "pay", "{}", "digest", CallState.ASKED)
EARLIER = Earlier(7, (ROW,), asked_at=1000.0)
NOTHING_READ = cast(Database, FakeReads({}))


def message(text: str, **fields: object) -> Message:
    payload = {"message_id": 1, "text": text, **fields}
    return Message(1, UpdateKind.MESSAGE, "1", json.dumps(payload))


def turn(*messages: Message, at: float = 1000.0, chat: int = 1) -> Turn:
    return replace(TURN, messages=messages, received_at=at, address=chat_at(BOT, chat))


YES = message("Sì", data="key:7:0")
NO = message("No", data="key:7:1")


@pytest.mark.parametrize(
    ("messages", "channel", "may"),
    [
        ((YES,), CHANNEL, True),
        ((NO,), CHANNEL, True),  # it is a key of ours
        ((message("Sì"),), CHANNEL, False),  # words, where there are keys
        ((YES, YES), CHANNEL, False),
        ((message("Sì"),), IN_WORDS, True),
        ((message("No"),), IN_WORDS, False),
    ],
)
def test_what_may_be_a_yes(messages: tuple[Message, ...], channel: FakeChannel, may: bool) -> None:
    assert may_confirm(turn(*messages), channel) is may


@pytest.mark.parametrize(
    ("tapped", "earlier", "at", "confirmed"),
    [
        (YES, EARLIER, 1000.0 + VALID_SECONDS, True),
        (YES, EARLIER, 1000.5 + VALID_SECONDS, False),
        (NO, EARLIER, 1000.0, False),
        (message("Sì"), EARLIER, 1000.0, False),
        (YES, replace(EARLIER, stopped=True), 1000.0, False),
        (YES, replace(EARLIER, asked=()), 1000.0, False),
        (YES, replace(EARLIER, turn=8), 1000.0, False),
    ],
)
async def test_a_tap_on_the_key_of_what_was_asked_last_in_time_is_one(
    tapped: Message, earlier: Earlier, at: float, confirmed: bool
) -> None:
    found = await is_confirmed(turn(tapped, at=at), earlier, CHANNEL, NOTHING_READ)
    assert found is confirmed


@pytest.mark.parametrize(
    ("since", "chat", "asked", "confirmed"),
    [
        (1000.0, 1, None, True),  # in the moment in which the question arrived
        (1000.5, 1, None, False),
        (None, 1, None, False),
        (900.0, -1, message("Pago io", by="1"), True),
        (900.0, -1, message("Pago io", by="2"), False),
        (900.0, -1, None, False),
    ],
)
async def test_a_yes_in_words_comes_behind_the_question_from_whom_it_was_asked(
    since: float | None, chat: int, asked: Message | None, confirmed: bool
) -> None:
    reads: dict[Any, list[Any]] = {asked_since: [since], who_was_asked: [asked]}
    said = turn(message("Sì", by="1"), chat=chat)
    found = await is_confirmed(said, EARLIER, IN_WORDS, cast(Database, FakeReads(reads)))
    assert found is confirmed


def test_a_message_that_is_erased_is_nobodys() -> None:
    erased = Message(1, UpdateKind.MESSAGE, "1", "{}")
    assert is_by_same(CHANNEL, erased, message("Sì"), BOT) is False


@pytest.mark.parametrize(
    ("tool", "calm", "wary"),
    [
        (FakeTool("pay", confirm=True), True, True),
        (FakeTool("book"), False, True),
        (FakeTool("look", Effect.READ), False, False),
    ],
)
def test_what_is_asked_for(tool: FakeTool, calm: bool, wary: bool) -> None:
    assert (is_asked(tool, wary=False), is_asked(tool, wary=True)) == (calm, wary)
