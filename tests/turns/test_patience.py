"""How long a turn waits for the model, to the second."""

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.core.texts import Text, say
from bot.errors import InDoubt, OutOfPatience, RetryLater, Why
from bot.ports import AnswerState, Began, BubbleClosed, Speaking
from bot.turns.patience import STOPPED_SECONDS, Patience, lengthened
from db.records import OutboxKind, TurnState
from tenants.profile import Profile
from tests.fakes.channel import Client
from tests.fakes.clock import FakeClock, rounds
from tests.fakes.model import Step, answer, reply
from tests.turns.desk import PROFILE, Desk, House, rules

FAILURE = say(Text.FAILURE, "it")
BEGUN: list[Step] = [Began("resp_1"), Speaking()]


def bubbles(house: House) -> list[str]:
    return [text for text in house.channel.texts() if text != "Sono una IA."]


async def apologises(desk: Desk, house: House, *, after: float) -> None:
    """In so many seconds, and no sooner."""
    await desk.runs(after - 2)
    assert FAILURE not in house.channel.texts()
    await desk.runs(4)
    assert house.channel.texts()[-1] == FAILURE


async def asks(desk: Desk) -> None:
    await desk.answers(Client().writes("?"), seconds=1)


async def test_a_model_that_says_nothing_is_waited_for_90_seconds(house: House) -> None:
    house.model.will([house.hangs])
    async with house.process() as desk:
        await asks(desk)
        await apologises(desk, house, after=90)
        turn = (await desk.transcript()).turns[0]
    assert (turn.state, turn.cause) == (TurnState.FAILED, "OutOfPatience")


@pytest.mark.parametrize(("effort", "seconds"), [("low", 135), ("high", 270), ("max", 540)])
async def test_one_that_thinks_longer_is_given_longer(
    house: House, effort: str, seconds: float
) -> None:
    house.model.will([house.hangs])
    async with house.process(rules(effort=effort)) as desk:
        await asks(desk)
        await apologises(desk, house, after=seconds)


async def test_the_host_says_how_long(house: House) -> None:
    house.model.will([house.hangs])
    async with house.process(rules(patience_seconds=20)) as desk:
        await asks(desk)
        await apologises(desk, house, after=20)


async def test_a_bubble_is_a_sign_of_life(house: House) -> None:
    rest = 80.0

    async def works() -> None:
        await house.clock.sleep(rest)

    house.model.will(
        [*BEGUN, works, BubbleClosed("Uno."), works, BubbleClosed("Due."), house.hangs]
    )
    async with house.process() as desk:
        await asks(desk)
        await apologises(desk, house, after=2 * rest + 90)
    assert bubbles(house) == ["Uno.", "Due.", FAILURE]


async def test_a_bubble_that_is_not_shown_is_none(house: House) -> None:
    async def works() -> None:
        await house.clock.sleep(40)

    same: list[Step] = [works, BubbleClosed("Uno.")]
    house.model.will([*BEGUN, *same, *same, *same, *same])
    async with house.process() as desk:
        await asks(desk)
        await apologises(desk, house, after=40 + 90)


async def test_the_waiting_message_is_a_sign_of_life_and_no_apology(house: House) -> None:
    house.profile = Profile(**{**PROFILE.model_dump(), "waiting_seconds": 30})
    house.model.will([house.hangs])
    async with house.process(rules(waiting_seconds=None)) as desk:
        await asks(desk)
        await apologises(desk, house, after=30 + 90)
        said = [row.row.kind for row in (await desk.transcript()).said]
    assert said == [OutboxKind.NOTICE, OutboxKind.WAITING, OutboxKind.FAILURE]


async def test_pauses_of_telegram_and_of_typing_use_none_of_it(house: House) -> None:
    house.channel.refusals += [None, RetryLater(300, "flood")]
    house.model.will(reply(*(f"{'Parole. ' * 20}{n}" for n in range(8))))
    async with house.process(rules(pace="human", patience_seconds=10)) as desk:
        await desk.answers(Client().writes("?"), seconds=600)
    assert len(bubbles(house)) == 8


async def test_what_is_tried_again_and_again_shares_one_patience(house: House) -> None:
    async def works() -> None:
        await house.clock.sleep(25)

    cut: list[Step] = [works, InDoubt().because(Why(note="cut", request_id="req_1"))]
    house.model.will(*[cut] * 4)
    async with house.process() as desk:
        await asks(desk)
        await apologises(desk, house, after=90)
        turn = (await desk.transcript()).turns[0]
    assert turn.cause == "OutOfPatience InDoubt cut req_1"


async def test_a_pause_that_would_be_too_long_is_not_begun(house: House) -> None:
    house.model.will([RetryLater(91, "429")])
    async with house.process() as desk:
        await asks(desk)
        assert bubbles(house) == [FAILURE]


async def test_a_turn_that_is_taken_over_has_new_patience(house: House) -> None:
    house.model.will([*BEGUN, house.hangs])
    async with house.process() as desk:
        await asks(desk)
        await desk.runs(80)
        await desk.dies()
    house.model.stored["resp_1"] = answer(state=AnswerState.RUNNING)
    house.model.will([house.hangs])
    async with house.process() as desk:
        await apologises(desk, house, after=90)


async def test_a_response_that_is_left_running_leaves_its_conversation(house: House) -> None:
    anna = Client()
    house.model.will([*BEGUN, house.hangs], reply("Eccomi.", response_id="resp_2"))
    async with house.process() as desk:
        await desk.answers(anna.writes("?"), seconds=120)
        await desk.answers(anna.writes("Allora?"))
        assert [one.conversation_id for one in house.model.asked] == ["conv_1", "conv_2"]
        assert [line.text for line in house.model.seeded["conv_2"]] == ["?"]
        await desk.wakes_after(3700)
    assert house.model.erased == ["conv_1"]


async def test_killed_before_the_apology_the_turn_is_asked_anew(house: House) -> None:
    house.model.will([*BEGUN, house.hangs])
    async with house.process() as desk:
        house.channel.refusals += [None, RetryLater(600)]
        await desk.answers(Client().writes("?"), seconds=95)
        await desk.dies()
    async with house.process() as desk:
        await desk.runs(1000)
        transcript = await desk.transcript()
    assert bubbles(house) == [FAILURE]
    (turn,) = transcript.turns
    assert (turn.state, turn.cause) == (TurnState.FAILED, "resumed after its failure was told")


# ------------------------------------------------------------------- patience by itself


async def test_what_it_waits_for_is_ended(house: House) -> None:
    clock, ended = FakeClock(), []

    async def works() -> None:
        try:
            await clock.sleep(100)
        finally:
            ended.append(clock.boottime())

    clock.call_later(10, lambda: None)
    patience, start = Patience(clock, 10), clock.boottime()
    async with house.process() as desk:
        work = desk.engine.tasks.start(patience.of(works()))
        await desk.rests()
        clock.jump(start + 10)
        await desk.rests()
        assert isinstance(work.exception(), OutOfPatience)
    assert ended == [start + 10]


async def test_a_timeout_of_its_own_is_no_end_of_patience() -> None:
    async def works() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        await Patience(FakeClock(), 10).of(works())


def test_none_and_minimal_are_the_host_s_own_figure() -> None:
    assert [lengthened(90, effort=effort) for effort in ("none", "minimal", "")] == [90] * 3


@pytest.mark.parametrize(("effort", "times"), [("low", 1.5), ("medium", 2.0), ("max", 6.0)])
def test_one_that_thinks_gets_so_much_more(effort: str, times: float) -> None:
    assert lengthened(90, effort=effort) == 90 * times


@dataclass(slots=True)
class Waiting:
    """For something that never comes, with patience of ten seconds."""

    clock: FakeClock = field(default_factory=FakeClock)
    patience: Patience = field(init=False)
    wait: asyncio.Future[None] = field(init=False)

    def __post_init__(self) -> None:
        self.patience = Patience(self.clock, 10.0)
        self.begins()

    def begins(self) -> None:
        self.wait = asyncio.ensure_future(self.patience.of(self.clock.sleep(1000)))

    async def lasts(self, seconds: float) -> bool:
        """Whether it goes on after that time."""
        await rounds()
        self.clock.jump(self.clock.time + seconds)
        await rounds()
        return not self.wait.done()

    async def is_over(self) -> None:
        with pytest.raises(OutOfPatience):
            await self.wait


async def test_it_is_used_up_by_one_wait_after_another() -> None:
    waiting = Waiting()
    assert await waiting.lasts(4)
    waiting.wait.cancel()
    await rounds()
    waiting.clock.jump(waiting.clock.time + 100)  # nobody waits
    assert waiting.patience.left == 6
    waiting.begins()
    assert await waiting.lasts(5.5)
    assert not await waiting.lasts(0.5)
    await waiting.is_over()


async def test_what_the_client_sees_makes_it_whole() -> None:
    waiting = Waiting()
    assert await waiting.lasts(4)
    waiting.wait.cancel()
    await rounds()
    waiting.patience.renew()
    assert waiting.patience.left == 10
    waiting.begins()
    assert await waiting.lasts(9)
    waiting.patience.renew()
    assert await waiting.lasts(9.5)
    assert not await waiting.lasts(0.5)
    await waiting.is_over()


@pytest.mark.parametrize(("waited", "rest"), [(2.0, STOPPED_SECONDS), (35.0, 5.0)])
async def test_who_is_stopped_waits_a_little_or_what_was_left(waited: float, rest: float) -> None:
    waiting = Waiting()
    waiting.patience.seconds = 40.0
    assert await waiting.lasts(waited)
    waiting.patience.stop()
    waiting.patience.renew()  # which it is not any more
    assert waiting.patience.left == rest
    timers = [timer for _, _, timer in waiting.clock._timers if timer.callback]
    assert len(timers) == 2  # what is waited for, and one end
    assert await waiting.lasts(rest - 0.5)
    assert not await waiting.lasts(0.5)
    await waiting.is_over()


def test_nobody_has_to_wait_to_be_stopped() -> None:
    patience = Patience(FakeClock(), 40.0)
    patience.stop()
    assert (patience.left, patience.stopped) == (STOPPED_SECONDS, True)


async def test_a_rest_that_takes_all_of_it_is_not_begun() -> None:
    clock = FakeClock()
    with pytest.raises(OutOfPatience):
        await Patience(clock, 10.0).sleep(10.0)
    assert clock.next_due() is None


async def test_it_may_be_stopped_in_the_moment_in_which_it_runs_out() -> None:
    clock = FakeClock()
    patience = Patience(clock, 0.0)
    wait = asyncio.ensure_future(patience.of(clock.sleep(1000)))
    await asyncio.sleep(0)  # it is over, and who waits has not heard of it yet
    patience.stop()
    with pytest.raises(OutOfPatience):
        await wait
