"""A company is deleted, here or by another process: nothing more is done or said for it."""

import pytest
from sqlalchemy import select

from bot.errors import InDoubt, RetryLater
from bot.ports import Began, BubbleClosed, Speaking
from bot.turns.aside import Aside
from db.models import tenants
from db.records import Draft, OutboxKind
from tenants.profile import Pace
from tests.backends import on_both
from tests.fakes.channel import Client
from tests.fakes.model import answer, reply
from tests.turns.desk import Desk, House, rules
from tests.turns.test_leaving import bubbles, delete_company

pytestmark = on_both


async def test_nothing_is_done_for_a_company_while_it_is_deleted(house: House) -> None:
    client = Client()
    house.model.will([Began("resp_1"), Speaking(), BubbleClosed("Uno."), house.hangs])
    async with house.process(rules(pace=Pace.HUMAN)) as desk:
        await desk.answers(client.writes("?"), seconds=10)
        async with desk.engine.closed(await company(desk)):
            await desk.hears(client.writes("??"))
            await desk.runs(60)
            typed = len(house.channel.typed)
            await desk.runs(60)
            assert len(house.channel.typed) == typed
            await delete_company(desk)
        await desk.runs(600)

    assert bubbles(house) == ["Uno."]
    assert len(house.channel.typed) == typed


async def test_what_was_not_deleted_after_all_goes_on(house: House) -> None:
    client = Client()
    house.model.will(reply("Uno.", "Due."), reply("Tre.", response_id="resp_2"))
    house.model.stored["resp_1"] = answer("Uno.", "Due.")
    async with house.process(rules(pace=Pace.HUMAN)) as desk:
        await desk.answers(client.writes("?"), seconds=0.8)
        async with desk.engine.closed(await company(desk)):
            await desk.hears(client.writes("??"))
            await desk.runs(60)
            assert bubbles(house) == ["Uno."]
        await desk.runs(60)

    assert bubbles(house) == ["Uno.", "Due.", "Tre."]


async def test_a_turn_that_is_claimed_for_a_company_while_it_is_deleted_waits(
    house: House,
) -> None:
    async with house.process() as desk:
        async with desk.engine.closed(await company(desk)):
            await desk.answers(Client().writes("?"), seconds=60)
            typed = len(house.channel.typed)
            await desk.runs(60)
            assert (house.model.asked, len(house.channel.typed)) == ([], typed)
        house.model.will(reply("Uno."))
        await desk.runs(30)

    assert bubbles(house) == ["Uno."]


async def test_of_a_company_that_another_process_deleted_nothing_more_is_said(
    house: House,
) -> None:
    house.model.will(reply("Uno.", "Due.", "Tre."))
    async with house.process(rules(pace=Pace.HUMAN), alone=False) as desk:
        await desk.answers(Client().writes("?"), seconds=0.8)
        async with house.process(alone=False) as other:
            await delete_company(other)
        await desk.runs(600)

    assert bubbles(house) == ["Uno."]


async def test_what_took_its_time_is_said_if_its_company_is_still_there(house: House) -> None:
    async with house.process() as desk:
        desk.works["/help"] = lambda _: ()
        await desk.answers(Client().commands("/help"), seconds=5)
        outside = desk.engine.outside
        aside = Aside(outside.journal, outside.database, desk.engine.lanes, desk.clock)
        here = await company(desk)
        for tenant, text in ((here + 1, "Uno."), (here, "Due.")):
            await aside.say(1, [Draft(OutboxKind.COMMAND, 0, text)], tenant=tenant)
        await desk.runs(5)

    assert bubbles(house) == ["Due."]


async def company(desk: Desk) -> int:
    """The only one."""
    return await desk.database.read(lambda c: c.execute(select(tenants.c.id)).scalar_one())


@pytest.mark.parametrize("trouble", [InDoubt("timeout"), RetryLater(30.0, "flood")])
async def test_what_a_company_had_still_to_say_when_it_was_deleted_is_not_said(
    house: House, trouble: Exception
) -> None:
    house.model.will(reply("Uno.", "Due."))
    house.channel.refusals.extend([None, trouble])  # the notice passes
    async with house.process(alone=False) as desk:
        await desk.answers(Client().writes("?"), seconds=5)
        await delete_company(desk)
        await desk.runs(600)

    assert bubbles(house) == []


async def test_of_a_deleted_company_no_command_is_answered_late(house: House) -> None:
    client = Client()
    house.channel.refusals.append(RetryLater(30.0, "flood"))
    async with house.process(alone=False) as desk:
        desk.works["/help"] = lambda _: (Draft(OutboxKind.COMMAND, 0, "Aiuto."),)
        await desk.answers(client.commands("/help"), seconds=5)
        await delete_company(desk)
        await desk.runs(600)

    assert bubbles(house) == []
