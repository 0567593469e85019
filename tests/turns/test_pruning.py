"""A process lets go what is old, and its clients notice nothing."""

import asyncio
from functools import partial
from types import NoneType
from typing import Any, cast

from sqlalchemy import Connection, update

from bot.ports import Line, Speaker
from bot.turns.pruning import AT_FIRST_SECONDS, INTERVAL_SECONDS, REST_SECONDS, Pruning
from db.journal import Journal
from db.models import outbox, threads, turns, updates
from db.pruning import Batch
from db.retention import Retention
from db.seconds import DAY_SECONDS
from tests.fakes.channel import Client
from tests.fakes.clock import FakeClock, rounds
from tests.fakes.journal import FakeJournal
from tests.fakes.model import reply
from tests.fakes.telemetry import FakeTelemetry
from tests.turns.desk import Desk, House, rules

OLD = (
    (updates, updates.c.received_at, "received_at"),
    (outbox, outbox.c.queued_at, "queued_at"),
    (turns, turns.c.opened_at, "opened_at"),
    (threads, threads.c.conversation_at, "conversation_at"),
)


async def get_older(desk: Desk, days: float) -> None:
    """As if so many days had passed."""
    for table, at, name in OLD:
        older = update(table).values({name: at - days * DAY_SECONDS})
        await desk.database.write(partial(Connection.execute, statement=older))


async def test_an_old_conversation_is_replaced_by_one_that_knows_what_is_kept(
    house: House,
) -> None:
    anna = Client()
    house.model.will(reply("Certo."), reply("Dalle 7."), reply("Sì."))
    async with house.process(rules(retention=Retention(words=365))) as desk:
        await desk.answers(anna.writes("Avete un parcheggio?"))
        await get_older(desk, 200)
        await desk.answers(anna.writes("E la colazione?"))
        await get_older(desk, 200)
        await desk.runs(INTERVAL_SECONDS + AT_FIRST_SECONDS)
        assert house.model.erased == ["conv_1"]
        assert desk.telemetry.count("pruned") == 1
        await desk.answers(anna.writes("Anche la domenica?"))
    assert house.model.seeded["conv_2"] == [
        Line(Speaker.CLIENT, "E la colazione?"),
        Line(Speaker.ASSISTANT, "Dalle 7."),
    ]
    assert [question.conversation_id for question in house.model.asked] == [
        *("conv_1", "conv_1", "conv_2")
    ]
    assert "⟦first_turn: no⟧" in house.model.asked[-1].told[0].text


async def test_a_pruning_that_fails_is_tried_again(house: House) -> None:
    anna = Client()
    house.model.will(reply("Certo."))
    async with house.process() as desk:
        await desk.answers(anna.writes("Avete un parcheggio?"))
        await get_older(desk, 400)
        await desk.runs(AT_FIRST_SECONDS - 31.0)
        desk.database.refusals = 1
        await desk.runs(2.0)
        assert desk.database.refusals == 0
        assert desk.telemetry.count("pruning failed") == 1
        await desk.runs(INTERVAL_SECONDS)
        assert (await desk.transcript()).said[-1].row.text == ""
        assert desk.telemetry.count("pruned") == 1


async def test_a_batch_lets_others_go_first() -> None:
    clock, journal = FakeClock(), FakeJournal({NoneType: 0})
    unused: Any = None
    pruning = Pruning(cast(Journal, journal), unused, unused, {}, clock, FakeTelemetry())
    going = asyncio.ensure_future(pruning._carry_out(Batch("turns", 1, unused)))
    await rounds()
    assert not journal.done
    clock.jump(clock.time + REST_SECONDS)
    await going
    assert len(journal.done) == 1
