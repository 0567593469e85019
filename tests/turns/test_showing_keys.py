"""How the keys of an answer come under its last bubble."""

import json
from dataclasses import replace

import pytest

from bot.errors import ChatGone, GiveUp, InDoubt, RetryLater
from bot.ports import Answer, Outgoing
from bot.turns.doubt import InDoubtPolicy
from db.records import OutboxState, Stated, TurnState
from tenants.profile import Pace
from tenants.values import AnswerKeys
from tests.fakes.channel import Client, FakeChannel
from tests.fakes.model import Step, answer, reply
from tests.turns.desk import LIMITS, Desk, House, rules

YES_NO = ("Sì", "No")


def offering(*bubbles: str) -> list[Step]:
    """An answer that says at its end what may be tapped."""
    return [*reply(*bubbles)[:-1], whole(*bubbles)]


def slowly(house: House, *bubbles: str) -> list[Step]:
    """The same, and its end comes when the bubbles have left."""
    return [*reply(*bubbles)[:-1], lambda: house.clock.sleep(1), whole(*bubbles)]


def whole(*bubbles: str) -> Answer:
    return answer(*bubbles, stated=Stated(buttons=YES_NO))


def labels(keys: str | None) -> list[str]:
    return [label for row in json.loads(keys or "[]") for label, _ in row]


def shown(channel: FakeChannel) -> list[tuple[str, list[str]]]:
    """What the client sees: each message with the labels under it."""
    return [(one.text, labels(one.markup)) for one in channel.existing.values()]


async def met(desk: Desk, house: House, client: Client) -> None:
    """The client has written before: what follows is about bubbles alone."""
    house.model.will(reply("Salve.", response_id="resp_0"))
    await desk.answers(client.writes("salve"))
    house.channel.sent.clear()
    house.channel.existing.clear()


async def test_keys_go_with_the_last_bubble_where_it_has_not_left(house: House) -> None:
    anna = Client()
    async with house.process(rules(pace=Pace.HUMAN)) as desk:
        await met(desk, house, anna)
        house.model.will(offering("Uno.", "Due?"))
        await desk.answers(anna.writes("?"))
    assert shown(house.channel) == [("Uno.", []), ("Due?", ["Sì", "No"])]
    assert house.channel.edited == []


async def test_they_go_with_one_that_is_written_down_and_waits(house: House) -> None:
    anna = Client()
    async with house.process(rules(pace=Pace.HUMAN)) as desk:
        await met(desk, house, anna)
        *bubbles, end = offering("Uno.", "Due, e molto di più?")
        house.model.will([*bubbles, lambda: house.clock.sleep(0.5), end])
        await desk.answers(anna.writes("?"), seconds=0.9)
        before = (await desk.transcript()).said[-1].row
        await desk.runs(30)
        after = (await desk.transcript()).said[-1].row
    assert (before.state, before.markup) == (OutboxState.QUEUED, None)
    assert labels(after.markup) == [*YES_NO]  # of what the search would look for
    assert shown(house.channel) == [("Uno.", []), ("Due, e molto di più?", [*YES_NO])]
    assert house.channel.edited == []


async def test_keys_are_added_by_one_edit_where_it_has_left(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        house.model.will(slowly(house, "Uno?"))
        await desk.answers(anna.writes("?"))
        transcript = await desk.transcript()
    assert shown(house.channel) == [("Uno?", ["Sì", "No"])]
    assert len(house.channel.edited) == 1
    assert [one.row.text for one in transcript.said][-1] == "Uno?"  # keys are no message


async def test_what_waits_for_its_pause_leaves_with_keys_after_a_kill(house: House) -> None:
    anna = Client()
    async with house.process(rules(pace=Pace.HUMAN)) as desk:
        await met(desk, house, anna)
        house.model.will(offering("Uno.", "Due?"))
        await desk.answers(anna.writes("?"), seconds=0.8)
        await desk.dies()
    house.model.stored["resp_1"] = whole("Uno.", "Due?")
    async with house.process() as after:
        await after.runs(30)
    assert shown(house.channel) == [("Uno.", []), ("Due?", ["Sì", "No"])]
    assert house.channel.edited == []


async def test_a_bubble_that_is_sent_again_has_its_keys(house: House) -> None:
    anna = Client()
    async with house.process(rules(pace=Pace.HUMAN)) as desk:
        await met(desk, house, anna)
        house.model.will(offering("Uno.", "Due?"))
        house.channel.refusals += [None, InDoubt("timeout")]
        await desk.answers(anna.writes("?"), seconds=60)
    assert shown(house.channel) == [("Uno.", []), ("Due?", ["Sì", "No"])]


async def test_a_bubble_in_doubt_is_searched_for_with_the_keys_that_it_left_with(
    house: House,
) -> None:
    anna = Client()
    async with house.process(rules(pace=Pace.HUMAN)) as desk:
        await met(desk, house, anna)
        house.model.will(offering("Uno.", "Due?"))

        async def lost(message: Outgoing) -> str:
            house.channel.deliver(message)
            if message.text == "Due?":
                raise InDoubt("timeout")
            return list(house.channel.existing)[-1]

        house.channel.answer = lost
        await desk.answers(anna.writes("?"), seconds=60)
    assert [labels(one.markup) for one in house.channel.meant] == [["Sì", "No"]]
    assert shown(house.channel) == [("Uno.", []), ("Due?", ["Sì", "No"])]
    assert house.channel.edited == []


async def test_one_in_doubt_that_left_without_keys_gets_them_once_it_is_found(
    house: House,
) -> None:
    anna = Client()
    async with house.process(rules(in_doubt=InDoubtPolicy.PROBE)) as desk:
        await met(desk, house, anna)
        house.model.will(slowly(house, "Uno?"))
        house.channel.deliver(Outgoing((await desk.transcript()).address, "Uno?"))
        house.channel.refusals.append(InDoubt("timeout"))
        await desk.answers(anna.writes("?"), seconds=60)
    assert [one.markup for one in house.channel.meant] == [None]
    assert shown(house.channel) == [("Uno?", ["Sì", "No"])]
    assert len(house.channel.edited) == 1


async def test_a_kill_between_the_end_of_a_turn_and_the_edit_loses_no_keys(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        house.model.will(slowly(house, "Uno?"))
        house.channel.edits.append(RetryLater(300, "flood"))
        await desk.answers(anna.writes("?"))
        assert (await desk.transcript()).turns[-1].state == TurnState.DONE
        await desk.dies()
    assert shown(house.channel) == [("Uno?", [])]
    async with house.process() as after:
        await after.runs(400)
    assert shown(house.channel) == [("Uno?", ["Sì", "No"])]


async def test_a_bubble_does_not_wait_for_keys_that_may_not_be_shown_yet(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        house.model.will(slowly(house, "Uno?"), reply("Due.", response_id="resp_2"))
        house.channel.edits.append(RetryLater(300, "flood"))
        await desk.answers(anna.writes("?"))
        await desk.answers(anna.writes("e poi?"), seconds=5)
        at_once = house.channel.texts()
        await desk.runs(400)
    assert at_once == ["Uno?", "Due."]
    assert shown(house.channel)[0] == ("Uno?", ["Sì", "No"])


async def test_the_waiting_message_does_not_wait_for_them_either(house: House) -> None:
    anna = Client()
    async with house.process(rules(waiting_seconds=5)) as desk:
        await met(desk, house, anna)
        house.model.will(slowly(house, "Uno?"), [lambda: house.clock.sleep(10), *reply("Due.")])
        house.channel.edits.append(RetryLater(300, "flood"))
        await desk.answers(anna.writes("?"), seconds=3)
        await desk.answers(anna.writes("e poi?"), seconds=20)
    assert len(house.channel.texts()) == 3


@pytest.mark.parametrize("refused", [GiveUp("refused"), ChatGone("blocked")])
async def test_keys_that_cannot_be_shown_end_quietly(house: House, refused: Exception) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        house.model.will(slowly(house, "Uno?"), reply("Due.", response_id="resp_2"))
        house.channel.edits.append(refused)
        await desk.answers(anna.writes("?"))
        await desk.answers(anna.writes("e poi?"))
        turns = (await desk.transcript()).turns
    assert shown(house.channel) == [("Uno?", []), ("Due.", [])]
    assert [turn.state for turn in turns[-2:]] == [TurnState.DONE] * 2


async def test_a_bubble_that_was_refused_gets_none(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        house.model.will(offering("Uno.", "Due?"))
        house.channel.refusals += [None, GiveUp("bad request")]
        await desk.answers(anna.writes("?"))
        said = (await desk.transcript()).said
    assert said[-1].row.state is OutboxState.FAILED
    assert (shown(house.channel), house.channel.edited) == ([("Uno.", [])], [])


async def test_a_reply_that_is_not_said_to_its_end_offers_nothing(house: House) -> None:
    anna = Client()
    async with house.process(rules(limits=replace(LIMITS, bubbles=2))) as desk:
        await met(desk, house, anna)
        house.model.will(offering("Uno.", "Due.", "Tre?"))
        await desk.answers(anna.writes("?"))
    assert shown(house.channel) == [("Uno.", []), ("Due.", [])]


async def test_an_answer_that_broke_off_offers_nothing(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        await met(desk, house, anna)
        house.model.will([*offering("Uno.")[:-1], GiveUp("broken")], [GiveUp("broken")])
        await desk.answers(anna.writes("?"), seconds=120)
    assert house.channel.edited == []


async def test_no_key_brings_a_link_that_is_not_sent(house: House) -> None:
    anna = Client()
    buttons = Stated(buttons=("Sì", "Prenoto su https://evil.example"))
    async with house.process() as desk:
        await met(desk, house, anna)
        house.model.will([*reply("Uno?")[:-1], answer("Uno?", stated=buttons)])
        await desk.answers(anna.writes("?"))
    assert shown(house.channel) == [("Uno?", ["Sì"])]


async def test_a_company_that_does_not_want_them_shows_none(house: House) -> None:
    anna = Client()
    house.profile = house.profile.changed({"answer_keys": AnswerKeys.HIDDEN})
    async with house.process() as desk:
        await met(desk, house, anna)
        house.model.will(slowly(house, "Uno?"))
        await desk.answers(anna.writes("?"))
        turn = (await desk.transcript()).turns[-1]
    assert shown(house.channel) == [("Uno?", [])]
    assert turn.stated.buttons == YES_NO
