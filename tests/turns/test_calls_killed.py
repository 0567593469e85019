"""A process dies between a call and its output: it is done once, or a person is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text

from bot.core.calls import Effect, Output
from bot.errors import ConversationGone, Unserved
from bot.ports import Began, BubbleClosed, Item, Speaker, Speaking, ToolContext
from bot.turns.proposals import UNKNOWN
from db.calls import CallState, NoteCalls, ProposeCalls
from db.operations import NoteResponse, Post
from db.transaction import Operation
from tests.fakes.channel import Client
from tests.fakes.model import answer, calling
from tests.fakes.tools import FakeTool, done
from tests.turns.acting import BOOK, LAST, READ, another, comes_back, has, in_t8, last, rows, said
from tests.turns.desk import Desk, House

Point = Callable[[Operation[Any]], bool]


def proposed(operation: Operation[Any]) -> bool:
    return isinstance(operation, ProposeCalls)


def began(operation: Operation[Any]) -> bool:
    return isinstance(operation, NoteCalls) and operation.became[0].state is CallState.RUNNING


def ended(operation: Operation[Any]) -> bool:
    return isinstance(operation, NoteCalls) and not began(operation)


def answered(operation: Operation[Any]) -> bool:
    return isinstance(operation, NoteResponse)


@dataclass
class Kill:
    """After a commit nothing is written any more: as if the process had died of it."""

    at: Point
    desk: Desk | None = None

    def __call__(self, operations: Sequence[Operation[Any]], _: object) -> None:
        if self.desk and any(map(self.at, operations)):
            self.desk.database.refusals = 1_000_000


async def dies(house: House, at: Point, *script: Any) -> None:
    """A process is killed right after a commit of its first turn."""
    house.model.will(*script)
    kill = Kill(at)
    async with house.process(observe=kill) as desk:
        kill.desk = desk
        await desk.answers(Client().writes("Un tavolo"), seconds=5)
        await desk.dies()


async def questions(house: House) -> list[Any]:
    query = text("SELECT outcome FROM questions")
    return list(await house.database.read(lambda c: c.execute(query).scalars().all()))


async def test_before_t7_the_answer_is_fetched_and_its_calls_run(house: House) -> None:
    book = has(house, FakeTool("book"))
    await dies(house, answered, calling(BOOK))
    assert book.book == []
    house.model.stored["resp_1"] = answer(calls=(BOOK,))

    await comes_back(house, last())

    assert len(book.book) == 1
    assert said(house) == [LAST]


async def test_before_t2b_the_calls_are_found_in_the_conversation(house: House) -> None:
    book = has(house, FakeTool("book"))
    house.model.will([house.hangs])
    async with house.process() as desk:
        await desk.answers(Client().writes("Un tavolo"), seconds=5)
        await desk.dies()
    house.model.items["conv_1"] += [
        Item("in", Speaker.CLIENT, ("Un tavolo",)),
        Item("fc", None, (), call=BOOK),
    ]

    await comes_back(house, last())

    assert len(book.book) == 1
    assert house.model.asked[-1].outputs == (Output("call_1", done()),)
    assert said(house) == [LAST]


async def test_after_t7_calls_run(house: House) -> None:
    book = has(house, FakeTool("book"))
    await dies(house, proposed, calling(BOOK))
    assert (book.book, await rows(house)) == ([], ["proposed"])

    await comes_back(house, last())

    assert (len(book.book), await rows(house)) == (1, ["done"])
    assert house.model.asked[-1].outputs == (Output("call_1", done()),)
    assert said(house) == [LAST]


async def test_in_t8_a_read_is_done_again(house: House) -> None:
    look = await in_t8(house, FakeTool("look", Effect.READ), call=READ)

    await comes_back(house, last())

    assert len(look.book) == 2
    assert said(house) == [LAST]


async def test_in_t8_a_write_is_done_again_under_its_key_if_that_does_no_harm(house: House) -> None:
    book = await in_t8(house, FakeTool("book", idempotent=True))

    await comes_back(house, last())

    assert len(book.book) == 2
    assert len(set(book.book)) == 1
    assert await questions(house) == []


@pytest.mark.parametrize(("finds", "times"), [(done("It was."), 1), (None, 2)])
async def test_in_t8_a_write_is_looked_for(house: House, finds: str | None, times: int) -> None:
    book = await in_t8(house, FakeTool("book", probes=True, finds=finds))

    await comes_back(house, last())

    assert (len(book.book), len(book.asked)) == (times, 1)
    assert book.asked[0] == book.book[0][0]
    assert house.model.asked[-1].outputs == (Output("call_1", finds or done()),)


@pytest.mark.parametrize("probes", [False, True])
async def test_in_t8_a_write_that_nobody_knows_of_is_told_to_people_once(
    house: House, *, probes: bool
) -> None:
    book = await in_t8(house, FakeTool("book", probes=probes, finds=OSError()))

    await comes_back(house, last())

    assert len(book.book) == 1
    assert await rows(house) == ["doubt"]
    assert house.model.asked[-1].outputs == (Output("call_1", UNKNOWN),)
    assert await questions(house) == ["handover"]


async def test_in_t8_of_a_tool_that_is_gone_nobody_knows(house: House) -> None:
    await in_t8(house, FakeTool("book"))
    house.toolbox.tools = []

    await comes_back(house, last())

    assert await rows(house) == ["doubt"]
    assert said(house) == [LAST]


@pytest.mark.parametrize("change", ["gone", "to be confirmed"])
async def test_after_t7_a_tool_that_may_not_be_called_any_more_is_not_called(
    house: House, change: str
) -> None:
    book = has(house, FakeTool("book"))
    await dies(house, proposed, calling(BOOK))
    if change == "gone":
        house.toolbox.tools = []
    book.confirm = True

    await comes_back(house, last())

    assert (book.book, await rows(house)) == ([], ["failed"])
    assert said(house) == [LAST]


async def test_a_doubt_is_told_though_the_turn_fails(house: House) -> None:
    await in_t8(house, FakeTool("book"))

    desk = await comes_back(house, [Unserved("no")])

    assert desk.telemetry.count("turn failed") == 1
    assert await questions(house) == ["failed"]


async def test_after_t9_the_stored_output_is_sent_and_nothing_runs(house: House) -> None:
    book = has(house, FakeTool("book"))
    await dies(house, ended, calling(BOOK), [house.hangs])

    await comes_back(house, last())

    assert len(book.book) == 1
    assert house.model.asked[-1].outputs == (Output("call_1", done()),)
    assert said(house) == [LAST]


async def test_after_the_outputs_left_they_are_not_sent_again(house: House) -> None:
    book = has(house, FakeTool("book"))
    await dies(house, ended, calling(BOOK), [house.hangs])
    house.model.items["conv_1"] += [
        Item("in", Speaker.CLIENT, ("Un tavolo",)),
        Item("fc", None, (), call=BOOK),
        Item("fco", None, (), answers="call_1"),
    ]

    await comes_back(house, last())

    assert (house.model.asked[-1].outputs, house.model.asked[-1].lines) == ((), ())
    assert len(book.book) == 1
    assert said(house) == [LAST]


async def test_an_answer_behind_the_outputs_is_used(house: House) -> None:
    has(house, FakeTool("book"))
    await dies(house, ended, calling(BOOK), [house.hangs])
    house.model.items["conv_1"] += [
        Item("in", Speaker.CLIENT, ("Un tavolo",)),
        Item("fc", None, (), call=BOOK),
        Item("fco", None, (), answers="call_1"),
        Item("out", Speaker.ASSISTANT, (LAST,)),
    ]
    asked = len(house.model.asked)

    await comes_back(house)

    assert len(house.model.asked) == asked
    assert said(house) == [LAST]


async def test_an_answer_behind_the_outputs_is_gone_on_with_after_another_kill(
    house: House,
) -> None:
    has(house, FakeTool("book"))
    beside = answer("Prenoto.", calls=(BOOK,))
    house.model.will([Began("resp_1"), Speaking(), BubbleClosed("Prenoto."), beside])
    house.model.will([house.hangs])
    async with house.process() as desk:
        await desk.answers(Client().writes("Un tavolo"), seconds=5)
        await desk.dies()
    house.model.items["conv_1"] += [
        Item("in", Speaker.CLIENT, ("Un tavolo",)),
        Item("fc", None, (), call=BOOK),
        Item("fco", None, (), answers="call_1"),
        Item("out", Speaker.ASSISTANT, ("Uno.", "Due.")),
    ]
    kill = Kill(lambda operation: isinstance(operation, Post) and "Uno." in str(operation))
    async with house.process(observe=kill) as desk:
        kill.desk = desk
        await desk.runs(5)
        await desk.dies()

    await comes_back(house)

    assert said(house) == ["Prenoto.", "Uno.", "Due."]


async def test_the_last_answer_is_fetched_and_only_the_rest_is_said(house: House) -> None:
    book = has(house, FakeTool("book"))
    house.model.will(calling(BOOK))
    house.model.will([Began("resp_2"), Speaking(), BubbleClosed("Uno."), house.hangs])
    async with house.process() as desk:
        await desk.answers(Client().writes("Un tavolo"), seconds=10)
        await desk.dies()
    house.model.stored["resp_2"] = answer("Uno.", "Due.", response_id="resp_2")

    await comes_back(house)

    assert len(book.book) == 1
    assert said(house) == ["Uno.", "Due."]


async def test_one_of_two_is_done_and_the_other_follows(house: House) -> None:
    async def hangs(_: ToolContext, __: str) -> str:
        await house.hangs()
        return ""

    book = FakeTool("book")
    look = FakeTool("look", Effect.READ, acts=hangs)
    has(house, book, look)
    house.model.will(calling(BOOK, another(READ, 2)))
    async with house.process() as desk:
        await desk.answers(Client().writes("Un tavolo"), seconds=5)
        await desk.dies()
    assert await rows(house) == ["done", "running"]
    look.acts = None

    await comes_back(house, last())

    assert (len(book.book), len(look.book)) == (1, 2)
    assert [output.call_id for output in house.model.asked[-1].outputs] == ["call_1", "call_2"]


async def test_a_turn_that_is_asked_anew_elsewhere_does_nothing_again(house: House) -> None:
    """The answer with the call is gone with its conversation; the model asks for the same."""
    book = has(house, FakeTool("book"))
    await dies(house, ended, calling(BOOK), [house.hangs])
    again = calling(another(BOOK, 7), response_id="resp_7")

    await comes_back(house, [ConversationGone("gone")], again, last())

    assert len(book.book) == 1
    assert house.model.asked[-1].outputs == (Output("call_7", done()),)
    assert said(house) == [LAST]
