"""Questions to whoever polls, and their answers."""

import asyncio

import pytest

from bot.turns.backlog import Backlog
from tests.patience import PATIENCE_SECONDS


async def until_waiting(backlog: Backlog) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not backlog.awaited:  # noqa: ASYNC110  # no event tells
            await asyncio.sleep(0)


def test_the_start_asks_and_waits_for_nothing() -> None:
    backlog = Backlog()
    assert (backlog.questions, backlog.open, backlog.awaited) == (1, True, False)
    backlog.answer(backlog.questions)
    assert not backlog.open


async def test_an_answer_is_for_the_questions_before_it() -> None:
    backlog = Backlog()
    first = backlog.ask()
    known = backlog.questions
    second = backlog.ask()
    assert (first, second) == (2, 3)
    waiting = asyncio.create_task(backlog.answered(second))
    await until_waiting(backlog)
    backlog.answer(known)
    await backlog.answered(first)
    assert (backlog.open, backlog.awaited, waiting.done()) == (True, True, False)
    backlog.answer(backlog.questions)
    backlog.answer(known)  # a poll that took longer takes nothing back
    async with asyncio.timeout(PATIENCE_SECONDS):
        await waiting
    assert (backlog.open, backlog.awaited) == (False, False)


async def test_whoever_polls_leaves_what_he_waits_for_when_somebody_asks() -> None:
    backlog, poll = Backlog(), asyncio.Event()
    polling = asyncio.create_task(backlog.unless_asked(poll.wait(), after=backlog.questions))
    await asyncio.sleep(0)
    assert not polling.done()
    backlog.ask()
    backlog.ask()  # it is being left
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await polling is None
        assert await backlog.unless_asked(poll.wait(), after=1) is None  # it was asked before


async def test_a_poll_that_is_over_is_not_left() -> None:
    backlog, poll = Backlog(), asyncio.Event()
    poll.set()
    assert await backlog.unless_asked(poll.wait(), after=backlog.questions)
    backlog.ask()
    with pytest.raises(TimeoutError, match="of its own"):
        await backlog.unless_asked(_times_out(), after=backlog.questions)


async def _times_out() -> None:
    raise TimeoutError("of its own")


async def test_two_who_wait_are_two() -> None:
    backlog = Backlog()
    questions = backlog.ask(), backlog.ask()
    first, second = (asyncio.create_task(backlog.answered(one)) for one in questions)
    await until_waiting(backlog)
    await asyncio.sleep(0)
    backlog.answer(questions[0])
    await first
    assert (backlog.awaited, backlog.open) == (True, True)
    backlog.answer(questions[1])
    await second
    assert (backlog.awaited, backlog.open) == (False, False)
