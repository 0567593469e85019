"""Never exception text, never silence."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.core.texts import Text, say
from bot.errors import GiveUp, OutOfCredit, RetryLater, Trouble, Unauthorized, Why
from bot.ports import AnswerState, Began
from bot.turns.attention import LOOK_SECONDS
from bot.turns.scheduler import HOPELESS
from db.chats import ChatWork
from db.connection import Unreachable
from db.models import talks, turns
from db.records import Draft, OutboxKind, TurnState
from tenants.profile import Profile
from tests.fakes.channel import BOT, Client
from tests.fakes.model import Step, answer, reply
from tests.turns.desk import PROFILE, House, rules

HOST = Client(99)
NO_CREDIT = OutOfCredit(60, "credit").because(Why(trouble=Trouble.OUT_OF_CREDIT))
BAD_KEY = Unauthorized("401").because(Why(trouble=Trouble.KEY_REFUSED))


def failing(error: Exception) -> list[Step]:
    """The script of a request that fails at once."""
    return [error]


async def test_after_the_retries_one_polite_bubble_and_the_cause_is_kept(house: House) -> None:
    house.model.will(*[failing(RetryLater(0, "500"))] * 6)
    async with house.process() as desk:
        await desk.answers(Client(language="ru").writes("?"), seconds=120)
        transcript = await desk.transcript()
    assert [row.row.kind for row in transcript.said] == [OutboxKind.NOTICE, OutboxKind.FAILURE]
    assert house.channel.texts()[-1] == say(Text.FAILURE, "ru")
    assert (transcript.turns[0].state, transcript.turns[0].cause) == (
        TurnState.FAILED,
        "RetryLater 500",
    )


async def test_exception_text_reaches_nobody(house: House) -> None:
    house.model.will([GiveUp("secret detail")])
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))
        transcript = await desk.transcript()
    assert "secret" not in str(house.channel.texts())
    assert "secret" not in str(transcript)


@pytest.mark.parametrize("state", [AnswerState.COMPLETED, AnswerState.REFUSED])
async def test_a_model_that_says_nothing_gets_the_polite_sentence(
    house: House, state: AnswerState
) -> None:
    house.model.will([answer(state=state)])
    async with house.process() as desk:
        await desk.answers(Client(language="ru").writes("?"))
        said = (await desk.transcript()).said
    assert [row.row.kind for row in said] == [OutboxKind.NOTICE, OutboxKind.REPLY]
    assert house.channel.texts()[-1] == say(Text.EMPTY_REPLY, "ru")


async def test_a_message_that_cannot_be_read_ends_its_turn(house: House) -> None:
    async with house.process() as desk:
        await desk.answers(replace(Client().writes("?"), payload="{}"))
        (turn,) = (await desk.transcript()).turns
    assert (turn.state, turn.cause) == (TurnState.FAILED, "no message could be read")


async def test_something_unforeseen_is_tried_again(house: House) -> None:
    house.model.will([ZeroDivisionError()], reply("Uno."))
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))
    assert house.channel.texts()[-1] == "Uno."


async def test_something_unforeseen_again_and_again_ends_politely(house: House) -> None:
    house.model.will(*[failing(ZeroDivisionError())] * 5)
    async with house.process() as desk:
        await desk.answers(Client().writes("?"), seconds=300)
        transcript = await desk.transcript()
    assert transcript.turns[0].state == TurnState.FAILED
    assert transcript.said[-1].row.kind is OutboxKind.FAILURE


async def test_the_next_turn_goes_well_after_a_failure(house: House) -> None:
    anna = Client()
    house.model.will([GiveUp("no")], reply("Uno."))
    async with house.process() as desk:
        await desk.answers(anna.writes("?"))
        await desk.answers(anna.writes("?"))
    assert house.channel.texts()[-1] == "Uno."


async def test_a_claim_that_was_committed_without_an_answer_is_carried_out(house: House) -> None:
    house.model.will(reply("Uno."))
    async with house.process() as desk:
        await desk.hears(Client().writes("?"))
        await desk.rests()
        desk.database.answers_lost = 1
        await desk.runs(30)
        transcript = await desk.transcript()
    assert house.channel.texts()[-1] == "Uno."
    assert [turn.epoch for turn in transcript.turns] == [2]


# ------------------------------------------------------------------- told to the hosts


@pytest.mark.parametrize("trouble", [NO_CREDIT, BAD_KEY])
async def test_hosts_are_told_once_what_only_they_can_mend(
    house: House, trouble: Exception
) -> None:
    anna = Client()
    async with house.process(rules(hosts=(99,))) as desk:
        await desk.hears(HOST.commands("/start"))
        house.model.will([trouble], [trouble])
        await desk.answers(anna.writes("?"))
        await desk.answers(anna.writes("?"))
    assert len(house.channel.texts(99)) == 1
    assert len(house.channel.texts(1)) == 3


async def test_hosts_are_told_again_after_it_was_well(house: House) -> None:
    anna = Client()
    async with house.process(rules(hosts=(99,))) as desk:
        await desk.hears(HOST.commands("/start"))
        house.model.will([BAD_KEY], reply("Ok."), [BAD_KEY])
        for _ in range(3):
            await desk.answers(anna.writes("?"))
    assert len(house.channel.texts(99)) == 2


async def test_a_failing_database_keeps_no_trouble_from_the_hosts(house: House) -> None:
    async with house.process(rules(hosts=(99,))) as desk:
        await desk.answers(HOST.commands("/start"))
        hosts = desk.engine.hosts

        async def at_last(work: Callable[[], Awaitable[None]]) -> None:
            desk.database.refusals = 1
            with pytest.raises(Unreachable):
                await work()
            await work()

        for _ in range(2):
            await at_last(lambda: hosts.tell_of(Trouble.KEY_REFUSED, BOT, model="gpt-6-luna"))
            await at_last(lambda: hosts.all_is_well("gpt-6-luna"))
        await desk.runs(30)
    assert len(house.channel.texts(99)) == 2


async def test_over_the_daily_limit_clients_and_hosts_are_told(house: House) -> None:
    anna = Client()
    async with house.process(rules(hosts=(99,), daily_token_limit=100)) as desk:
        await desk.hears(HOST.commands("/start"))
        house.model.will(reply("Uno."))
        await desk.answers(anna.writes("?"))
        await desk.answers(anna.writes("?"))
        await desk.answers(anna.writes("?"))
    assert len(house.model.asked) == 1
    assert len(house.channel.texts(99)) == 1


# ------------------------------------------------------------------- the waiting message


async def slow(house: House, seconds: float, *, waiting: float) -> list[str]:
    house.profile = Profile(**{**PROFILE.model_dump(), "waiting_seconds": waiting})
    house.model.will([*reply("Uno.")[:1], lambda: house.clock.sleep(seconds), *reply("Uno.")[1:]])
    async with house.process(rules(waiting_seconds=None)) as desk:
        await desk.answers(Client().writes("?"))
    return house.channel.texts()


async def test_a_slow_model_gets_the_waiting_message_once(house: House) -> None:
    texts = await slow(house, 20, waiting=5)
    assert texts == ["Sono una IA.", PROFILE.waiting_message, "Uno."]


async def test_a_quick_model_gets_none(house: House) -> None:
    assert await slow(house, 2, waiting=5) == ["Sono una IA.", "Uno."]


async def test_zero_means_never(house: House) -> None:
    assert await slow(house, 20, waiting=0) == ["Sono una IA.", "Uno."]


async def test_a_file_that_a_command_misses_is_no_broken_database(house: House) -> None:
    def work(_: ChatWork) -> Sequence[Draft]:
        raise FileNotFoundError

    async with house.process() as desk:
        desk.works["/preview"] = work
        await desk.hears(Client().commands("/preview"))
        await desk.runs(10)  # and not the minutes that are given to a database
        handled = len(desk.handled)
        await desk.runs(600)
        assert handled == len(desk.handled) == 3
        assert desk.telemetry.count("event failed") == 3


@pytest.mark.parametrize(
    ("error", "seconds"), [(Unauthorized("401"), LOOK_SECONDS / 2), (ZeroDivisionError(), 60)]
)
async def test_who_was_not_served_is_known_by_name_and_people_are_told(
    house: House, error: Exception, seconds: float
) -> None:
    script: list[Step] = [error]
    house.model.will(*[script] * (1 if isinstance(error, Unauthorized) else HOPELESS))
    name = select(talks.c.name)
    async with house.process() as desk:
        await desk.answers(Client().writes("?"), seconds=seconds)
        assert await house.database.read(lambda c: c.execute(name).scalars().all()) == ["Anna"]
        assert desk.telemetry.count("people told") == 1


async def test_how_long_a_turn_took_is_told_and_when_its_answer_began_where_that_is_known(
    house: House,
) -> None:
    anna, began = Client(), select(turns.c.first_delta_at).order_by(turns.c.id)
    house.model.will(reply("Uno."), [Began("resp_2"), house.hangs])
    async with house.process() as desk:
        await desk.answers(anna.writes("?"), seconds=10)
        [took] = [told["seconds"] for event, told in desk.telemetry.records if event == "turn over"]
        assert isinstance(took, float)
        assert 0 <= took <= 10
        await desk.answers(anna.writes("?"), seconds=10)
        await desk.dies()
    house.model.stored["resp_2"] = answer("Due.", response_id="resp_2")
    async with house.process() as desk:
        await desk.runs(120)
    first, taken_over = await house.database.read(lambda c: c.execute(began).scalars().all())
    assert (first is not None, taken_over) == (True, None)
