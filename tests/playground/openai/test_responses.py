import asyncio
from typing import Any

import openai
import pytest
from openai.types.responses import EasyInputMessageParam, ResponseFunctionToolCall

from bot.playground.openai import Emulator, Fault, FaultKind, Reply
from tests.playground.openai.asking import MODEL, REPLY_FORMAT, ask, list_items, read_texts
from tests.playground.openai.conftest import HELLO

MISSING = "missing_required_parameter"
LONG = '{"messages":["Good morning! Check-in is from 14:00.","Shall I tell you about parking?"]}'


async def test_an_answer_and_its_question_join_the_conversation(
    api: openai.AsyncOpenAI, conversation: str
) -> None:
    answer = await ask(api, "Good morning", conversation=conversation)

    assert answer.status == "completed"
    assert answer.output_text == HELLO
    assert await read_texts(api, conversation) == [("user", "Good morning"), ("assistant", HELLO)]


async def test_an_answer_can_be_retrieved_and_deleted(
    api: openai.AsyncOpenAI, conversation: str
) -> None:
    answer = await ask(api, "Hi", conversation=conversation)
    assert (await api.responses.retrieve(answer.id)).output_text == HELLO

    await api.responses.delete(answer.id)

    with pytest.raises(openai.NotFoundError):
        await api.responses.retrieve(answer.id)


async def test_an_answer_that_is_not_stored_cannot_be_retrieved(
    api: openai.AsyncOpenAI, conversation: str
) -> None:
    answer = await api.responses.create(
        model=MODEL, input="Hi", conversation=conversation, store=False
    )

    with pytest.raises(openai.NotFoundError):
        await api.responses.retrieve(answer.id)


async def test_a_chain_of_answers_is_a_history_too(
    api: openai.AsyncOpenAI, emulator: Emulator
) -> None:
    emulator.script.add([Reply(messages=("{input}",))] * 2)
    first = await api.responses.create(model=MODEL, input="one", text=REPLY_FORMAT)

    second = await api.responses.create(model=MODEL, input="two", previous_response_id=first.id)

    assert first.usage is not None
    assert second.usage is not None
    assert second.usage.input_tokens > first.usage.input_tokens


async def test_a_busy_conversation_is_locked(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    emulator.script.add([Reply(messages=("later",), first_ms=3_600_000)])
    first = await api.responses.create(
        model=MODEL, input="one", conversation=conversation, stream=True
    )

    with pytest.raises(openai.BadRequestError) as caught:
        await ask(api, "two", conversation=conversation)

    await first.close()
    assert (caught.value.code, caught.value.param) == ("conversation_locked", "conversation")


async def test_a_refused_request_does_not_lock_the_conversation(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    emulator.script.strict = True
    with pytest.raises(openai.InternalServerError):
        await ask(api, "one", conversation=conversation)

    emulator.script.strict = False

    assert (await ask(api, "two", conversation=conversation)).status == "completed"


async def test_an_unanswered_call_poisons_the_conversation_until_it_is_answered(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    emulator.faults.add(Fault(FaultKind.FUNCTION_CALL))
    calling = await ask(api, "Hi", conversation=conversation)
    call = calling.output[0]
    assert isinstance(call, ResponseFunctionToolCall)

    with pytest.raises(openai.BadRequestError) as caught:
        await ask(api, "And?", conversation=conversation)
    await api.conversations.items.create(
        conversation,
        items=[{"type": "function_call_output", "call_id": call.call_id, "output": "{}"}],
    )

    assert f"No tool output found for function call {call.call_id}." in str(caught.value)
    assert (await ask(api, "And?", conversation=conversation)).status == "completed"


async def test_an_output_without_its_call_is_refused(
    api: openai.AsyncOpenAI, conversation: str
) -> None:
    with pytest.raises(openai.BadRequestError, match="No tool call found for function call output"):
        await api.responses.create(
            model=MODEL,
            conversation=conversation,
            input=[{"type": "function_call_output", "call_id": "call_x", "output": "{}"}],
        )


async def test_a_long_prompt_is_cached_by_its_prefix(api: openai.AsyncOpenAI) -> None:
    async def ask_with(instructions: str, *, key: str = "tenant-1") -> int:
        answer = await api.responses.create(
            model="gpt-5.5", input="Hi", instructions=instructions, prompt_cache_key=key
        )
        assert answer.usage is not None
        return answer.usage.input_tokens_details.cached_tokens

    first, second = "a" * 8_192, "b" * 8_192  # characters: 2,048 tokens each

    assert await ask_with(first + second) == 0
    assert await ask_with(f"{first}{second} And more.") == 4096
    assert await ask_with(f"{first} And else.") == 2048
    assert await ask_with(second + first) == 0
    assert await ask_with(first + second, key="tenant-2") == 0


async def test_from_gpt_5_6_on_a_prompt_is_cached_up_to_its_marks(api: openai.AsyncOpenAI) -> None:
    async def ask_with(*texts: str, marked: bool, instructions: str = "a" * 8_192) -> int:
        mark: dict[str, Any] = {"prompt_cache_breakpoint": {"mode": "explicit", "ttl": "12h"}}
        begins = {"type": "input_text", "text": "Begins.", **(mark if marked else {})}
        items: Any = [
            {"role": "developer", "content": [begins]},
            *({"role": "user", "content": text} for text in texts),
        ]
        answer = await api.responses.create(
            model="gpt-6-luna", input=items, instructions=instructions, prompt_cache_key="tenant-1"
        )
        assert answer.usage is not None
        return answer.usage.input_tokens_details.cached_tokens

    assert await ask_with("Hi", marked=False) == 0
    assert await ask_with("Ciao", marked=False) == 0
    assert await ask_with("Hi", "And?", marked=False) == 2_051  # up to the newest message
    assert await ask_with("Hallo", marked=True) == 0
    assert await ask_with("Salve", marked=True) == 2_050
    assert await ask_with("Salve", marked=True, instructions="b" * 8_192) == 0


@pytest.mark.parametrize(
    ("model", "role", "mark"),
    [
        ("gpt-5.5", "developer", {"mode": "explicit"}),
        ("gpt-6-luna", "assistant", {"mode": "explicit"}),
        ("gpt-6-luna", "user", {"mode": "implicit"}),
        ("gpt-6-luna", "user", {"mode": "explicit", "ttl": "1h"}),
        ("gpt-6-luna", "user", True),
    ],
)
async def test_a_mark_that_the_api_would_not_take_is_refused(
    api: openai.AsyncOpenAI, model: str, role: str, mark: object
) -> None:
    kind = "output_text" if role == "assistant" else "input_text"
    part = {"type": kind, "text": "Hi", "prompt_cache_breakpoint": mark}
    items: Any = [{"role": role, "content": [part]}]
    with pytest.raises(openai.BadRequestError, match="prompt_cache_breakpoint"):
        await api.responses.create(model=model, input=items)


async def test_a_short_prompt_is_not_cached(api: openai.AsyncOpenAI) -> None:
    for _ in range(2):
        answer = await api.responses.create(model=MODEL, input="Hi", instructions="a" * 4_000)
        assert answer.usage is not None
        assert answer.usage.input_tokens_details.cached_tokens == 0


async def test_a_prompt_that_exceeds_the_context_is_refused(
    api: openai.AsyncOpenAI, conversation: str
) -> None:
    long: EasyInputMessageParam = {"role": "user", "content": "x" * 4_300_000}
    await api.conversations.items.create(conversation, items=[long])

    with pytest.raises(openai.BadRequestError) as caught:
        await ask(api, "Hi", conversation=conversation)
    cut = await api.responses.create(
        model=MODEL, input="Hi", conversation=conversation, truncation="auto"
    )

    assert (caught.value.code, caught.value.param) == ("context_length_exceeded", "input")
    assert cut.status == "completed"


async def test_a_small_token_limit_breaks_the_json(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    emulator.script.add([Reply(raw=LONG)])

    answer = await api.responses.create(
        model=MODEL, input="Hi", conversation=conversation, max_output_tokens=16
    )

    assert answer.incomplete_details is not None
    assert (answer.status, answer.incomplete_details.reason) == ("incomplete", "max_output_tokens")
    assert answer.output_text == LONG[:64]


async def test_a_refusal_is_a_completed_answer_without_text(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    emulator.faults.add(Fault(FaultKind.REFUSAL))

    answer = await ask(api, "Hi", conversation=conversation)

    assert (answer.status, answer.output_text) == ("completed", "")


async def test_a_background_answer_can_be_cancelled(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    emulator.script.add([Reply(messages=("later",), first_ms=3_600_000)])
    queued = await api.responses.create(
        model=MODEL, input="Hi", conversation=conversation, background=True
    )
    assert queued.status == "in_progress"

    cancelled = await api.responses.cancel(queued.id)

    assert cancelled.status == "cancelled"
    assert (await api.responses.cancel(queued.id)).status == "cancelled"
    assert not await list_items(api, conversation)
    assert (await ask(api, "Again", conversation=conversation)).status == "completed"


async def test_a_foreground_answer_cannot_be_cancelled(
    api: openai.AsyncOpenAI, conversation: str
) -> None:
    answer = await ask(api, "Hi", conversation=conversation)

    with pytest.raises(openai.BadRequestError, match="Cannot cancel a synchronous response"):
        await api.responses.cancel(answer.id)


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"temperature": 0.2}, "unsupported_parameter"),
        ({"top_p": 0.2}, "unsupported_parameter"),
        ({"max_output_tokens": 15}, "integer_below_min_value"),
        ({"safety_identifier": "x" * 129}, "string_above_max_length"),
        ({"conversation": "conv_x", "previous_response_id": "r"}, "mutually_exclusive_parameters"),
        ({"previous_response_id": "resp_x"}, "previous_response_not_found"),
        ({"text": {"format": {"type": "json_schema"}}}, MISSING),
        ({"reasoning": {"effort": "heroic"}}, "invalid_value"),
        ({"input": [{"type": "teapot"}]}, "invalid_value"),
        ({"input": [{"role": "user"}]}, MISSING),
        ({"input": None}, MISSING),
        ({"extra_body": {"teapot": 1}}, "unknown_parameter"),
        ({"max_output_tokens": "many"}, "invalid_type"),
        ({"input": [{"role": "user", "content": [{"type": "input_text"}]}]}, MISSING),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_a_bad_request_is_refused(
    api: openai.AsyncOpenAI, parameters: dict[str, Any], code: str
) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        await api.responses.create(**{"model": MODEL, "input": "Hi", **parameters})

    assert caught.value.code == code


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {}},
        {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False},
    ],
    ids=["open", "optional"],
)
async def test_a_strict_schema_is_closed_and_complete(
    api: openai.AsyncOpenAI, schema: dict[str, object]
) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        await api.responses.create(
            model=MODEL,
            input="Hi",
            text={"format": {"type": "json_schema", "name": "x", "strict": True, "schema": schema}},
        )

    assert caught.value.code == "invalid_json_schema"


async def test_answers_go_on_side_by_side(api: openai.AsyncOpenAI, emulator: Emulator) -> None:
    emulator.script.add([Reply(raw=HELLO, delay_ms=1)] * 10)
    made = [await api.conversations.create() for _ in range(10)]

    answers = await asyncio.gather(*(ask(api, "Hi", conversation=one.id) for one in made))

    assert {answer.output_text for answer in answers} == {HELLO}
