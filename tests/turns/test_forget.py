"""/forget closes the turn under way: its own answer must still arrive, and the chat live on."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.errors import RetryLater
from bot.ports import Began, BubbleClosed, Outgoing, Speaking
from db.chats import ChatWork
from db.operations import Claim
from db.records import Draft, OutboxKind
from db.transaction import Operation
from tenants.profile import Pace
from tests.fakes.channel import Client
from tests.fakes.model import Step, answer, reply
from tests.turns.desk import Desk, House, rules

FORGOTTEN = "Dimenticato."
LATE_ROUNDS = 30  # of the loop: the next turn has begun by then


def forget(chat: ChatWork) -> Sequence[Draft]:
    chat.forget()
    return (Draft(OutboxKind.COMMAND, 0, FORGOTTEN),)


async def hears(desk: Desk, house: House, text: str) -> None:
    while text not in house.channel.texts():
        await desk.runs(0.1)


async def test_it_is_confirmed_between_two_bubbles(house: House) -> None:
    anna = Client()
    async with house.process(rules(pace=Pace.HUMAN)) as desk:
        desk.works["/forget"] = forget
        house.model.will(reply("Uno.", "Due, che è più lungo.", "Tre."))
        await desk.hears(anna.writes("?"))
        await hears(desk, house, "Uno.")
        await desk.hears(anna.commands("/forget"))
        await desk.runs(60)
    assert house.channel.texts()[-2:] == ["Uno.", FORGOTTEN]


@pytest.mark.parametrize("refusal", [None, RetryLater(1.0, "flood")])
async def test_a_bubble_that_closes_while_it_is_confirmed_does_not_block_the_chat(
    house: House, refusal: Exception | None
) -> None:
    anna, refusals = Client(), [refusal] if refusal else []
    confirming, closed = asyncio.Event(), asyncio.Event()

    async def goes_on() -> None:
        closed.set()

    async def send(message: Outgoing) -> str:
        if message.text == FORGOTTEN:
            confirming.set()
            await closed.wait()
            if refusals:
                raise refusals.pop()
        return house.channel.deliver(message)

    async with house.process() as desk:
        desk.works["/forget"] = forget
        house.channel.answer = send
        closing: list[Step] = [confirming.wait, BubbleClosed("Uno."), goes_on, house.hangs]
        house.model.will([Began("resp_1"), Speaking(), *closing, answer("Uno.")])
        await desk.answers(anna.writes("?"), seconds=5)
        await desk.hears(anna.commands("/forget"))
        await desk.runs(30)
        house.model.will(reply("Eccomi.", response_id="resp_2"))
        await desk.answers(anna.writes("di nuovo qui"), seconds=60)
    assert house.channel.texts().count(FORGOTTEN) == 1
    assert house.channel.texts()[-1] == "Eccomi."


async def test_a_bubble_that_closes_as_the_next_turn_begins_does_not_end_that_turn(
    house: House,
) -> None:
    anna, claimed = Client(), asyncio.Event()

    def at_commit(operations: Sequence[Operation[object]], _: object) -> None:
        if any(isinstance(one, Claim) for one in operations) and desk.works:
            desk.database.rounds = LATE_ROUNDS
            claimed.set()

    async with house.process(observe=at_commit) as desk:
        closing: list[Step] = [claimed.wait, BubbleClosed("Uno."), house.hangs]
        house.model.will([Began("resp_1"), Speaking(), *closing, answer("Uno.")])
        await desk.answers(anna.writes("?"), seconds=5)
        desk.works["/forget"] = forget
        await desk.answers(anna.commands("/forget"), seconds=5)
        house.model.will(reply("Eccomi.", response_id="resp_2"))
        await desk.answers(anna.writes("di nuovo qui"), seconds=60)
    assert house.channel.texts()[-1] == "Eccomi."
    assert "Uno." not in house.channel.texts()
