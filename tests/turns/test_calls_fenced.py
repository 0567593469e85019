"""Who has lost the turn, or the right to act, calls nothing more; what it began goes on."""

from dataclasses import dataclass

from sqlalchemy import text

from bot.core.calls import Output
from bot.ports import ToolContext
from tests.backends import on_both
from tests.fakes.channel import Client
from tests.fakes.model import calling, reply
from tests.fakes.tools import FakeTool, done
from tests.turns.acting import BOOK, comes_back, has, in_t8, last, rows, said
from tests.turns.desk import House

pytestmark = on_both


async def test_without_the_right_to_act_nothing_is_called(house: House) -> None:
    book = has(house, FakeTool("book"))
    async with house.process(alone=False) as desk:

        async def lapses() -> None:
            desk.engine.lease.lapse()

        first, second = calling(BOOK)
        house.model.will([first, lapses, second])
        await desk.answers(Client().writes("Un tavolo"), seconds=3)
        assert (book.book, await rows(house)) == ([], ["proposed"])
        house.model.will(reply("Prenotato.", response_id="resp_2"))
        await desk.engine.lease.beat()
        await desk.runs(5)

    assert len(book.book) == 1
    assert said(house) == ["Prenotato."]


async def test_a_process_that_lost_its_turn_writes_nothing_and_asks_nothing(house: House) -> None:
    book = has(house, FakeTool("book"))
    house.model.will(calling(BOOK))
    async with house.process() as desk:

        async def is_overtaken(_: ToolContext, __: str) -> str:
            adopted = text("UPDATE turns SET epoch = epoch + 1")
            await desk.database.write(lambda connection: connection.execute(adopted))
            return done("late")

        book.acts = is_overtaken
        await desk.answers(Client().writes("Un tavolo"), seconds=5)
        await desk.dies()

    assert desk.telemetry.count("turn lost") == 1
    assert await rows(house) == ["running"]
    assert len(house.model.asked) == 1


async def test_in_t8_a_write_that_may_still_be_at_work_is_looked_for_once_its_time_is_over(
    house: House,
) -> None:
    @dataclass(slots=True)
    class Slow(FakeTool):
        """Its system is at work for 9 of the 10 seconds, whoever waits for it."""

        async def probe(self, context: ToolContext, arguments: str) -> str | None:
            return done("It was.") if house.clock.now() >= start + 9 else None

    start = house.clock.now()
    book = await in_t8(house, Slow("book", probes=True))

    await comes_back(house, last())

    assert len(book.book) == 1
    assert house.model.asked[-1].outputs == (Output("call_1", done("It was.")),)


async def test_in_t8_a_write_that_cannot_be_looked_for_is_waited_for_by_nobody(
    house: House,
) -> None:
    await in_t8(house, FakeTool("book"))
    house.model.will(last())
    async with house.process() as desk:
        await desk.runs(1)
    assert await rows(house) == ["doubt"]
