"""When the client sees somebody type."""

from dataclasses import dataclass, field

import pytest

from bot.errors import Unauthorized
from bot.ports import AllSaid, AnswerState, Began
from bot.turns.tasks import Tasks
from bot.turns.typing import RENEW_SECONDS, Typing
from db.records import TELEGRAM
from tenants.profile import Pace
from tests.addresses import chat_at
from tests.fakes.channel import BOT, Client, FakeChannel
from tests.fakes.clock import FakeClock
from tests.fakes.model import Step, answer, reply
from tests.fakes.telemetry import FakeTelemetry
from tests.turns.desk import House, met, rules


async def test_typing_is_shown_while_the_client_waits_and_no_longer(house: House) -> None:
    anna = Client()
    house.model.will([*reply("Uno.")[:1], lambda: house.clock.sleep(10), *reply("Uno.")[1:]])
    async with house.process() as desk:
        await desk.answers(anna.writes("?"), seconds=60)
    assert len(house.channel.typed) == 4  # at once; after the notice, and twice more in 10 s


async def test_typing_is_shown_at_once_where_another_bubble_is_there(house: House) -> None:
    anna = Client()
    async with house.process(rules(pace=Pace.HUMAN)) as desk:
        await met(desk, house, anna)
        one, *more = reply("Uno.", "Due, e molto di più.")
        house.model.will([one, lambda: house.clock.sleep(0.1), *more[:-1], house.hangs])
        house.channel.typed.clear()
        await desk.answers(anna.writes("?"), seconds=0.9)
        await desk.dies()
    assert house.channel.texts() == ["Uno."]
    assert len(house.channel.typed) == 2  # at once, and before the second


@pytest.mark.parametrize("pause", [0.0, 0.5])
async def test_typing_ends_with_the_last_bubble_though_the_answer_goes_on(
    house: House, pause: float
) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        *said, over = reply("Uno.")
        pauses: list[Step] = [lambda: house.clock.sleep(pause), lambda: house.clock.sleep(10)]
        house.model.will([*said, pauses[0], AllSaid(), pauses[1], over])
        house.channel.typed.clear()
        await desk.answers(anna.writes("?"), seconds=30)
    assert len(house.channel.typed) == 1  # at once


async def test_typing_is_shown_before_a_bubble_that_is_known_to_be_the_last(house: House) -> None:
    anna = Client()
    async with house.process(rules(pace=Pace.HUMAN)) as desk:
        await met(desk, house, anna)
        said = reply("Uno.", "Due, e molto di più.")[:4]
        house.model.will([*said, AllSaid(), lambda: house.clock.sleep(20), answer("Uno.", "Due.")])
        house.channel.typed.clear()
        await desk.answers(anna.writes("?"), seconds=10)
        await desk.runs(30)
    assert house.channel.texts() == ["Uno.", "Due, e molto di più."]
    assert len(house.channel.typed) == 2  # at once, and before the second


async def test_typing_goes_on_where_all_was_said_and_nothing_was_heard(house: House) -> None:
    anna = Client()
    commentary = answer(state=AnswerState.COMMENTARY)
    async with house.process() as desk:
        await met(desk, house, anna)
        slowly: list[Step] = [lambda: house.clock.sleep(10), *reply("Uno.")]
        house.model.will([Began("resp_1"), AllSaid(), commentary], slowly)
        house.channel.typed.clear()
        await desk.answers(anna.writes("?"), seconds=30)
    assert len(house.channel.typed) == 3  # at once, and twice more in 10 s


async def test_nobody_types_behind_an_apology(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        house.model.will([Unauthorized("401")])
        house.channel.typed.clear()
        await desk.answers(anna.writes("?"))
    assert len(house.channel.typed) == 1  # at once


async def test_who_takes_a_turn_over_types_at_once(house: House) -> None:
    anna = Client()
    house.model.will([Began("resp_1"), house.hangs])
    async with house.process() as desk:
        await desk.answers(anna.writes("?"))
        await desk.dies()
    house.model.stored["resp_1"] = answer(state=AnswerState.RUNNING)
    house.channel.typed.clear()
    async with house.process() as desk:
        await desk.runs(1)
        await desk.dies()
    assert len(house.channel.typed) == 1


async def test_behind_the_notice_typing_goes_on_at_once(house: House) -> None:
    anna = Client()
    house.model.will([*reply("Uno.")[:1], lambda: house.clock.sleep(0.6), *reply("Uno.")[1:]])
    async with house.process() as desk:
        await desk.answers(anna.writes("?"), seconds=10)
    assert len(house.channel.typed) == 2  # at once, and after the notice


@dataclass(slots=True)
class Shown:
    """Typing by itself."""

    channel: FakeChannel = field(default_factory=FakeChannel)
    clock: FakeClock = field(default_factory=FakeClock)
    tasks: Tasks = field(default_factory=lambda: Tasks(FakeTelemetry()))
    typing: Typing = field(init=False)

    def __post_init__(self) -> None:
        self.typing = Typing({TELEGRAM: self.channel}, self.clock, self.tasks)

    async def after(self, seconds: float) -> int:
        """How often it was shown."""
        self.clock.jump(self.clock.time + seconds)
        await self.tasks.join()
        return len(self.channel.typed)


async def test_who_is_to_type_in_a_moment_does_so_once_and_then_goes_on() -> None:
    shown = Shown()
    for _ in range(2):
        shown.typing.start(1, chat_at(BOT, 1), after=1.0)
    assert await shown.after(0.9) == 0
    assert await shown.after(0.1) == 1
    shown.typing.start(1, chat_at(BOT, 1), after=1.0)
    shown.typing.start(1, chat_at(BOT, 1))
    assert await shown.after(RENEW_SECONDS - 0.1) == 1
    assert await shown.after(0.1) == 2


async def test_who_is_to_type_in_a_moment_can_do_so_at_once() -> None:
    shown = Shown()
    shown.typing.start(1, chat_at(BOT, 1), after=1.0)
    shown.typing.start(1, chat_at(BOT, 1))
    assert await shown.after(0) == 1
    assert await shown.after(RENEW_SECONDS - 0.1) == 1


async def test_a_bot_that_leaves_types_no_more_and_another_does() -> None:
    shown = Shown()
    shown.typing.start(1, chat_at(BOT, 1))
    shown.typing.start(2, chat_at(BOT + 1, 1))
    shown.typing.leave(BOT)
    assert await shown.after(0) == 2
    await shown.after(RENEW_SECONDS)
    assert shown.channel.typed[2:] == [chat_at(BOT + 1, 1)]


async def test_nobody_types_when_the_process_ends() -> None:
    shown = Shown()
    shown.typing.start(1, chat_at(BOT, 1), after=1.0)
    shown.typing.start(2, chat_at(BOT, 2))
    shown.typing.stop_all()
    assert await shown.after(60) == 1
