"""A chat is begun anew from the tables while something of it is still under way here."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.ports import Began, BubbleClosed, Outgoing, Speaking
from db.chats import ChatWork
from db.connection import Unreachable
from db.records import Draft, OutboxKind, TurnState
from tests.fakes.channel import Client
from tests.fakes.model import answer, reply
from tests.turns.desk import LEASE_SECONDS, PROFILE, Desk, House, rules
from tests.turns.test_leases import dies_in_a_turn, expire
from tests.turns.test_recovery import bubbles

LONG = 5.0  # seconds of a call: longer than until a chat is begun anew
SWEEPS = LEASE_SECONDS  # three, of which two must see what was forgotten


async def met(desk: Desk, house: House, client: Client) -> None:
    """The client has written before: what follows is about bubbles alone."""
    house.model.will(reply("Salve.", response_id="resp_0"))
    await desk.answers(client.writes("salve"), seconds=60)
    house.channel.sent.clear()


def help_(_: ChatWork) -> Sequence[Draft]:
    return (Draft(OutboxKind.COMMAND, 0, "Aiuto."),)


def breaks(house: House, *said: str) -> None:
    """The turn breaks a moment after it has said so much; its answer can be fetched."""

    async def moment() -> None:
        await house.clock.sleep(0.1)

    closed = [BubbleClosed(bubble) for bubble in said]
    house.model.will([Began("resp_1"), Speaking(), *closed, moment, ZeroDivisionError()])
    house.model.stored["resp_1"] = answer(*said)


def takes_long(house: House) -> None:
    """Each call that sends takes its time."""

    async def send(message: Outgoing) -> str:
        await house.clock.sleep(LONG)
        return house.channel.deliver(message)

    house.channel.answer = send


async def test_a_bubble_that_is_being_sent_meanwhile_is_said_once(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        takes_long(house)
        breaks(house, "Uno.", "Due.")
        await desk.answers(anna.writes("?"), seconds=120)
        states = {turn.state for turn in (await desk.transcript()).turns}
    assert house.channel.texts() == ["Uno.", "Due."]
    assert states == {TurnState.DONE}


async def test_a_commands_answer_that_is_being_sent_meanwhile_is_said_once(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        desk.works["/help"] = help_
        takes_long(house)
        house.model.will([Began("resp_1"), lambda: house.clock.sleep(0.5), ZeroDivisionError()])
        house.model.stored["resp_1"] = answer("Uno.")
        await desk.hears(anna.writes("?"))
        await desk.runs(1.0)
        await desk.answers(anna.commands("/help"), seconds=120)
    assert house.channel.texts() == ["Aiuto.", "Uno."]


async def test_a_chat_that_breaks_twice_is_begun_anew_once(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        breaks(house, "Uno.")

        async def breaks_too(_: Outgoing) -> str:
            await house.clock.sleep(0.5)
            house.channel.answer = None
            raise ZeroDivisionError

        house.channel.answer = breaks_too
        await desk.answers(anna.writes("?"), seconds=120)
        (turn,) = (await desk.transcript()).turns[1:]
    assert house.channel.texts() == ["Uno."]
    assert turn.epoch == 2


# ------------------------------------------------- committed, and nobody was told


async def test_a_command_whose_acceptance_was_not_confirmed_is_handled(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        desk.works["/help"] = help_
        desk.database.answers_lost = 1
        asked = anna.commands("/help")
        for _ in range(2):  # Telegram delivers it again
            await asyncio.gather(desk.hears(asked), return_exceptions=True)
        await desk.runs(SWEEPS)
    assert house.channel.texts() == ["Aiuto."]


async def test_an_answer_whose_commit_was_not_confirmed_is_sent(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)

        def loses(chat: ChatWork) -> Sequence[Draft]:
            desk.database.answers_lost = 1
            return help_(chat)

        desk.works["/help"] = loses
        await desk.answers(anna.commands("/help"), seconds=SWEEPS)
    assert house.channel.texts() == ["Aiuto."]


async def test_a_turn_whose_adoption_was_not_confirmed_goes_on(house: House) -> None:
    async with house.process(alone=False) as first, house.process(alone=False) as second:
        await dies_in_a_turn(house, first)
        await expire(house, first.engine.lease.owner)
        second.database.answers_lost = 1
        with pytest.raises(Unreachable):
            await second.engine.scheduler.adopt()
        await second.runs(SWEEPS)
    assert bubbles(house) == ["Uno.", "Due."]


async def test_a_waiting_message_that_was_not_confirmed_comes_before_the_answer(
    house: House,
) -> None:
    anna = Client()
    async with house.process(rules(waiting_seconds=5.0)) as desk:
        await met(desk, house, anna)

        async def loses() -> None:
            await house.clock.sleep(4.9)
            desk.database.answers_lost = 1
            await house.hangs()

        house.model.will([Began("resp_1"), loses])
        house.model.stored["resp_1"] = answer("Uno.")
        await desk.answers(anna.writes("?"), seconds=60)
    assert house.channel.texts() == [PROFILE.waiting_message, "Uno."]
