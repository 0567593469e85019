"""Answers of the channel that are lost, again and again within one life of a process."""

from bot.errors import InDoubt
from bot.ports import Outgoing
from db.records import TurnState
from tests.fakes.channel import Client
from tests.fakes.model import answer, reply
from tests.turns.desk import Desk, House

LOST = 4
COMMIT_FAILS = 2  # refusals: together with others, and by itself
AGAIN_AND_AGAIN = 12  # more often than a chat is begun anew quickly


def loses_answers(house: House) -> None:
    """Those to what ends in "!"."""

    async def send(message: Outgoing) -> str:
        message_id = house.channel.deliver(message)
        if message.text.endswith("!"):
            raise InDoubt("timeout")
        return message_id

    house.channel.answer = send


async def met(desk: Desk, house: House, anna: Client) -> None:
    """The ids of a chat are known, and its notice is out."""
    house.model.will(reply("Ciao."))
    await desk.answers(anna.writes("Ciao"), seconds=60)
    house.channel.sent.clear()


async def test_each_is_found_and_nothing_is_said_twice(house: House) -> None:
    anna = Client()
    said = [text for number in range(LOST) for text in (f"{number}.", f"{number}!")]
    async with house.process() as desk:
        await met(desk, house, anna)
        loses_answers(house)
        for number in range(LOST):
            house.model.will(reply(f"{number}.", f"{number}!"))
            await desk.answers(anna.writes("?"), seconds=60)
    assert house.channel.texts() == said


async def test_one_whose_settling_is_not_committed_is_found_again(house: House) -> None:
    anna = Client()
    async with house.process() as desk:

        def fails_once() -> None:
            desk.database.refusals = COMMIT_FAILS
            house.channel.on_found = None

        await met(desk, house, anna)
        loses_answers(house)
        house.channel.on_found = fails_once
        house.model.will(reply("Uno!"))
        house.model.stored["resp_1"] = answer("Uno!")  # for the turn that begins anew
        await desk.answers(anna.writes("?"), seconds=120)
        assert desk.telemetry.count("doubt settled") == 2
    assert house.channel.texts() == ["Uno!"]


async def test_a_database_that_refuses_for_long_and_is_well_again_makes_no_chat_mute(
    house: House,
) -> None:
    anna = Client()
    async with house.process() as desk:
        refusing = AGAIN_AND_AGAIN

        def fails() -> None:
            nonlocal refusing
            desk.database.refusals = int(refusing > 0)
            refusing -= 1

        await met(desk, house, anna)
        loses_answers(house)
        house.channel.on_found = fails
        house.model.will(reply("Uno!"))
        house.model.stored["resp_1"] = answer("Uno!")
        await desk.answers(anna.writes("?"), seconds=1200)
        house.model.will(reply("Due.", response_id="resp_2"))
        await desk.answers(anna.writes("?"), seconds=60)
        states = {turn.state for turn in (await desk.transcript()).turns}
    assert house.channel.texts() == ["Uno!", "Due."]
    assert states == {TurnState.DONE}
