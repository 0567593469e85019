"""For how long a tool is waited for, and which a turn may call."""

import asyncio
from dataclasses import replace
from typing import Any, cast

import pytest

from bot.core.calls import Effect
from bot.errors import OutOfPatience
from bot.ports import PhoneCall
from bot.turns.calling import awaited, offered
from db.records import Purpose
from tests.fakes.clock import FakeClock, rounds
from tests.fakes.tools import FakeTool
from tests.turns.records import TURN

LOOK, BOOK = FakeTool("look", Effect.READ), FakeTool("book")
HANG_UP = FakeTool("hang_up", on_phone=True)
CALL = cast(PhoneCall, object())


async def out_of_time(tool: Any) -> "asyncio.Task[str]":
    """A wait of ten seconds that has come to its end, as far as the tool lets it."""
    clock = FakeClock()
    wait = asyncio.ensure_future(awaited(clock, tool(), 10.0))
    await rounds()
    clock.jump(clock.time + 10)
    await rounds()
    return wait


async def test_a_tool_that_ends_when_told_to_is_waited_for_no_more() -> None:
    ended: list[str] = []

    async def tool() -> str:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)  # it tidies up
            ended.append("ended")
        return ""

    with pytest.raises(OutOfPatience):
        await (await out_of_time(tool))
    assert ended == ["ended"]


async def test_what_it_says_at_the_last_moment_counts() -> None:
    async def tool() -> str:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return "Booked."
        return ""

    assert await (await out_of_time(tool)) == "Booked."


async def test_when_the_process_ends_its_tool_ends_before() -> None:
    ended: list[str] = []

    async def tool() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append("ended")

    wait = asyncio.ensure_future(awaited(FakeClock(), tool(), 10.0))
    await rounds()
    wait.cancel()
    with pytest.raises(asyncio.CancelledError):
        await wait
    assert ended == ["ended"]


async def test_a_tool_that_cancels_itself_has_failed_and_ends_nothing_else() -> None:
    async def tool() -> None:
        raise asyncio.CancelledError

    with pytest.raises(RuntimeError):
        await awaited(FakeClock(), tool(), 10.0)


@pytest.mark.parametrize(
    ("purpose", "call", "names"),
    [
        (Purpose.CLIENT, None, ["look", "book"]),
        (Purpose.CLIENT, CALL, ["look", "book", "hang_up"]),
        (Purpose.PREVIEW, CALL, ["look"]),
    ],
)
def test_a_preview_changes_nothing_and_only_a_call_can_be_ended(
    purpose: Purpose, call: PhoneCall | None, names: list[str]
) -> None:
    turn = replace(TURN, purpose=purpose)
    assert [one.name for one in cast(Any, offered([LOOK, BOOK, HANG_UP], turn, call))] == names
