"""Keys that come under a message that is there."""

import json

import pytest

from bot.errors import GiveUp, RetryLater
from bot.ports import Outgoing
from tests.telegram.conftest import Desk
from tests.telegram.test_channel import MARKUP, fail, shown

QUESTION = "Ha bagagli?"


@pytest.fixture
async def asked(desk: Desk) -> str:
    """The id of a message."""
    return await desk.channel.send(Outgoing(desk.anna, QUESTION))


async def test_they_come_once(desk: Desk, asked: str) -> None:
    await desk.channel.show_keys(desk.anna, asked, MARKUP)
    desk.clock.jump(desk.clock.time + 10)
    await desk.channel.show_keys(desk.anna, asked, MARKUP)  # and nothing is left to do
    (message,) = shown(desk)
    assert (message["text"], message["reply_markup"]) == (QUESTION, json.loads(MARKUP))


async def test_where_the_message_is_gone_nobody_misses_them(desk: Desk) -> None:
    await desk.channel.show_keys(desk.anna, "999999", MARKUP)
    assert shown(desk) == []


async def test_those_that_are_refused_are_given_up(desk: Desk, asked: str) -> None:
    with pytest.raises(GiveUp):
        await desk.channel.show_keys(desk.anna, asked, MARKUP.replace("book", "x" * 65))


async def test_an_edit_whose_answer_is_lost_is_made_again(desk: Desk, asked: str) -> None:
    fail(desk, "lose_after", method="editMessageReplyMarkup")
    with pytest.raises(RetryLater):
        await desk.channel.show_keys(desk.anna, asked, MARKUP)


async def test_they_take_what_messages_leave_of_the_budget(desk: Desk, asked: str) -> None:
    await desk.channel.send(Outgoing(desk.anna, QUESTION))
    with pytest.raises(RetryLater) as refusal:
        await desk.channel.show_keys(desk.anna, asked, MARKUP)
    assert refusal.value.after == pytest.approx(1)
    assert desk.channel.delay(desk.anna) == 0
