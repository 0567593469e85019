"""A turn is claimed when it is due, and not by who ends or speaks for the bot no more."""

from collections.abc import Sequence
from typing import Any

from bot.turns.scheduler import OVERLOOKED_SECONDS
from db.chats import ChatWork
from db.operations import Claim
from db.records import Draft
from db.transaction import Operation
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


async def test_a_wait_that_is_asked_for_again_is_as_long_as_it_was(house: House) -> None:
    claimed_at = list[float]()

    def at_commit(operations: Sequence[Operation[Any]], _: object) -> None:
        claimed_at.extend(house.clock.time for one in operations if isinstance(one, Claim))

    async with house.process(observe=at_commit) as desk:
        due, began = house.clock.now() + 3, house.clock.time
        desk.engine.scheduler.arm(1, due)
        house.clock.put_back = 60
        desk.engine.scheduler.arm(1, due)
        await desk.runs(10)
    assert claimed_at == [began + 3]


async def test_an_event_that_is_taken_for_a_message_is_answered_as_soon_as_one(
    house: House,
) -> None:
    anna = Client()

    def asks(chat: ChatWork) -> Sequence[Draft]:
        chat.ask_again(anna.writes("Avete camere?").payload)
        return ()

    house.model.will(reply("Sì."))
    async with house.process() as desk:
        desk.works["/rooms"] = asks
        await desk.hears(anna.commands("/rooms"))
        await desk.runs(OVERLOOKED_SECONDS - 1)
    assert house.channel.texts()[-1] == "Sì."
