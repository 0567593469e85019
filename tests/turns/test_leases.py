"""Several processes on one database: who may speak, and who takes over."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import update

from bot.errors import InDoubt
from bot.ports import Began
from db.models import outbox, workers
from db.operations import Beat
from db.records import OutboxState
from db.transaction import Operation
from tests.backends import on_both
from tests.fakes.channel import Client
from tests.fakes.model import answer, reply
from tests.turns.desk import LEASE_SECONDS, Desk, House
from tests.turns.test_recovery import bubbles

pytestmark = on_both


async def expire(house: House, owner: str) -> None:
    """The lease of a process is over, long since."""
    over = update(workers).where(workers.c.id == owner).values(expires_at=0.0)
    await house.database.write(lambda connection: connection.execute(over))


async def dies_in_a_turn(house: House, desk: Desk) -> None:
    house.model.will([Began("resp_1"), house.hangs])
    await desk.answers(Client().writes("?"), seconds=5)
    await desk.dies()
    house.model.stored["resp_1"] = answer("Uno.", "Due.")


async def test_a_living_process_keeps_its_turn(house: House) -> None:
    async with house.process(alone=False) as first:
        await dies_in_a_turn(house, first)
    async with house.process(alone=False) as second:
        await second.runs(LEASE_SECONDS)
    assert bubbles(house) == []


async def test_a_dead_process_turn_is_taken_over(house: House) -> None:
    async with house.process(alone=False) as first:
        await dies_in_a_turn(house, first)
        await expire(house, first.engine.lease.owner)
    async with house.process(alone=False) as second:
        await second.runs(LEASE_SECONDS)
    assert bubbles(house) == ["Uno.", "Due."]


async def test_who_lost_its_lease_says_nothing_until_it_has_it_again(house: House) -> None:
    house.model.will(reply("Uno."))
    async with house.process(alone=False) as desk:
        desk.engine.lease.lapse()
        await desk.answers(Client().writes("?"), seconds=10)
        silent = bubbles(house)
        await desk.engine.lease.beat()
        await desk.runs(60)
    assert silent == []
    assert bubbles(house) == ["Uno."]


async def test_who_loses_its_lease_in_the_middle_of_an_answer_sends_nothing(house: House) -> None:
    async with house.process(alone=False) as desk:

        async def is_late() -> None:
            desk.engine.lease.lapse()

        house.model.will([Began("resp_1"), is_late, *reply("Uno.")[1:]])
        await desk.answers(Client().writes("?"), seconds=10)
        silent = bubbles(house)
        await desk.engine.lease.beat()
        await desk.runs(60)
    assert silent == []
    assert bubbles(house) == ["Uno."]


async def test_a_lease_counts_from_before_it_was_asked_for(house: House) -> None:
    def takes_a_minute(operations: Sequence[Operation[Any]], _: object) -> None:
        if any(isinstance(one, Beat) for one in operations):
            house.clock.time += 60

    async with house.process(alone=False, observe=takes_a_minute) as desk:
        asked_at = house.clock.boottime()
        await desk.engine.lease.beat()
        house.clock.time = asked_at + LEASE_SECONDS - 1
        alive = desk.engine.lease.alive
        house.clock.time = asked_at + LEASE_SECONDS
        assert (alive, desk.engine.lease.alive) == (True, False)


async def test_who_lost_its_lease_searches_for_nothing_either(house: House) -> None:
    anna = Client()
    house.model.will(reply("Salve."), reply("Uno.", response_id="resp_2"))
    async with house.process(alone=False) as desk:
        await desk.answers(anna.writes("salve"))
        house.channel.refusals.append(InDoubt("timeout"))
        await desk.answers(anna.writes("?"), seconds=3)
        desk.engine.lease.lapse()
        await desk.runs(20)
        assert house.channel.probed == []
        await desk.engine.lease.beat()
        await desk.runs(60)
        assert house.channel.probed
    assert bubbles(house) == ["Salve.", "Uno."]


async def test_a_process_that_woke_after_the_adoption_sends_nothing(house: House) -> None:
    house.model.will(reply("Uno."))
    async with house.process(alone=False) as sleeper:
        sleeper.engine.lease.lapse()
        await sleeper.answers(Client().writes("?"), seconds=3)
        await expire(house, sleeper.engine.lease.owner)
        async with house.process(alone=False) as heir:
            await heir.runs(60)
            await sleeper.runs(60)
    assert bubbles(house) == ["Uno."]


@pytest.mark.parametrize("state", [OutboxState.SENDING, OutboxState.DOUBT])
async def test_a_chat_in_which_another_process_sends_is_waited_for(
    house: House, state: OutboxState
) -> None:
    anna = Client()
    house.model.will(reply("Salve."), reply("Uno.", response_id="resp_2"))
    async with house.process(alone=False) as desk:
        await desk.answers(anna.writes("salve"))
        foreign = (await desk.transcript()).said[-1].row.row
        await _mark(house, foreign, state)
        await desk.answers(anna.writes("?"), seconds=10)
        waiting = bubbles(house)
        await _mark(house, foreign, OutboxState.SENT)
        await desk.runs(10)
    assert waiting == ["Salve."]
    assert bubbles(house) == ["Salve.", "Uno."]


async def _mark(house: House, row: int, state: OutboxState) -> None:
    change = update(outbox).where(outbox.c.id == row).values(state=state, owner="another")
    await house.database.write(lambda connection: connection.execute(change))
