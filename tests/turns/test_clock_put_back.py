"""Somebody puts the wall clock back: nobody waits longer for it."""

from bot.errors import InDoubt, RetryLater
from bot.ports import Outgoing
from bot.telegram.request import CALL_SECONDS as TELEGRAM_CALL_SECONDS
from bot.turns.doubt import CALL_SECONDS, SETTLE_SECONDS
from tests.fakes.channel import Client
from tests.fakes.model import answer, reply
from tests.turns.desk import Desk, House

BACK = 3_600.0
SETTLED = CALL_SECONDS + SETTLE_SECONDS + 2


def test_no_call_lasts_longer_than_a_doubt_counts_on() -> None:
    assert CALL_SECONDS >= TELEGRAM_CALL_SECONDS


async def met(desk: Desk, house: House, *people: Client) -> None:
    for one in people:
        house.model.will(reply("Ciao."))
        await desk.answers(one.writes("Ciao"), seconds=60)
    house.channel.sent.clear()


async def dies_in_doubt(house: House, *people: Client) -> None:
    """Killed while the first one's bubble is on its way; it arrives."""

    async def send(message: Outgoing) -> int:
        house.channel.deliver(message)
        await house.hangs()
        raise AssertionError("unreachable")

    async with house.process() as desk:
        await met(desk, house, *people)
        house.channel.answer = send
        house.model.will(reply("Uno."))
        house.model.stored["resp_1"] = answer("Uno.")
        await desk.answers(people[0].writes("?"), seconds=5)
        await desk.dies()
    house.channel.answer = None


async def test_a_doubt_of_before_the_kill_is_settled_in_time(house: House) -> None:
    anna = Client()
    await dies_in_doubt(house, anna)
    house.clock.put_back = BACK
    async with house.process() as desk:
        await desk.runs(SETTLED)
        assert desk.telemetry.count("doubt settled") == 1
    assert house.channel.texts() == ["Uno."]


async def test_meanwhile_the_other_chats_are_served(house: House) -> None:
    anna, bruno = Client(), Client(chat_id=2)
    await dies_in_doubt(house, anna, bruno)
    house.model.will(reply("Due.", response_id="resp_2"))
    async with house.process() as desk:
        await desk.answers(bruno.writes("?"), seconds=3)
        assert desk.telemetry.count("doubt settled") == 0
        assert house.channel.texts(2) == ["Due."]
        await desk.runs(SETTLED)
    assert house.channel.texts() == ["Uno."]


async def test_a_penalty_is_no_longer_for_it(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        house.channel.refusals.append(RetryLater(5.0, "flood"))
        house.model.will(reply("Uno."))
        await desk.answers(anna.writes("?"), seconds=3)
        house.clock.put_back = BACK
        await desk.runs(10)
        assert house.channel.texts() == ["Uno."]


async def test_nor_is_one_that_a_dead_process_left(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        house.channel.refusals.append(RetryLater(5.0, "flood"))
        house.model.will(reply("Uno."))
        house.model.stored["resp_1"] = answer("Uno.")
        await desk.answers(anna.writes("?"), seconds=3)
        await desk.dies()
    house.clock.put_back = BACK
    async with house.process() as desk:
        await desk.runs(15)
        assert house.channel.texts() == ["Uno."]


async def test_nothing_is_searched_for_while_telegram_may_be_at_work(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        house.channel.refusals.append(InDoubt("timeout"))
        house.model.will(reply("Uno."))
        await desk.answers(anna.writes("?"), seconds=SETTLE_SECONDS)
        assert not house.channel.probed
        await desk.runs(SETTLED)
        assert house.channel.probed
    assert house.channel.texts() == ["Uno."]
