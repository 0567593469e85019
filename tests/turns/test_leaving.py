"""A bot leaves while the process goes on, and comes back: nothing is lost or said twice."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, Select, func, select, update

from bot.errors import ChatGone, RetryLater
from bot.ports import Began, BubbleClosed, Speaking
from bot.turns.housekeeping import INTERVAL_SECONDS
from db.companies import DeleteTenant
from db.models import bots, chats, outbox, profiles, tenants, threads, turns, updates
from db.operations import Claim, Wait
from db.transaction import Operation
from tests.databases import SOMEBODY
from tests.fakes.channel import BOT, Client
from tests.fakes.model import Step, answer, reply
from tests.turns.desk import PROFILE, Desk, House, rules
from tests.turns.records import TURN


def bubbles(house: House) -> list[str]:
    return [text for text in house.channel.texts() if text != "Sono una IA."]


async def test_what_waits_at_a_bot_that_left_is_answered_when_it_is_back(house: House) -> None:
    async with house.process() as desk:
        await desk.hears(Client().writes("?"))
        await desk.engine.leave(BOT)
        await desk.runs(60)
        assert house.model.asked == []

        house.model.will(reply("Uno."))
        await desk.engine.join(BOT)
        await desk.runs(30)

    assert bubbles(house) == ["Uno."]


async def test_a_turn_under_way_goes_on_where_it_was(house: House) -> None:
    script: list[Step] = [Began("resp_1"), Speaking(), BubbleClosed("Uno."), house.hangs]
    house.model.will(script)
    house.model.stored["resp_1"] = answer("Uno.", "Due.")
    async with house.process() as desk:
        await desk.answers(Client().writes("?"), seconds=10)
        await desk.engine.leave(BOT)
        await desk.runs(60)
        assert bubbles(house) == ["Uno."]

        await desk.engine.join(BOT)
        await desk.runs(60)

    assert bubbles(house) == ["Uno.", "Due."]


async def test_a_message_that_could_not_go_out_yet_goes_out_when_the_bot_is_back(
    house: House,
) -> None:
    house.model.will(reply("Uno."))
    house.model.stored["resp_1"] = answer("Uno.")
    house.channel.refusals.extend([None, RetryLater(40.0)])  # the notice passes, the bubble waits
    async with house.process() as desk:
        await desk.answers(Client().writes("?"), seconds=10)
        await desk.engine.leave(BOT)
        await desk.runs(120)
        assert bubbles(house) == []

        await desk.engine.join(BOT)
        await desk.runs(60)

    assert bubbles(house) == ["Uno."]


async def test_a_command_is_handled_once_however_often_the_bot_leaves(house: House) -> None:
    client = Client()
    async with house.process() as desk:
        await desk.hears(client.commands("/help"))
        await desk.runs(1)
        for _ in range(2):
            await desk.engine.leave(BOT)
            await desk.engine.join(BOT)
            await desk.runs(30)

        assert len(desk.handled) == 1


async def test_a_bot_that_left_for_good_is_asked_nothing(house: House) -> None:
    house.model.will(reply("Uno."))
    house.channel.refusals.append(ChatGone("blocked"))
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))
        await desk.engine.leave(BOT)
        await desk.engine.leave(BOT)
        typed = len(house.channel.typed)
        await desk.runs(600)

    assert len(house.channel.typed) == typed


async def test_a_turn_ends_with_its_bot_though_its_company_was_deleted_before(house: House) -> None:
    interrupted: list[bool] = []

    async def hangs() -> None:
        try:
            await house.hangs()
        finally:
            interrupted.append(True)

    house.model.will([Began("resp_1"), Speaking(), BubbleClosed("Uno."), hangs])
    async with house.process() as desk:
        await desk.answers(Client().writes("?"), seconds=10)
        await delete_company(desk)
        await desk.engine.leave(BOT)
        assert interrupted == [True]

        typed = len(house.channel.typed)
        await desk.runs(600)

    assert bubbles(house) == ["Uno."]
    assert len(house.channel.typed) == typed


@pytest.mark.parametrize("left", [True, False])
async def test_nobody_seems_to_write_where_the_waiting_message_was_deleted(
    house: House, left: bool
) -> None:
    async with house.process() as desk:
        await desk.hears(Client().writes("?"))
        await delete_company(desk)
        if left:
            await desk.engine.leave(BOT)
        await desk.runs(10)
        typed = len(house.channel.typed)
        await desk.runs(600)

    assert len(house.channel.typed) == typed


async def test_a_turn_that_is_claimed_while_its_bot_leaves_waits_for_its_return(
    house: House,
) -> None:
    def leave(operations: Sequence[Operation[Any]], _: object) -> None:
        """Between the claim's commit and its answer."""
        for one in operations:
            if isinstance(one, Claim):
                desk.engine.scheduler.leave(BOT, [one.chat])

    async with house.process(observe=leave) as desk:
        await desk.answers(Client().writes("?"), seconds=60)
        assert house.model.asked == []

        house.model.will(reply("Uno."))
        await desk.engine.join(BOT)
        await desk.runs(30)

    assert bubbles(house) == ["Uno."]


async def delete_company(desk: Desk) -> None:
    """As another process does it: the company with the bot, which is its own."""

    def work(connection: Connection) -> None:
        connection.execute(update(bots).values(token="encrypted"))
        tenant = connection.execute(select(tenants.c.id)).scalar_one()
        assert DeleteTenant(tenant, SOMEBODY, desk.clock.now()).carry_out(connection) == ()

    await desk.database.write(work)


async def test_nobody_seems_to_write_where_a_turn_was_ended_before_it_began(house: House) -> None:
    client = Client()
    house.model.will([Began("resp_1"), house.hangs])
    async with house.process() as desk:
        await desk.answers(client.writes("?"), seconds=5)
        await desk.dies()
    async with house.process() as desk:  # nothing of the turn that it adopted has happened yet
        await desk.engine.scheduler.interrupt(BOT)
        await desk.hears(client.writes("??"))
        await delete_company(desk)
        await desk.runs(10)
        typed = len(house.channel.typed)
        await desk.runs(600)

    assert len(house.channel.typed) == typed


async def test_a_waiting_message_of_a_turn_that_is_over_opens_nothing(house: House) -> None:
    async with house.process() as desk:
        waiting = desk.engine.scheduler.runner.waiting
        waiting.arm(TURN, "Un momento.", seconds=5, said=lambda: None)
        await desk.runs(10)
        assert desk.engine.lanes.find(TURN.chat) is None


async def test_what_is_written_down_while_its_bot_leaves_waits_for_its_return(
    house: House,
) -> None:
    def leave(operations: Sequence[Operation[Any]], _: object) -> None:
        if any(isinstance(one, Wait) for one in operations):
            desk.engine.lanes.forget(BOT)

    house.model.will([Began("resp_1"), house.hangs])
    house.model.stored["resp_1"] = answer("Uno.")
    async with house.process(rules(waiting_seconds=5), observe=leave) as desk:
        await desk.answers(Client().writes("?"), seconds=20)
        assert bubbles(house) == []

        await desk.engine.leave(BOT)
        await desk.engine.join(BOT)
        await desk.runs(30)

    assert bubbles(house) == [PROFILE.waiting_message, "Uno."]


async def test_what_a_deleted_company_left_is_erased_by_the_process(house: House) -> None:
    house.model.will(reply("Uno."))
    async with house.process() as desk:
        await desk.answers(Client().writes("Buongiorno"))
        await delete_company(desk)
        await desk.engine.leave(BOT)
        await desk.runs(INTERVAL_SECONDS * 2 + 1)
        for table in (updates, outbox, turns, threads, chats, bots, tenants, profiles):
            found = select(func.count()).select_from(table)
            assert await desk.database.read(partial(scalar, found)) == 0
    assert house.model.erased == ["conv_1", "resp_1"]


def scalar(found: Select[int], connection: Connection) -> int:
    return int(connection.execute(found).scalar_one())
