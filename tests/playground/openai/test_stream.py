import json

import aiohttp
import openai
import pytest
from openai.types.responses import (
    ResponseCompletedEvent,
    ResponseErrorEvent,
    ResponseFailedEvent,
    ResponseFunctionCallArgumentsDeltaEvent,
    ResponseFunctionCallArgumentsDoneEvent,
    ResponseIncompleteEvent,
    ResponseRefusalDoneEvent,
    ResponseStreamEvent,
    ResponseTextDeltaEvent,
    ResponseTextDoneEvent,
)

from bot.playground.openai import Emulator, Fault, FaultKind, Reply
from tests.playground.openai.asking import MODEL, list_items, read_texts, stream, types
from tests.playground.openai.conftest import HELLO

BEGIN = [
    "response.created",
    "response.in_progress",
    "response.output_item.added",
    "response.content_part.added",
    "response.output_text.delta",
]
END = ["response.output_text.done", "response.content_part.done", "response.output_item.done"]


@pytest.fixture
def events() -> list[ResponseStreamEvent]:
    return []


async def test_the_events_come_in_the_order_of_the_facts(
    api: openai.AsyncOpenAI, conversation: str, events: list[ResponseStreamEvent]
) -> None:
    await stream(api, "Hi", conversation=conversation, events=events)

    assert types(events) == [*BEGIN, *END, "response.completed"]
    assert [event.sequence_number for event in events] == list(range(len(events)))


async def test_the_deltas_make_the_text(
    api: openai.AsyncOpenAI, conversation: str, events: list[ResponseStreamEvent]
) -> None:
    await stream(api, "Hi", conversation=conversation, events=events)

    deltas = [event.delta for event in events if isinstance(event, ResponseTextDeltaEvent)]
    done = [event.text for event in events if isinstance(event, ResponseTextDoneEvent)]
    last = events[-1]
    assert isinstance(last, ResponseCompletedEvent)
    assert len(deltas) > 10
    assert "".join(deltas) == done[0] == last.response.output_text == HELLO


async def test_the_first_event_has_the_id_by_which_the_answer_is_retrieved(
    api: openai.AsyncOpenAI, conversation: str, events: list[ResponseStreamEvent]
) -> None:
    await stream(api, "Hi", conversation=conversation, events=events)

    first = events[0]
    assert first.type == "response.created"
    assert (first.response.status, first.response.output) == ("in_progress", [])
    assert (await api.responses.retrieve(first.response.id)).output_text == HELLO


async def test_the_items_are_there_when_the_end_is_seen_and_not_before(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    emulator.script.add([Reply(raw=HELLO, delay_ms=1)])
    answer = await api.responses.create(
        model=MODEL, input="Hi", conversation=conversation, stream=True
    )
    counted = {event.type: len(await list_items(api, conversation)) async for event in answer}

    assert counted["response.in_progress"] == 0
    assert counted["response.completed"] == 2


async def test_the_chunks_of_a_script_are_the_deltas(
    api: openai.AsyncOpenAI,
    emulator: Emulator,
    conversation: str,
    events: list[ResponseStreamEvent],
) -> None:
    emulator.script.add([Reply(raw=HELLO, chunks=7)])

    await stream(api, "Hi", conversation=conversation, events=events)

    assert sum(isinstance(event, ResponseTextDeltaEvent) for event in events) == 7


async def test_a_function_call_streams_its_arguments(
    api: openai.AsyncOpenAI,
    emulator: Emulator,
    conversation: str,
    events: list[ResponseStreamEvent],
) -> None:
    emulator.faults.add(Fault(FaultKind.FUNCTION_CALL, text='{"day":"Sunday"}'))

    await stream(api, "Hi", conversation=conversation, events=events)

    parts = [e.delta for e in events if isinstance(e, ResponseFunctionCallArgumentsDeltaEvent)]
    done = [e for e in events if isinstance(e, ResponseFunctionCallArgumentsDoneEvent)]
    assert "".join(parts) == done[0].arguments == '{"day":"Sunday"}'
    assert types(events)[-2:] == ["response.output_item.done", "response.completed"]


async def test_a_refusal_has_events_of_its_own(
    api: openai.AsyncOpenAI,
    emulator: Emulator,
    conversation: str,
    events: list[ResponseStreamEvent],
) -> None:
    emulator.faults.add(Fault(FaultKind.REFUSAL, text="I can't help with that."))

    await stream(api, "Hi", conversation=conversation, events=events)

    done = [event for event in events if isinstance(event, ResponseRefusalDoneEvent)]
    assert done[0].refusal == "I can't help with that."
    assert types(events)[4:] == [
        "response.refusal.delta",
        "response.refusal.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]


async def test_a_stream_may_end_without_a_word(
    api: openai.AsyncOpenAI,
    emulator: Emulator,
    conversation: str,
    events: list[ResponseStreamEvent],
) -> None:
    emulator.faults.add(Fault(FaultKind.SILENT_END, after_deltas=3))

    await stream(api, "Hi", conversation=conversation, events=events)

    assert types(events) == BEGIN
    assert len(events) == len(BEGIN) - 1 + 3


async def test_a_stream_may_be_cut(
    api: openai.AsyncOpenAI,
    emulator: Emulator,
    conversation: str,
    events: list[ResponseStreamEvent],
) -> None:
    emulator.faults.add(Fault(FaultKind.CUT, after_deltas=3))

    with pytest.raises(openai.APIConnectionError):
        await stream(api, "Hi", conversation=conversation, events=events)

    assert len(events) == len(BEGIN) - 1 + 3


async def test_a_stream_may_break_before_its_first_event(
    api: openai.AsyncOpenAI,
    emulator: Emulator,
    conversation: str,
    events: list[ResponseStreamEvent],
) -> None:
    emulator.faults.add(Fault(FaultKind.SILENT_END, after_deltas=-1))

    await stream(api, "Hi", conversation=conversation, events=events)

    assert not events


async def test_an_answer_may_fail(
    api: openai.AsyncOpenAI,
    emulator: Emulator,
    conversation: str,
    events: list[ResponseStreamEvent],
) -> None:
    emulator.faults.add(Fault(FaultKind.FAILED, after_deltas=2))

    await stream(api, "Hi", conversation=conversation, events=events)

    last = events[-1]
    assert isinstance(last, ResponseFailedEvent)
    assert last.response.error is not None
    assert (last.response.status, last.response.error.code) == ("failed", "server_error")
    assert not await list_items(api, conversation)


async def test_an_answer_may_be_cut_short_by_its_filter(
    api: openai.AsyncOpenAI,
    emulator: Emulator,
    conversation: str,
    events: list[ResponseStreamEvent],
) -> None:
    emulator.faults.add(Fault(FaultKind.INCOMPLETE, after_deltas=12, code="content_filter"))

    await stream(api, "Hi", conversation=conversation, events=events)

    last = events[-1]
    assert isinstance(last, ResponseIncompleteEvent)
    assert last.response.incomplete_details is not None
    assert last.response.incomplete_details.reason == "content_filter"
    assert await read_texts(api, conversation) == [
        ("user", "Hi"),
        ("assistant", last.response.output_text),
    ]


async def test_an_error_event_is_yielded(
    api: openai.AsyncOpenAI,
    emulator: Emulator,
    conversation: str,
    events: list[ResponseStreamEvent],
) -> None:
    emulator.faults.add(Fault(FaultKind.ERROR_EVENT, after_deltas=2, code="server_error"))

    await stream(api, "Hi", conversation=conversation, events=events)

    last = events[-1]
    assert isinstance(last, ResponseErrorEvent)
    assert last.code == "server_error"


async def test_an_event_with_an_error_inside_is_raised(
    api: openai.AsyncOpenAI,
    emulator: Emulator,
    conversation: str,
    events: list[ResponseStreamEvent],
) -> None:
    emulator.faults.add(Fault(FaultKind.ERROR_FIELD, code="rate_limit_exceeded"))

    with pytest.raises(openai.APIError) as caught:
        await stream(api, "Hi", conversation=conversation, events=events)

    assert caught.value.code == "rate_limit_exceeded"


async def test_what_the_wire_carries(raw: aiohttp.ClientSession) -> None:
    asked = {"model": MODEL, "input": "Hi", "stream": True}
    async with raw.post("/v1/responses", json=asked) as answer:
        text = await answer.text()

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["x-request-id"].startswith("req_")
    for block in text.strip().split("\n\n"):
        name, data = block.split("\n")
        assert name == f"event: {json.loads(data.removeprefix('data: '))['type']}"


async def test_the_padding_of_deltas_can_be_left_out(raw: aiohttp.ClientSession) -> None:
    asked = {"model": MODEL, "input": "Hi", "stream": True}
    async with raw.post("/v1/responses", json=asked) as answer:
        padded = await answer.text()
    asked["stream_options"] = {"include_obfuscation": False}
    async with raw.post("/v1/responses", json=asked) as answer:
        bare = await answer.text()

    assert "obfuscation" in padded
    assert "obfuscation" not in bare
