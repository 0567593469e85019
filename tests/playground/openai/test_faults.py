import json

import openai
import pytest
from openai import APIStatusError

from bot.playground.openai import Emulator, Fault, FaultKind, Reply
from tests.playground.openai.asking import ask


@pytest.mark.parametrize(
    ("fault", "refusal"),
    [
        (Fault(FaultKind.RATE_LIMIT), (openai.RateLimitError, "rate_limit_exceeded")),
        (Fault(FaultKind.NO_CREDIT), (openai.RateLimitError, "insufficient_quota")),
        (Fault(FaultKind.NO_CREDIT, code="credit_x"), (openai.RateLimitError, "credit_x")),
        (Fault(FaultKind.SERVER_ERROR), (openai.InternalServerError, None)),
        (Fault(FaultKind.OVERLOADED), (openai.InternalServerError, "server_is_overloaded")),
        (Fault(FaultKind.UNAUTHORIZED), (openai.AuthenticationError, "invalid_api_key")),
        (Fault(FaultKind.LOCKED), (openai.BadRequestError, "conversation_locked")),
        (Fault(FaultKind.STATUS, status=409, code="c"), (openai.ConflictError, "c")),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Fault) else value[1],
)
async def test_a_fault_answers_with_its_status_once(
    api: openai.AsyncOpenAI,
    emulator: Emulator,
    conversation: str,
    fault: Fault,
    refusal: tuple[type[APIStatusError], str | None],
) -> None:
    expected, code = refusal
    emulator.faults.add(fault)

    with pytest.raises(expected) as caught:
        await ask(api, "Hi", conversation=conversation)

    assert caught.value.code == code
    assert (await ask(api, "Hi", conversation=conversation)).status == "completed"


async def test_a_rate_limit_says_when_to_come_back(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    emulator.faults.add(Fault(FaultKind.RATE_LIMIT, retry_after=1.5))

    with pytest.raises(openai.RateLimitError) as caught:
        await ask(api, "Hi", conversation=conversation)

    assert caught.value.response.headers["retry-after"] == "1.5"


async def test_a_fault_may_strike_one_conversation_only(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    other = (await api.conversations.create()).id
    emulator.faults.add(Fault(FaultKind.SERVER_ERROR, conversation=other))

    assert (await ask(api, "Hi", conversation=conversation)).status == "completed"
    with pytest.raises(openai.InternalServerError):
        await ask(api, "Hi", conversation=other)


async def test_a_fault_may_strike_other_operations(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    emulator.faults.add(Fault(FaultKind.OVERLOADED, on="items", count=2))

    for _ in range(2):
        with pytest.raises(openai.InternalServerError):
            await api.conversations.items.list(conversation)

    assert not (await api.conversations.items.list(conversation)).data


async def test_a_fault_without_a_count_strikes_until_it_is_cleared(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    emulator.faults.add(Fault(FaultKind.OVERLOADED, count=None))
    for _ in range(3):
        with pytest.raises(openai.InternalServerError):
            await ask(api, "Hi", conversation=conversation)

    emulator.faults.clear()

    assert (await ask(api, "Hi", conversation=conversation)).status == "completed"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (FaultKind.NOT_JSON, "Good morning! Tell me."),
        (FaultKind.WRONG_SCHEMA, '{"answer":"Good morning!"}'),
        (FaultKind.NO_MESSAGES, '{"messages":[]}'),
    ],
)
async def test_a_fault_may_change_what_is_said(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str, kind: FaultKind, said: str
) -> None:
    emulator.faults.add(Fault(kind))

    answer = await ask(api, "Hi", conversation=conversation)

    assert answer.output_text == said


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (FaultKind.KEYS_MISSING, '{"messages": ["Sì."]}'),
        (FaultKind.KEYS_TURNED, '{"outcome": "asked", "messages": ["Sì."]}'),
        (FaultKind.KEYS_MISTYPED, '{"messages": ["Sì."], "outcome": 1}'),
    ],
)
async def test_a_fault_may_change_what_stands_behind_the_messages(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str, kind: FaultKind, said: str
) -> None:
    emulator.script.add([Reply(messages=("Sì.",), stated={"outcome": "asked"})])
    emulator.faults.add(Fault(kind))

    answer = await ask(api, "Hi", conversation=conversation)

    assert answer.output_text == said


async def test_a_fault_may_wrap_the_json_in_other_text(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    emulator.faults.add(Fault(FaultKind.EXTRA_TEXT))

    said = (await ask(api, "Hi", conversation=conversation)).output_text

    inner = said.removeprefix("Here it is: ").removesuffix(" Done.")
    assert inner != said
    assert json.loads(inner)["messages"]


async def test_a_fault_may_put_commentary_before_the_reply(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    emulator.faults.add(Fault(FaultKind.PREFACE, text="I will look."))

    answer = await ask(api, "Hi", conversation=conversation)

    items = [item for item in answer.output if item.type == "message"]
    assert [item.phase for item in items] == ["commentary", "final_answer"]
    assert [part.text for part in items[0].content if part.type == "output_text"] == [
        "I will look."
    ]


async def test_a_fault_may_leave_only_commentary(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    emulator.faults.add(Fault(FaultKind.NO_REPLY))

    (item,) = (await ask(api, "Hi", conversation=conversation)).output

    assert item.type == "message"
    assert item.phase == "commentary"


async def test_a_fault_may_repeat_an_item_under_its_id(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    emulator.faults.add(Fault(FaultKind.TWICE))

    first, second = (await ask(api, "Hi", conversation=conversation)).output

    assert first == second


async def test_a_fault_may_give_a_page_for_a_stream(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    emulator.faults.add(Fault(FaultKind.NO_STREAM, text="<h1>Welcome</h1>"))

    stream = await api.responses.create(
        model="gpt-6-luna", input="Hi", conversation=conversation, stream=True
    )

    assert [event async for event in stream] == []


async def test_a_revoked_key_is_refused(api: openai.AsyncOpenAI, emulator: Emulator) -> None:
    emulator.revoked_keys.add("sk-test")

    with pytest.raises(openai.AuthenticationError) as caught:
        await api.models.list()

    assert caught.value.code == "invalid_api_key"
    assert "sk-test" not in str(caught.value)


async def test_the_sdk_repeats_a_request_that_got_500(
    api: openai.AsyncOpenAI, emulator: Emulator, conversation: str
) -> None:
    emulator.faults.add(Fault(FaultKind.SERVER_ERROR))
    repeating = api.with_options(max_retries=1)

    await ask(repeating, "Hi", conversation=conversation)

    asked = [one for one in emulator.records.requests if one.path == "/v1/responses"]
    assert len(asked) == 2
