"""Somebody puts the wall clock back: nobody waits longer for it."""

import pytest

from bot.core.texts import Text, say
from bot.errors import InDoubt, RetryLater
from bot.ports import CALL_SECONDS, Outgoing
from bot.telegram.request import CALL_SECONDS as TELEGRAM_CALL_SECONDS
from bot.turns.doubt import SETTLE_SECONDS
from bot.turns.housekeeping import INTERVAL_SECONDS
from db.people import Appoint, Person, roles_of
from db.records import Actor
from db.window import Window
from tests.fakes.channel import Client
from tests.fakes.model import answer, reply
from tests.turns.desk import Desk, House, rules

BACK, DAY = 3_600.0, 86_400.0
TOO_FAST, _, _ = say(Text.TOO_FAST, "it", count=60).partition("60")
STEPS = pytest.mark.parametrize(  # what SQL compares is tried with each on both: tests/db
    ("backend", "step"),
    [("sqlite", 120.0), ("postgresql", 3_600.0), ("sqlite", DAY)],
    indirect=["backend"],
)
A_MINUTE = rules(window=Window(turns_per_minute=1))
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

    async def send(message: Outgoing) -> str:
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


async def test_a_call_that_began_before_does_not_hide_a_bubble_from_its_search(
    house: House,
) -> None:
    anna, bruno = Client(), Client(chat_id=2)

    async def send(message: Outgoing) -> str:
        await house.clock.sleep(5 if message.address.chat_id == "2" else 6)
        message_id = house.channel.deliver(message)
        if message.address.chat_id == "1":
            house.channel.answer = None
            raise InDoubt("timeout")
        return message_id

    async with house.process() as desk:
        await met(desk, house, anna, bruno)
        house.channel.answer = send
        house.model.will(reply("Due."), reply("Uno.", response_id="resp_2"))
        await desk.answers(bruno.writes("?"), seconds=2)
        house.clock.put_back = BACK
        await desk.answers(anna.writes("?"), seconds=SETTLED)
    assert [message.text for message in house.channel.sent] == ["Due.", "Uno."]


# ------------------------------------------------------- a chat that is due


@STEPS
async def test_a_quiet_window_is_no_longer_for_it(house: House, step: float) -> None:
    house.model.will(reply("Uno."))
    async with house.process() as desk:
        await desk.hears(Client().writes("Ciao"))
        house.clock.put_back = step
        await desk.runs(1)
        assert house.channel.texts()[-1] == "Uno."


@STEPS
async def test_nor_is_a_quiet_window_that_a_dead_process_left(house: House, step: float) -> None:
    house.model.will(reply("Uno."))
    async with house.process() as desk:
        await desk.hears(Client().writes("Ciao"))
        await desk.dies()
    house.clock.put_back = step
    async with house.process() as desk:
        await desk.runs(1)
        assert house.channel.texts()[-1] == "Uno."


async def test_who_writes_on_waits_no_longer_than_the_cap(house: House) -> None:
    anna = Client()
    house.model.will(reply("Uno."))
    async with house.process() as desk:
        await desk.hears(anna.writes("a"))
        house.clock.put_back = BACK
        for text in "bcdefg":
            await desk.answers(anna.writes(text), seconds=0.5)
        assert house.channel.texts()[-1] == "Uno."


@STEPS
async def test_a_message_during_an_answer_is_answered_right_after_it(
    house: House, step: float
) -> None:
    anna = Client()
    house.model.will([*reply("Uno.")[:-1], lambda: house.clock.sleep(10), reply("Uno.")[-1]])
    async with house.process() as desk:
        await desk.answers(anna.writes("a"), seconds=5)
        await desk.answers(anna.writes("b"), seconds=2)
        house.clock.put_back = step
        house.model.will(reply("Due.", response_id="resp_2"))
        await desk.runs(5)
    assert house.channel.texts()[-2:] == ["Uno.", "Due."]


# ------------------------------------------------------------ turns a minute


@STEPS
async def test_a_chat_that_is_too_fast_waits_no_longer_for_it(house: House, step: float) -> None:
    anna = Client()
    house.model.will(reply("Uno."), reply("Due.", response_id="resp_2"))
    async with house.process(A_MINUTE) as desk:
        await desk.answers(anna.writes("a"), seconds=10)
        await desk.answers(anna.writes("b"), seconds=10)
        house.clock.put_back = step
        await desk.runs(35)
        assert house.channel.texts()[-1].startswith(TOO_FAST)
        await desk.runs(10)
        assert house.channel.texts()[-1] == "Due."


@STEPS
async def test_after_a_kill_the_wait_begins_anew_at_most(house: House, step: float) -> None:
    anna = Client()
    house.model.will(reply("Uno."), reply("Due.", response_id="resp_2"))
    async with house.process(A_MINUTE) as desk:
        await desk.answers(anna.writes("a"), seconds=10)
        await desk.answers(anna.writes("b"), seconds=10)
        await desk.dies()
    house.clock.put_back = step
    async with house.process(A_MINUTE) as desk:
        await desk.runs(52)
        assert house.channel.texts()[-1] == "Due."


@STEPS
async def test_turns_of_before_are_not_counted(house: House, step: float) -> None:
    anna = Client()
    house.model.will(reply("Uno."), reply("Due.", response_id="resp_2"))
    async with house.process(A_MINUTE) as desk:
        await desk.answers(anna.writes("a"), seconds=10)
        house.clock.put_back = step
        await desk.answers(anna.writes("b"), seconds=2)
    assert house.channel.texts()[-1] == "Due."


async def test_those_of_afterwards_are_and_each_closed_window_is_told(house: House) -> None:
    anna = Client()
    house.model.will(*(reply(f"{n}.", response_id=f"resp_{n}") for n in range(4)))
    async with house.process(A_MINUTE) as desk:
        for text in "ab":
            await desk.answers(anna.writes(text), seconds=2)
        await desk.runs(60)
        house.clock.put_back = BACK
        for text in "cd":
            await desk.answers(anna.writes(text), seconds=2)
        assert [text.startswith(TOO_FAST) for text in house.channel.texts()].count(True) == 2
        await desk.runs(60)
    told, last = house.channel.texts()[-2:]
    assert (told.startswith(TOO_FAST), last) == (True, "3.")


# ------------------------------------------------------ the waiting message


async def test_the_waiting_message_comes_in_time_after_a_kill(house: House) -> None:
    waiting = rules(waiting_seconds=5)
    async with house.process(waiting) as desk:
        house.model.will([house.hangs])
        await desk.answers(Client().writes("?"), seconds=3)
        await desk.dies()
    house.clock.put_back = BACK
    async with house.process(waiting) as desk:
        house.model.will([house.hangs])
        await desk.runs(6)
        assert len(house.channel.texts()) == 2
        await desk.dies()


# ------------------------------------------------------------ ends and days


async def test_what_was_used_on_a_day_that_comes_again_silences_nobody(house: House) -> None:
    anna, limited = Client(), rules(daily_token_limit=200)  # an answer uses 120

    async def asks(days: float, *, back: float = 0.0) -> int:
        house.clock.time, house.clock.put_back = house.clock.time + days * DAY, back
        asked = len(house.model.asked)
        async with house.process(limited) as desk:
            await desk.answers(anna.writes("?"), seconds=10)
        return len(house.model.asked) - asked

    house.model.will(*(reply("Uno.", response_id=f"resp_{n}") for n in range(4)))
    assert [await asks(0), await asks(0), await asks(0)] == [1, 1, 0]
    assert await asks(1) == 1
    assert [await asks(0, back=DAY), await asks(0, back=DAY)] == [1, 0]


async def test_a_role_that_ended_while_we_served_does_not_begin_again(house: House) -> None:
    end = house.clock.now() + 10
    async with house.process() as desk:
        appoint = Appoint(1, Person(1, "Anna", "admin", end), Actor(None, "console"), end - 10)
        await desk.engine.outside.journal.do(appoint)
        await desk.runs(10 + INTERVAL_SECONDS)
    assert await house.database.read(lambda c: roles_of(c, user_id=1, now=end - BACK)) == {}
