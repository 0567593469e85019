"""Who speaks for a bot no more, or is about to end, begins nothing; the tables keep it."""

from tests.fakes.channel import BOT, Client
from tests.fakes.model import reply
from tests.turns.desk import House


async def test_a_process_that_ends_claims_neither_what_waits_nor_what_comes(house: House) -> None:
    async with house.process() as desk:
        await desk.hears(Client(1).writes("?"))
        desk.engine.scheduler.stop()
        await desk.hears(Client(2).writes("?"))
        await desk.runs(60)
        assert house.model.asked == []
    house.model.will(reply("Uno."), reply("Due.", response_id="resp_2"))
    async with house.process() as desk:
        await desk.runs(30)
    assert len(house.channel.texts(1)) == len(house.channel.texts(2)) == 2  # with the notice


async def test_a_process_that_ends_begins_nothing_anew(house: House) -> None:
    house.model.will([ZeroDivisionError()])
    async with house.process() as desk:
        await desk.hears(Client().writes("?"))
        while not desk.telemetry.count("turn broken"):
            await desk.runs(0.1)
        desk.engine.scheduler.stop()
        await desk.runs(60)
    assert len(house.model.asked) == 1


async def test_what_waits_at_a_bot_that_left_is_not_claimed(house: House) -> None:
    async with house.process() as desk:
        await desk.hears(Client().writes("?"))
        await desk.engine.leave(BOT)
        await desk.runs(60)
        assert not (await desk.transcript()).turns
