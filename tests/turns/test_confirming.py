"""What a client has to confirm is done by a tap, and by nothing else."""

import json
from dataclasses import replace

import pytest

from bot.core.calls import Call
from bot.core.texts import Text, say
from bot.ports import AnswerKey
from bot.turns.call_words import line_of
from bot.turns.confirming import ASKED as TOLD
from bot.turns.confirming import VALID_SECONDS
from db.calls import CallRow, CallState
from db.records import Incoming
from tests.fakes.channel import Client
from tests.fakes.model import calling, reply
from tests.fakes.tools import FakeTool, done
from tests.turns.acting import another, has, rows, said
from tests.turns.desk import Desk, House

PAY = Call("call_1", "pay_deposit", '{"amount": 50, "who": "Rossi", "note": null}')
ASKED = f"{say(Text.CONFIRM, 'it')}\n\nPay deposit\n• amount: 50\n• who: Rossi"
YES = say(Text.CONFIRM_YES, "it")


async def is_asked(desk: Desk, house: House, anna: Client) -> FakeTool:
    """The model wants to pay; the client sees what would be done."""
    pay = has(house, FakeTool("pay_deposit", confirm=True))
    house.model.will(calling(PAY), reply("Serve una conferma.", response_id="resp_2"))
    await desk.answers(anna.writes("Voglio pagare"))
    return pay


def taps(anna: Client, *, turn: int = 1, label: str = YES, key: int = 0) -> Incoming:
    """As a channel stores it: the words on the key, and what it brings."""
    sent = anna.writes(label)
    payload = {**json.loads(sent.payload), "data": f"key:{turn}:{key}"}
    return replace(sent, payload=json.dumps(payload))


async def test_nothing_is_done_before_the_client_is_asked_in_plain_words(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        pay = await is_asked(desk, house, anna)

    assert pay.book == []
    assert said(house) == ["Serve una conferma.", ASKED]
    assert await rows(house) == [CallState.ASKED]
    assert house.model.asked[1].outputs[0].text == TOLD
    keys = (AnswerKey(YES, "key:1:0"), AnswerKey(say(Text.CONFIRM_NO, "it"), "key:1:1"))
    shown = [one.markup for one in house.channel.sent if one.text == ASKED]
    shown += [markup for _, markup in house.channel.edited]
    assert house.channel.keys((keys,)) in shown


@pytest.mark.parametrize("arguments", ["", "[]", "{", "null"])
def test_a_call_without_arguments_is_told_by_its_name(arguments: str) -> None:
    row = CallRow("call_1", "resp_1", "pay_deposit", arguments, "a", CallState.DOUBT)
    assert line_of(row, "it") == "Pay deposit"
    told = replace(row, arguments=PAY.arguments)
    assert line_of(told, "it") == "Pay deposit · amount: 50 · who: Rossi"


async def test_the_tap_does_it_in_a_turn_of_its_own_once(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        pay = await is_asked(desk, house, anna)
        again = calling(another(PAY, 2), response_id="resp_3")
        house.model.will(again, reply("Pagato.", response_id="resp_4"))
        await desk.answers(taps(anna))

    assert [arguments for _, arguments in pay.book] == [PAY.arguments]
    third, fourth = house.model.asked[2:]
    assert third.outputs == ()
    assert done() in third.told[-1].text
    assert [one.text for one in fourth.outputs] == [done()]  # asked for again, it is not done again
    assert said(house)[-1] == "Pagato."
    assert await rows(house) == ["asked", "done", "done"]


@pytest.mark.parametrize("answer", ["no", "words", "both", "late"])
async def test_anything_else_declines_it(house: House, answer: str) -> None:
    anna = Client()
    async with house.process() as desk:
        pay = await is_asked(desk, house, anna)
        house.model.will(reply("Va bene.", response_id="resp_3"))
        if answer == "late":
            await desk.runs(VALID_SECONDS)
        written = {
            "no": [taps(anna, label="No", key=1)],
            "words": [anna.writes(YES)],
            "both": [taps(anna), anna.writes("anzi, 60")],
            "late": [taps(anna)],
        }
        await desk.answers(*written[answer])
        asked = house.model.asked[-1]
        house.model.will(reply("Prego.", response_id="resp_4"))
        await desk.answers(taps(anna))  # it is not the last turn's any more

    assert pay.book == []
    assert "is not done: it was not confirmed" in asked.told[-2].text
    assert said(house)[-2:] == ["Va bene.", "Prego."]


async def test_a_tap_that_was_taken_does_nothing_again_after_a_kill(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        pay = await is_asked(desk, house, anna)
        house.model.will([house.hangs])
        await desk.answers(taps(anna), seconds=5)
        await desk.dies()
    assert len(pay.book) == 1

    house.model.will(reply("Pagato.", response_id="resp_3"))
    async with house.process() as desk:
        await desk.runs(120)

    assert len(pay.book) == 1
    assert said(house)[-1] == "Pagato."
    assert done() in house.model.asked[-1].told[-1].text


async def test_arguments_that_are_no_object_are_not_asked_about(house: House) -> None:
    has(house, FakeTool("pay_deposit", confirm=True))
    house.model.will(calling(another(PAY, 1, arguments="[]")), reply("Mi spiace."))
    async with house.process() as desk:
        await desk.answers(Client().writes("?"))

    assert await rows(house) == ["failed"]
    assert said(house) == ["Mi spiace."]


async def test_a_long_reply_leaves_room_for_what_is_asked(house: House) -> None:
    has(house, FakeTool("pay_deposit", confirm=True))
    house.model.will(calling(PAY), reply(*map(str, range(12)), response_id="resp_2"))
    async with house.process() as desk:
        await desk.answers(Client().writes("Voglio pagare"), seconds=60)
    assert said(house)[-2:] == ["7", ASKED]


async def test_a_tool_that_was_switched_off_meanwhile_is_not_called(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        pay = await is_asked(desk, house, anna)
        house.toolbox.tools.remove(pay)
        house.model.will(reply("Mi spiace.", response_id="resp_3"))
        await desk.answers(taps(anna))

    assert pay.book == []
    note, _ = house.model.asked[-1].told[-2:]
    assert "`pay_deposit`, was called and did nothing." in note.text


async def test_a_check_that_breaks_asks_nobody(house: House) -> None:
    class Breaks(FakeTool):
        def check(self, arguments: str) -> None:
            raise KeyError(arguments)

    has(house, Breaks("pay_deposit", confirm=True))
    house.model.will(calling(PAY), reply("Mi spiace.", response_id="resp_2"))
    async with house.process() as desk:
        await desk.answers(Client().writes("Voglio pagare"))
    assert await rows(house) == ["failed"]
    assert said(house) == ["Mi spiace."]
