"""What becomes of an answer whose client is gone."""

import asyncio
from collections.abc import Awaitable, Callable

import openai
import pytest
from openai.types.responses import ResponseStreamEvent

from bot.playground.openai import Emulator, Fault, FaultKind, Reply, Then
from tests.patience import PATIENCE_SECONDS
from tests.playground.openai.asking import MODEL, ask, list_items, read_texts, stream
from tests.playground.openai.conftest import HELLO

COMMITTED = {Then.FINISH: 2, Then.DROP: 0}  # items


async def until(reached: Callable[[], Awaitable[bool]]) -> None:
    """Wait for a state."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await reached():  # noqa: ASYNC110 - the state is behind HTTP
            await asyncio.sleep(0)


async def until_free(emulator: Emulator, conversation: str) -> None:
    """Wait until no response is under way."""

    async def free() -> bool:
        return not emulator.state.conversations[conversation].busy

    await until(free)


async def leave(api: openai.AsyncOpenAI, conversation: str) -> str:
    """Ask, read up to the first delta, and hang up; the response's id."""
    answer = await api.responses.create(
        model=MODEL, input="Hi", conversation=conversation, stream=True
    )
    response_id = ""
    async for event in answer:
        if event.type == "response.created":
            response_id = event.response.id
        if event.type == "response.output_text.delta":
            break
    await answer.close()
    return response_id


async def exhaust(api: openai.AsyncOpenAI, conversation: str) -> str:
    """Ask and read until the stream breaks; the response's id."""
    events: list[ResponseStreamEvent] = []
    try:
        await stream(api, "Hi", conversation=conversation, events=events)
    except openai.APITimeoutError:  # it never broke
        raise
    except openai.APIConnectionError:
        pass
    assert events[0].type == "response.created"
    return events[0].response.id


@pytest.fixture
def slow() -> Reply:
    """Slow enough to be left, quick enough to be waited for."""
    return Reply(raw=HELLO, delay_ms=5)


async def test_by_default_the_answer_is_finished(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str, slow: Reply
) -> None:
    emulator.script.add([slow])
    response_id = await leave(api, conversation)

    async def finished() -> bool:
        return (await api.responses.retrieve(response_id)).status == "completed"

    await until(finished)
    assert await read_texts(api, conversation) == [("user", "Hi"), ("assistant", HELLO)]


async def test_a_dropped_answer_leaves_no_trace(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str, slow: Reply
) -> None:
    emulator.script.add([slow])
    emulator.faults.add(Fault(FaultKind.NONE, then=Then.DROP))
    response_id = await leave(api, conversation)

    async def gone() -> bool:
        return response_id not in emulator.state.responses

    await until(gone)
    assert not await list_items(api, conversation)
    assert (await ask(api, "Again", conversation=conversation)).status == "completed"


async def test_an_answer_that_finishes_late_is_seen_running(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str, slow: Reply
) -> None:
    emulator.script.add([slow])
    emulator.faults.add(Fault(FaultKind.NONE, then=Then.FINISH, then_seconds=3600))
    response_id = await leave(api, conversation)

    running = await api.responses.retrieve(response_id)

    assert running.status == "in_progress"
    with pytest.raises(openai.BadRequestError, match="Another process"):
        await ask(api, "Again", conversation=conversation)


@pytest.mark.parametrize("kind", [FaultKind.CUT, FaultKind.SILENT_END])
@pytest.mark.parametrize("then", Then)
async def test_a_broken_stream_ends_in_either_way(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str, kind: FaultKind, then: Then
) -> None:
    emulator.faults.add(Fault(kind, after_deltas=2, then=then))
    await exhaust(api, conversation)

    await until_free(emulator, conversation)
    assert len(await list_items(api, conversation)) == COMMITTED[then]


@pytest.mark.parametrize("then", Then)
async def test_a_request_that_timed_out_may_have_been_carried_out(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str, then: Then
) -> None:
    emulator.faults.add(Fault(FaultKind.HANG, then=then))
    impatient = api.with_options(timeout=0.2)

    with pytest.raises(openai.APITimeoutError):
        await ask(impatient, "Hi", conversation=conversation)

    await until_free(emulator, conversation)
    assert len(await list_items(api, conversation)) == COMMITTED[then]


async def test_a_slow_first_delta_comes_after_the_headers(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    emulator.faults.add(Fault(FaultKind.SLOW, seconds=3600))
    answer = await api.responses.create(
        model=MODEL, input="Hi", conversation=conversation, stream=True
    )

    first = await anext(aiter(answer))

    await answer.close()
    assert first.type == "response.created"


@pytest.mark.parametrize("kind", [FaultKind.CUT, FaultKind.SILENT_END])
async def test_a_broken_stream_is_broken_now_even_when_the_answer_comes_later(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str, kind: FaultKind
) -> None:
    emulator.faults.add(Fault(kind, after_deltas=2, then_seconds=3600))

    response_id = await exhaust(api, conversation)

    assert (await api.responses.retrieve(response_id)).status == "in_progress"
