"""A new client's conversation is made while they write: the first answer waits for no call."""

from functools import partial
from typing import cast

import pytest
from sqlalchemy import Connection, text, update

from bot.errors import RetryLater
from bot.turns.spares import (
    ERASED_AFTER_SECONDS,
    GIVES_WAY_AFTER_SECONDS,
    GOOD_FOR_SECONDS,
    MOST,
    Spares,
)
from bot.turns.tasks import Tasks
from db.chats import ChatWork
from db.chores import QueueErasure
from db.journal import Journal
from db.models import tenants, threads
from db.records import Draft, Purpose, TenantState
from tests.fakes.channel import Client
from tests.fakes.clock import NOON, FakeClock
from tests.fakes.journal import FakeJournal
from tests.fakes.model import FakeModel, reply
from tests.fakes.telemetry import FakeTelemetry
from tests.turns.desk import House


async def to_erase(house: House) -> list[str]:
    query = text("SELECT conversation_id FROM erasures ORDER BY conversation_id")
    return list(await house.database.read(lambda c: c.execute(query).scalars().all()))


async def fails() -> None:
    raise RetryLater(1.0, "503")


async def test_it_is_there_before_the_turn_is(house: House) -> None:
    house.model.will(reply("Uno."))
    async with house.process() as desk:
        await desk.hears(Client().writes("Buongiorno"))
        await desk.rests()
        assert house.model.created == ["conv_1"]
        assert (await desk.transcript()).turns == ()
        assert await to_erase(house) == ["conv_1"]
        await desk.runs(5)
    assert [question.conversation_id for question in house.model.asked] == ["conv_1"]
    assert house.model.created == ["conv_1"]
    assert await to_erase(house) == []


async def test_a_burst_needs_one_and_a_chat_that_has_one_none(house: House) -> None:
    anna = Client()
    house.model.will(reply("Uno."), reply("Due."))
    async with house.process() as desk:
        await desk.hears(anna.writes("a"))
        await desk.hears(anna.writes("b"))
        await desk.runs(5)
        await desk.answers(anna.writes("c"))
    assert house.model.created == ["conv_1"]


async def test_one_that_is_on_its_way_is_waited_for(house: House) -> None:
    house.model.creations.append(partial(house.clock.sleep, 3.0))
    house.model.will(reply("Uno."))
    async with house.process() as desk:
        await desk.hears(Client().writes("?"))
        await desk.runs(2)
        assert (len((await desk.transcript()).turns), house.model.asked) == (1, [])
        await desk.runs(5)
    assert house.model.created == ["conv_1"]
    assert house.channel.texts()[-1] == "Uno."


async def test_where_it_failed_the_turn_makes_one(house: House) -> None:
    house.model.creations += [fails, fails]
    house.model.will(reply("Uno."))
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))
    assert house.model.created == ["conv_1"]
    assert house.channel.texts()[-1] == "Uno."


async def test_one_that_nobody_came_for_is_erased(house: House) -> None:
    anna = Client()

    def forget(chat: ChatWork) -> tuple[Draft, ...]:
        chat.forget()
        return ()

    async with house.process() as desk:
        desk.works["/forget"] = forget
        await desk.hears(anna.writes("?"))
        await desk.hears(anna.commands("/forget"))
        await desk.runs(5)
        assert house.model.asked == []
        await desk.wakes_after(ERASED_AFTER_SECONDS + 60)
    assert house.model.erased == ["conv_1"]


@pytest.mark.parametrize("claimed", [False, True])
async def test_over_a_kill_too(house: House, claimed: bool) -> None:
    async with house.process() as desk:
        await desk.hears(Client().writes("?"))
        await desk.rests()
        if claimed:
            house.model.will([house.hangs])
            await desk.runs(1)
        await desk.dies()
    house.model.will(reply("Uno."))
    async with house.process() as desk:
        await desk.runs(60)
        used = house.model.asked[-1].conversation_id
        await desk.wakes_after(ERASED_AFTER_SECONDS + 60)
    assert house.channel.texts()[-1] == "Uno."
    assert {*house.model.created} - {*house.model.erased} == {used}


async def test_patience_that_ends_loses_none(house: House) -> None:
    house.model.creations.append(partial(house.clock.sleep, 200.0))
    async with house.process() as desk:
        await desk.answers(Client().writes("?"), seconds=300)
        await desk.wakes_after(ERASED_AFTER_SECONDS + 300)
    assert house.model.erased == house.model.created == ["conv_1"]


async def test_an_old_one_is_left_to_be_erased(house: House) -> None:
    async with house.process() as desk:
        spares = desk.engine.intake.spares
        spares.expect([1])
        await desk.rests()
        desk.clock.jump(desk.clock.boottime() + GOOD_FOR_SECONDS)
        assert await spares.take(1) is None
        spares.expect([1])
        assert await spares.take(1) == "conv_2"


async def test_a_flood_of_strangers_makes_no_more_than_so_many(house: House) -> None:
    async with house.process() as desk:
        desk.engine.intake.spares.expect(range(2 * MOST))
        await desk.rests()
    assert len(house.model.created) == MOST


async def test_those_that_nobody_came_for_give_way_before_they_are_old(house: House) -> None:
    async with house.process() as desk:
        spares = desk.engine.intake.spares
        spares.expect(range(MOST))
        desk.clock.jump(desk.clock.boottime() + GIVES_WAY_AFTER_SECONDS)
        spares.expect([MOST])
        await desk.rests()
        assert await spares.take(0) is None
        assert await spares.take(1) is not None
        assert await spares.take(MOST) is not None


@pytest.mark.parametrize("purpose", Purpose)
async def test_a_company_that_pauses_needs_none_but_for_its_previews(
    house: House, purpose: Purpose
) -> None:
    def pauses(connection: Connection) -> None:
        connection.execute(update(tenants).values(state=TenantState.PAUSED))
        connection.execute(update(threads).values(purpose=purpose))

    anna = Client()
    async with house.process() as desk:
        desk.works["/help"] = lambda _: ()
        await desk.hears(anna.commands("/help"))
        await desk.rests()
        await house.database.write(pauses)
        await desk.hears(anna.writes("?"))
        await desk.rests()
    assert len(house.model.created) == (purpose is Purpose.PREVIEW)


async def test_one_that_has_grown_old_is_no_reason_to_make_none() -> None:
    clock, model, journal = FakeClock(), FakeModel(), FakeJournal({QueueErasure: None})
    tasks = Tasks(FakeTelemetry())
    spares = Spares(model, cast(Journal, journal), clock, tasks, FakeTelemetry())
    for pause in (GOOD_FOR_SECONDS - 1, 1, 0):
        spares.expect([1])
        await tasks.join()
        clock.jump(clock.time + pause)
    assert model.created == ["conv_1", "conv_2"]
    first, second = NOON, NOON + GOOD_FOR_SECONDS
    assert journal.done == [
        QueueErasure("conv_1", first + ERASED_AFTER_SECONDS),
        QueueErasure("conv_2", second + ERASED_AFTER_SECONDS),
    ]
