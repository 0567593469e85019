"""Some servers count their calls anew in each answer: each is a call of its own all the same."""

from typing import Any

import pytest

from bot.core.calls import Call, Effect, Output
from bot.ports import Item, Speaker, ToolContext
from bot.turns.found import find_after
from db.calls import CallState
from tests.fakes.channel import Client
from tests.fakes.model import calling, reply
from tests.fakes.tools import FakeTool, done
from tests.turns.acting import FOUR, comes_back, has, rows, said, serve
from tests.turns.desk import House
from tests.turns.test_calls_killed import dies, ended
from tests.turns.test_confirming import taps

FIVE = '{"what": "five"}'
FIRST, SECOND = Call("call_0", "book", FOUR), Call("call_0", "book", FIVE)


async def tells(_: ToolContext, arguments: str) -> str:
    return done(arguments)


async def test_two_answers_give_one_id_and_both_calls_are_made(house: House) -> None:
    book = has(house, FakeTool("book", acts=tells))
    scripts: list[Any] = [calling(FIRST), calling(SECOND, response_id="resp_2")]
    await serve(house, *scripts, reply("Fatto.", response_id="resp_3"))
    assert [arguments for _, arguments in book.book] == [FOUR, FIVE]
    asked = [one.outputs for one in house.model.asked]
    assert asked == [(), (Output("call_0", done(FOUR)),), (Output("call_0", done(FIVE)),)]
    assert await rows(house, "call_id, state") == [("call_0", "done"), ("call_0 #2", "done")]
    assert said(house) == ["Fatto."]


async def test_one_answer_gives_one_id_twice(house: House) -> None:
    book = has(house, FakeTool("book", acts=tells))
    await serve(house, calling(FIRST, SECOND), reply("Fatto.", response_id="resp_2"))
    assert sorted(arguments for _, arguments in book.book) == [FIVE, FOUR]
    outputs = house.model.asked[-1].outputs
    assert outputs == (Output("call_0", done(FOUR)), Output("call_0", done(FIVE)))


@pytest.mark.parametrize("effect", Effect)
async def test_the_same_once_more_is_done_once_if_it_changes_something(
    house: House, effect: Effect
) -> None:
    book = has(house, FakeTool("book", effect))
    scripts: list[Any] = [calling(FIRST), calling(FIRST, response_id="resp_2")]
    await serve(house, *scripts, reply("Fatto.", response_id="resp_3"))
    assert len(book.book) == (1 if effect is Effect.WRITE else 2)
    assert await rows(house) == ["done", "done"]


async def test_after_a_kill_the_second_one_goes_on(house: House) -> None:
    book = has(house, FakeTool("book", acts=tells))
    seen: list[int] = []

    def second_ended(operation: Any) -> bool:
        seen.extend([1] if ended(operation) else [])
        return len(seen) == 2

    scripts = calling(FIRST), calling(SECOND, response_id="resp_2")
    await dies(house, second_ended, *scripts)
    assert await rows(house) == [CallState.DONE, CallState.DONE]
    house.model.items["conv_1"] += [
        Item("in", Speaker.CLIENT, ("Un tavolo",)),
        Item("fc_1", None, (), call=FIRST),
        Item("out_1", None, (), answers="call_0"),
        Item("fc_2", None, (), call=SECOND),
    ]
    await comes_back(house, reply("Fatto.", response_id="resp_3"))
    assert len(book.book) == 2
    assert house.model.asked[-1].outputs == (Output("call_0", done(FIVE)),)
    assert said(house) == ["Fatto."]


async def test_a_confirmed_call_and_a_new_one_under_its_id(house: House) -> None:
    anna = Client()
    pay = has(house, FakeTool("book", confirm=True, acts=tells))
    look = has(house, FakeTool("look", Effect.READ))
    house.toolbox.tools = [pay, look]
    async with house.process() as desk:
        house.model.will(calling(FIRST), reply("Confermi?", response_id="resp_2"))
        await desk.answers(anna.writes("Un tavolo"))
        again = calling(Call("call_0", "look", FOUR), response_id="resp_3")
        house.model.will(again, reply("Fatto.", response_id="resp_4"))
        await desk.answers(taps(anna))
    assert (len(pay.book), len(look.book)) == (1, 1)
    assert house.model.asked[-1].outputs == (Output("call_0", done()),)


def test_an_output_before_the_call_is_another_calls() -> None:
    items = [
        Item("fc_1", None, (), call=FIRST),
        Item("out_1", None, (), answers="call_0"),
        Item("fc_2", None, (), call=SECOND),
    ]
    assert find_after(items, ["call_0"]) is None
    found = find_after(items[:2], ["call_0"])
    assert found is not None
    assert found.calls == ()
    more = find_after([*items, Item("out_2", None, (), answers="call_0")], ["call_0"])
    assert more is not None
    assert more.calls == ()
