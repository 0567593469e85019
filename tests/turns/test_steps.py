"""The answers of one turn: what each is asked once tools were called, and what is said between."""

import pytest

from bot.errors import CallUnanswered, GiveUp, InDoubt, RetryLater, ServersDown
from bot.ports import (
    AllSaid,
    AnswerState,
    Began,
    BubbleClosed,
    Line,
    Outgoing,
    Speaker,
    Speaking,
    ToolContext,
)
from bot.turns.asking import CONTINUE, SEEN, UNSEEN
from db.calls import CallRow
from tests.fakes.model import Step, answer, calling, reply
from tests.fakes.tools import FakeTool, done
from tests.turns.acting import BOOK, FOUR
from tests.turns.answering import NEW, OLD, ROOMS, WORDS, Reply
from tests.turns.records import TURN
from tests.turns.test_confirming import ASKED, PAY

CUT = InDoubt("cut")
LAST = reply("Fatto.", response_id="resp_9")
ALREADY = Line(Speaker.ASSISTANT, "Prenoto.")


def calls_after(*bubbles: str) -> list[Step]:
    """They are heard, and then it calls."""
    heard: list[Step] = [Began("resp_1"), Speaking(), *map(BubbleClosed, bubbles), AllSaid()]
    return [*heard, answer(*bubbles, calls=(BOOK,))]


# ------------------------------------------------------------------------ what is asked


@pytest.mark.parametrize(
    "first",
    [
        calling(BOOK),
        [Began("resp_1"), answer(state=AnswerState.COMMENTARY)],
        [CallUnanswered(("call_9",))],
    ],
    ids=["calls", "only commentary", "calls without an output"],
)
async def test_a_conversation_is_opened_by_one_answer_alone(first: list[Step]) -> None:
    one = Reply(turn=TURN, tools=[FakeTool("book")])
    await one.hears(first, LAST)
    assert [question.opens for question in one.model.asked] == [True, False]


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_conversation_that_has_our_words_is_opened(arrived: bool) -> None:
    one = Reply(turn=TURN)

    async def arrives() -> None:
        if arrived:
            one.model.remembers(NEW, "?")

    await one.hears([arrives, CUT], LAST)
    assert [question.opens for question in one.model.asked] == [True, not arrived]


async def test_what_the_client_confirmed_opens_no_conversation() -> None:
    row = CallRow("call_1", None, "book", FOUR, "digest")
    one = Reply(turn=TURN, tools=[FakeTool("book")], rows=[row])
    await one.hears(LAST)
    (asked,) = one.model.asked
    assert (asked.opens, asked.outputs, asked.lines) == (True, (), WORDS)
    assert "`book`, is done" in asked.told[-2].text


@pytest.mark.parametrize(
    "trouble",
    [
        [GiveUp("no")],
        [ServersDown(("rooms",), running=True)],
        [Began("resp_2"), CUT],
    ],
    ids=["refused", "servers slow", "an answer that never ends"],
)
async def test_a_new_conversation_is_asked_with_the_words_and_all_that_was_said(
    trouble: list[Step],
) -> None:
    one = Reply(tools=[FakeTool("book")], servers=[ROOMS])
    one.model.stored["resp_2"] = answer(state=AnswerState.RUNNING)
    await one.hears(calls_after("Prenoto."), trouble, LAST)
    asked = one.model.asked[-1]
    assert one.asked == [OLD, OLD, NEW]
    assert (asked.outputs, asked.lines) == ((), (*WORDS, ALREADY, Line(Speaker.DESK, CONTINUE)))


async def test_what_was_answered_beside_a_question_is_answered_once() -> None:
    one = Reply(tools=[FakeTool("book")])
    unanswered: list[Step] = [CallUnanswered(("call_1",))]
    again = calling(BOOK, response_id="resp_2")
    await one.hears(calling(BOOK), unanswered, [RetryLater(0)], again, LAST)
    brought = [[output.call_id for output in asked.outputs] for asked in one.model.asked]
    assert one.model.answered == ["call_1"]
    assert brought == [[], ["call_1"], [], [], ["call_1"]]  # the last one is another's


@pytest.mark.parametrize(("heard", "told"), [(["Prenoto."], SEEN), ([], UNSEEN)])
async def test_the_model_is_told_whether_the_client_has_what_it_said_beside_a_call(
    heard: list[str], told: str
) -> None:
    one = Reply(tools=[FakeTool("book")])
    first = [*calls_after(*heard)[:-1], answer("Prenoto.", calls=(BOOK,))]
    await one.hears(first, LAST)
    assert one.model.asked[1].lines == (Line(Speaker.DESK, told),)


# ------------------------------------------------------------------------ what is said


async def test_what_only_the_end_of_an_answer_has_is_said_before_its_question() -> None:
    one = Reply(tools=[FakeTool("pay_deposit", confirm=True)])
    unheard: list[Step] = [Began("resp_2"), answer("Serve una conferma.", response_id="resp_2")]
    await one.hears(calling(PAY), unheard)
    assert one.said == ["Serve una conferma.", ASKED]


@pytest.mark.parametrize("when", ["before", "meanwhile", "stopped"])
async def test_somebody_types_while_a_tool_works_though_all_was_said(when: str) -> None:
    typed = list[bool]()

    async def slow(_: ToolContext, __: str) -> str:
        await one.clock.sleep(10)
        one.channel.typed.clear()
        await one.clock.sleep(10)
        typed.append(bool(one.channel.typed))
        return done()

    async def slowly(message: Outgoing) -> str:
        await one.clock.sleep(4 if when == "meanwhile" else 0)
        return one.channel.deliver(message)

    async def a_second_later() -> None:
        await one.clock.sleep(1)
        if when == "stopped":
            one.lane.hush()

    one = Reply(tools=[FakeTool("book", timeout=30, acts=slow)])
    one.channel.answer = slowly
    *first, calls = calls_after("Un attimo.", "Guardo.")
    await one.hears([*first, a_second_later, calls], LAST)
    assert typed == [when != "stopped"]


@pytest.mark.parametrize("heard", [True, False])
async def test_nobody_types_once_all_of_an_answer_is_said_if_anything_was(heard: bool) -> None:
    typed = list[bool]()

    async def goes_on() -> None:
        await one.clock.sleep(2)
        one.channel.typed.clear()
        await one.clock.sleep(10)
        typed.append(bool(one.channel.typed))

    one = Reply(tools=[FakeTool("book")])
    bubbles = [BubbleClosed("Fatto.")] if heard else []
    last = answer("Fatto.", response_id="resp_2")
    await one.hears(
        calls_after("Un attimo."), [Began("resp_2"), *bubbles, AllSaid(), goes_on, last]
    )
    assert typed == [not heard]
    assert one.channel.texts() == ["Un attimo.", "Fatto."]
