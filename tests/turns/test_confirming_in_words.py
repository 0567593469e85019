"""Where no key can be tapped, the client is asked in words, and a plain yes is needed."""

import asyncio
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.calls import Call
from bot.core.texts import Text, say
from bot.turns.confirming import VALID_SECONDS, says_yes
from db.records import Incoming
from tests.fakes.channel import Client
from tests.fakes.model import calling, reply
from tests.fakes.tools import FakeTool, done
from tests.turns.acting import has, rows, said
from tests.turns.desk import Desk, House

PAY = Call("call_1", "pay_deposit", '{"amount": 50}')
HOW = say(Text.CONFIRM_IN_WORDS, "it")
ASKED = f"{say(Text.CONFIRM, 'it')}\n\nPay deposit\n• amount: 50\n\n{HOW}"
YES = ["Sì.", "si", "OK", "Va bene!", "yes, please", "Да 👍", "  sì,\ngrazie"]


async def is_asked(desk: Desk, house: House, anna: Client) -> FakeTool:
    house.channel.has_keys = False
    pay = has(house, FakeTool("pay_deposit", confirm=True))
    house.model.will(calling(PAY), reply("Serve una conferma.", response_id="resp_2"))
    await desk.answers(anna.writes("Voglio pagare"))
    return pay


def by_another(sent: Incoming) -> Incoming:
    return replace(sent, payload=json.dumps({**json.loads(sent.payload), "by": "2"}))


@pytest.mark.parametrize("words", YES)
async def test_a_plain_yes_does_it(house: House, words: str) -> None:
    anna = Client()
    async with house.process() as desk:
        pay = await is_asked(desk, house, anna)
        assert pay.book == []
        house.model.will(reply("Pagato.", response_id="resp_3"))
        await desk.answers(anna.writes(words))

    assert len(pay.book) == 1
    assert said(house) == ["Serve una conferma.", ASKED, "Pagato."]
    assert all(one.markup is None for one in house.channel.sent)
    assert house.channel.edited == []
    assert done() in house.model.asked[-1].told[-1].text
    assert await rows(house) == ["asked", "done"]


@pytest.mark.parametrize("words", ["No", "sì, ma 60", "perché?", "sì sì sì domani", "👍"])
async def test_anything_else_declines_it_and_is_answered(house: House, words: str) -> None:
    anna = Client()
    async with house.process() as desk:
        pay = await is_asked(desk, house, anna)
        house.model.will(reply("Va bene.", response_id="resp_3"))
        await desk.answers(anna.writes(words))
        told = house.model.asked[-1].told
        house.model.will(reply("Prego.", response_id="resp_4"))
        await desk.answers(anna.writes("sì"))  # it answers nothing any more

    assert pay.book == []
    assert "is not done: it was not confirmed" in told[-2].text
    assert said(house)[-2:] == ["Va bene.", "Prego."]


@pytest.mark.parametrize("how", ["late", "both", "edit"])
async def test_a_yes_that_is_late_or_not_alone_declines_it(house: House, how: str) -> None:
    anna = Client()
    async with house.process() as desk:
        pay = await is_asked(desk, house, anna)
        house.model.will(reply("Va bene.", response_id="resp_3"))
        if how == "late":
            await desk.runs(VALID_SECONDS)
        written = {
            "late": [anna.writes("sì")],
            "both": [anna.writes("sì"), anna.writes("anzi, 60")],
            "edit": [anna.edits(1, "sì")],
        }
        await desk.answers(*written[how])
    assert pay.book == []


async def test_a_yes_to_something_else_is_none(house: House) -> None:
    """It was written while the question was still being made."""
    anna, go_on = Client(), asyncio.Event()
    async with house.process() as desk:
        house.channel.has_keys = False
        pay = has(house, FakeTool("pay_deposit", confirm=True))
        late = [go_on.wait, *reply("Serve una conferma.", response_id="resp_2")]
        house.model.will(calling(PAY), late, reply("Prego.", response_id="resp_3"))
        await desk.answers(anna.writes("Voglio pagare"), seconds=1)
        await desk.hears(anna.writes("ok"))
        await desk.runs(1)
        go_on.set()
        await desk.runs(30)
    assert said(house) == ["Serve una conferma.", ASKED, "Prego."]
    assert pay.book == []


async def test_in_a_group_the_yes_is_of_whom_it_was_asked(house: House) -> None:
    group = Client(chat_id=-5)
    async with house.process() as desk:
        pay = await is_asked(desk, house, group)
        house.model.will(reply("Decide Anna.", response_id="resp_3"))
        await desk.answers(by_another(group.writes("sì")))
        assert pay.book == []
        again = calling(replace(PAY, call_id="call_2"), response_id="resp_4")
        house.model.will(again, reply("Allora?", response_id="resp_5"))
        await desk.answers(group.writes("Voglio pagare"))
        house.model.will(reply("Pagato.", response_id="resp_6"))
        await desk.answers(group.writes("sì"))
    assert len(pay.book) == 1


async def test_a_yes_counts_over_a_kill_and_once(house: House) -> None:
    anna = Client()
    async with house.process() as desk:
        pay = await is_asked(desk, house, anna)
        await desk.dies()
    async with house.process() as desk:
        house.model.will([house.hangs])
        await desk.answers(anna.writes("sì"), seconds=5)
        await desk.dies()
    house.model.will(reply("Pagato.", response_id="resp_4"))
    async with house.process() as desk:
        await desk.runs(120)
    assert len(pay.book) == 1
    assert said(house)[-1] == "Pagato."


@given(st.text(alphabet=st.characters(categories=["P", "Z"])), st.sampled_from(YES))
def test_marks_and_spaces_around_it_do_not_matter(marks: str, yes: str) -> None:
    assert says_yes(f"{marks}{yes}{marks}")


@given(st.text(alphabet="abcdefг0123456789 ", min_size=1), st.sampled_from(["yes", "sì", "да"]))
def test_other_words_beside_it_make_it_none(more: str, yes: str) -> None:
    assert says_yes(f"{yes} but {more}") is False
