"""What Telegram may answer to a bubble, and what becomes of it."""

import asyncio

from bot.errors import (
    ChatGone,
    ChatMoved,
    GiveUp,
    InDoubt,
    MarkupRejected,
    RetryLater,
    Unauthorized,
)
from bot.ports import Outgoing
from bot.turns.doubt import InDoubtPolicy
from db.records import OutboxState, TurnState
from tenants.profile import Pace
from tests.fakes.channel import Client
from tests.fakes.model import answer, reply
from tests.turns.desk import Desk, House, met, rules


async def test_a_penalty_delays_the_bubble_and_keeps_the_order(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        house.model.will(reply("Uno.", "Due."))
        house.channel.refusals.append(RetryLater(30, "flood"))
        await desk.answers(anna.writes("?"), seconds=20)
        early = house.channel.texts()
        await desk.runs(20)
    assert early == []
    assert house.channel.texts() == ["Uno.", "Due."]


async def test_a_penalty_in_one_chat_leaves_the_others_alone(house: House) -> None:
    house.model.will(reply("A."), reply("B.", response_id="resp_2"))
    async with house.process() as desk:
        house.channel.refusals.append(RetryLater(300, "flood"))
        await desk.answers(Client(1).writes("?"), Client(2).writes("?"), seconds=20)
    assert (len(house.channel.texts(1)), len(house.channel.texts(2))) in ((0, 2), (2, 0))


async def test_a_bubble_waits_for_the_budget_of_its_chat(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        house.model.will(reply("Uno."))
        house.channel.delays[1] = 3.0
        await desk.answers(anna.writes("?"), seconds=2)
        assert house.channel.texts() == []
        house.channel.delays.clear()
        await desk.runs(3)
    assert house.channel.texts() == ["Uno."]


async def test_entities_that_telegram_rejects_are_left_out(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        house.model.will(reply("*Uno.*"))
        house.channel.refusals.append(MarkupRejected("entities"))
        await desk.answers(anna.writes("?"))
        said = (await desk.transcript()).said
    assert house.channel.texts() == ["Uno."]
    assert said[-1].row.entities is None


async def test_a_plain_bubble_whose_entities_are_refused_fails_with_its_cause(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        house.model.will(reply("*Uno.*", "Due."))
        house.channel.refusals += [MarkupRejected("entities"), MarkupRejected("entities still")]
        await desk.answers(anna.writes("?"))
        said = (await desk.transcript()).said
    assert house.channel.texts() == ["Due."]
    assert [row.row.state for row in said[-2:]] == [OutboxState.FAILED, OutboxState.SENT]
    assert said[-2].cause == "entities still"


async def test_a_refused_bubble_fails_and_the_next_goes_out(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        house.model.will(reply("Uno.", "Due."))
        house.channel.refusals.append(GiveUp("bad request"))
        await desk.answers(anna.writes("?"))
        said = (await desk.transcript()).said
    assert house.channel.texts() == ["Due."]
    assert [row.row.state for row in said[-2:]] == [OutboxState.FAILED, OutboxState.SENT]


async def test_a_refused_token_keeps_the_bubble(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        house.model.will(reply("Uno."))
        house.channel.refusals.append(Unauthorized("token"))
        await desk.answers(anna.writes("?"), seconds=90)
    assert house.channel.texts() == ["Uno."]


async def test_a_client_who_blocked_the_bot_ends_the_turn(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        *said, last, over = reply("Uno.", "Due.", "Tre.")
        house.model.will([*said, lambda: house.clock.sleep(5), last, over])
        house.channel.refusals += [None, ChatGone("blocked")]
        await desk.answers(anna.writes("?"))
        transcript = await desk.transcript()
    assert house.channel.texts() == ["Uno."]
    turn = transcript.turns[-1]
    assert (turn.state, turn.epoch) == (TurnState.UNREACHABLE, 1)
    states = [row.row.state for row in transcript.said[-2:]]
    assert states[0] is OutboxState.SENT
    assert OutboxState.QUEUED not in states


async def test_after_a_block_the_model_learns_what_was_not_delivered(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        house.model.will(reply("Uno.", "Due."), reply("Tre.", response_id="resp_2"))
        house.channel.refusals += [None, ChatGone("blocked")]
        await desk.answers(anna.writes("?"))
        await desk.answers(anna.writes("eccomi"))
    assert house.channel.texts() == ["Uno.", "Tre."]
    assert "⟦undelivered: Due.⟧" in house.model.asked[-1].told[1].text


async def test_a_group_that_moved_keeps_its_thread(house: House) -> None:
    group = Client(-50)
    house.model.will(reply("Uno."))
    async with house.process() as desk:
        house.channel.refusals.append(ChatMoved("-1000000000050"))
        await desk.answers(group.writes("@hotel ?"))
        transcript = await desk.transcript(-1_000_000_000_050)
    assert house.channel.texts(-1_000_000_000_050)[-1] == "Uno."
    assert transcript.turns[0].state == TurnState.DONE


async def test_further_bubbles_come_after_a_typing_pause(house: House) -> None:
    anna = Client()
    async with house.process(rules(pace=Pace.HUMAN)) as desk:
        await met(desk, house, anna)
        house.model.will(reply("Uno.", "Due."))
        await desk.answers(anna.writes("?"), seconds=0.7)
        at_once = house.channel.texts()
        await desk.runs(10)
    assert at_once == ["Uno."]
    assert house.channel.texts() == ["Uno.", "Due."]


async def test_a_bubble_that_is_refused_again_and_again_is_tried_less_and_less(
    house: House,
) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        house.model.will(reply("Uno."))
        house.channel.refusals += [RetryLater(0, "busy")] * 4
        await desk.answers(anna.writes("?"), seconds=6)
        await desk.dies()
    house.model.stored["resp_1"] = answer("Uno.")
    house.channel.refusals.append(RetryLater(0, "busy"))
    async with house.process() as after:
        await after.runs(60)
    assert waits(desk) + waits(after) == [0.5, 1.0, 2.0, 4.0, 8.0]
    assert house.channel.texts() == ["Uno."]


def waits(desk: Desk) -> list[object]:
    return [about["seconds"] for event, about in desk.telemetry.records if "delayed" in event]


async def test_before_a_pause_it_is_written_down_what_was_sent_and_what_was_said(
    house: House,
) -> None:
    anna = Client()
    async with house.process(rules(pace=Pace.HUMAN)) as desk:
        await met(desk, house, anna)
        house.model.will([*reply("Uno.", "Due.")[:-1], house.hangs])
        await desk.answers(anna.writes("?"), seconds=0.8)
        said = (await desk.transcript()).said
        await desk.dies()
    assert [(row.row.text, row.row.state) for row in said[-2:]] == [
        ("Uno.", OutboxState.SENT),
        ("Due.", OutboxState.QUEUED),
    ]


# ------------------------------------------------------------------------ in doubt


async def in_doubt(house: House, policy: InDoubtPolicy, *, delivered: bool) -> Desk:
    anna = Client()
    async with house.process(rules(in_doubt=policy)) as desk:
        await met(desk, house, anna)
        house.model.will(reply("Uno.", "Due."))
        if delivered:
            house.channel.deliver(Outgoing((await desk.transcript()).address, "Uno."))
        house.channel.refusals.append(InDoubt("timeout"))
        await desk.answers(anna.writes("?"), seconds=60)
    return desk


async def test_probe_finds_a_bubble_that_arrived(house: House) -> None:
    await in_doubt(house, InDoubtPolicy.PROBE, delivered=True)
    assert house.channel.texts() == ["Uno.", "Due."]


async def test_probe_sends_again_what_did_not_arrive(house: House) -> None:
    await in_doubt(house, InDoubtPolicy.PROBE, delivered=False)
    assert house.channel.texts() == ["Uno.", "Due."]


async def test_resend_sends_again(house: House) -> None:
    await in_doubt(house, InDoubtPolicy.RESEND, delivered=True)
    assert house.channel.texts() == ["Uno.", "Uno.", "Due."]


async def test_skip_never_sends_twice(house: House) -> None:
    await in_doubt(house, InDoubtPolicy.SKIP, delivered=True)
    assert house.channel.texts() == ["Uno.", "Due."]


async def test_before_a_doubt_is_settled_it_is_written_down_what_was_said(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        house.model.will([*reply("Uno.", "Due.")[:-1], house.hangs])
        house.channel.refusals.append(InDoubt("timeout"))
        await desk.answers(anna.writes("?"), seconds=5)
        said = (await desk.transcript()).said
        await desk.dies()
    assert [(row.row.text, row.row.state) for row in said[-2:]] == [
        ("Uno.", OutboxState.DOUBT),
        ("Due.", OutboxState.QUEUED),
    ]


async def test_each_doubt_is_counted(house: House) -> None:
    desk = await in_doubt(house, InDoubtPolicy.PROBE, delivered=False)
    assert desk.telemetry.count("doubt settled") == 1


# ---------------------------------------------------------------------------- stop


async def test_a_stop_lets_the_bubble_in_flight_arrive(house: House) -> None:
    anna, answered = Client(), asyncio.Event()
    async with house.process() as desk:
        await met(desk, house, anna)
        house.model.will(reply("Uno.", "Due."))

        async def slowly(message: Outgoing) -> str:
            await answered.wait()
            return house.channel.deliver(message)

        house.channel.answer = slowly
        await desk.answers(anna.writes("?"), seconds=2)
        stopping = asyncio.ensure_future(desk.engine.stop())
        await desk.rests()
        answered.set()
        await stopping
        desk.dead = True
    assert house.channel.texts() == ["Uno."]


async def test_what_a_stop_left_goes_out_after_the_next_start(house: House) -> None:
    anna = Client()
    async with house.process(rules(pace=Pace.HUMAN)) as desk:
        await met(desk, house, anna)
        house.model.will(reply("Uno.", "Due."))
        await desk.answers(anna.writes("?"), seconds=0.8)
    assert house.channel.texts() == ["Uno."]
    house.model.stored["resp_1"] = answer("Uno.", "Due.")
    async with house.process() as desk:
        await desk.runs(20)
    assert house.channel.texts() == ["Uno.", "Due."]


async def test_what_arrives_while_the_process_stops_is_never_in_doubt(house: House) -> None:
    anna, sending = Client(), asyncio.Event()

    async def send(message: Outgoing) -> str:
        sending.set()
        await house.clock.sleep(1)
        return house.channel.deliver(message)

    async with house.process() as desk:
        await met(desk, house, anna)
        house.channel.answer = send
        house.model.will(reply("Uno.", "Due."))
        await desk.hears(anna.writes("?"))
        while not sending.is_set():
            await desk.runs(0.1)
    assert house.channel.texts() == ["Uno."]
    house.model.stored["resp_1"] = answer("Uno.", "Due.")
    async with house.process() as desk:
        await desk.runs(60)
    assert house.channel.texts() == ["Uno.", "Due."]
    assert house.channel.probed == []
