"""Each bubble of a reply is said once, in however many answers and pieces the reply comes."""

import asyncio

from bot.errors import InDoubt
from bot.ports import Began, BubbleClosed, Outgoing, Speaking, ToolContext
from tenants.profile import Pace
from tests.fakes.channel import Client
from tests.fakes.model import Step, answer, calling, reply
from tests.fakes.tools import FakeTool, done
from tests.turns.acting import BOOK, has, said, serve
from tests.turns.desk import House, rules
from tests.turns.test_confirming import ASKED, PAY


def calls_after(*bubbles: str) -> list[Step]:
    return [*reply(*bubbles)[:-1], answer(*bubbles, calls=(BOOK,))]


async def test_what_only_the_end_of_an_answer_has_is_said(house: House) -> None:
    await serve(house, [Began("resp_1"), BubbleClosed("Uno."), answer("Uno.", "Due.", "Tre.")])
    assert said(house) == ["Uno.", "Due.", "Tre."]


async def test_of_a_first_bubble_that_is_too_long_for_one_message_all_is_said(house: House) -> None:
    await serve(house, reply("Uno.|Due."))
    assert said(house) == ["Uno.", "Due."]


async def test_the_answer_after_a_call_is_said_from_its_beginning(house: House) -> None:
    has(house, FakeTool("book"))
    unheard: list[Step] = [Began("resp_2"), answer("Un attimo.", "Fatto.", response_id="resp_2")]
    await serve(house, calls_after("Un attimo."), unheard)
    assert said(house) == ["Un attimo.", "Un attimo.", "Fatto."]


async def test_an_answer_after_a_call_that_is_heard_again_is_said_once(house: House) -> None:
    has(house, FakeTool("book"))
    cut: list[Step] = [Began("resp_2"), Speaking(), BubbleClosed("Due."), InDoubt("cut")]
    house.model.stored["resp_2"] = answer("Due.", "Tre.", response_id="resp_2")
    await serve(house, calls_after("Uno."), cut)
    assert said(house) == ["Uno.", "Due.", "Tre."]


async def test_what_was_said_before_a_call_is_written_down_before_it_begins(house: House) -> None:
    arrives, by_then = asyncio.Event(), list[str]()

    async def slowly(message: Outgoing) -> str:
        await arrives.wait()
        return house.channel.deliver(message)

    async def acts(_: ToolContext, __: str) -> str:
        by_then.extend(one.row.text for one in (await desk.transcript()).said)
        arrives.set()
        return done()

    has(house, FakeTool("book", acts=acts))
    house.model.will(calls_after("Uno."), reply("Fatto.", response_id="resp_2"))
    async with house.process() as desk:
        house.channel.answer = slowly  # the notice is on its way all the time
        await desk.answers(Client().writes("Un tavolo"))
    assert by_then == ["Sono una IA.", "Uno."]
    assert said(house) == ["Uno.", "Fatto."]


async def test_a_question_that_has_not_left_yet_leaves_with_its_keys(house: House) -> None:
    has(house, FakeTool("pay_deposit", confirm=True))
    house.model.will(calling(PAY), reply("Serve una conferma.", response_id="resp_2"))
    async with house.process(rules(pace=Pace.HUMAN)) as desk:
        await desk.answers(Client().writes("Voglio pagare"), seconds=60)
    keys = {one.text: one.markup for one in house.channel.sent}
    assert "key:1:0" in (keys[ASKED] or "")
    assert house.channel.edited == []
