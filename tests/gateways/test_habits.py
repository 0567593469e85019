"""What other programs do with chat completions beside asking: Open WebUI, LiveKit and the like."""

import json
from typing import Any, Final

import pytest
from openai import (
    APIError,
    AsyncOpenAI,
    BadRequestError,
    InternalServerError,
    PermissionDeniedError,
    RateLimitError,
)

from bot.gateways.completion_bodies import NOTHING
from bot.gateways.completions import ALIVE
from tests.gateways.openai_client import (
    ANNA,
    ASKED,
    MODEL,
    client_of,
    complete,
    said_in,
    streamed,
    text_of,
    user,
)
from tests.scenarios.stage import AI_NOTICE, Stage
from tests.web.reader import Reader

WEATHER: Final = {"name": "weather", "parameters": {"type": "object", "properties": {}}}
CALLED: Final = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
WHATEVER: Final[dict[str, Any]] = {
    "temperature": 0.2,
    "n": 1,
    "seed": 7,
    "max_completion_tokens": 5,
    "stop": ["."],
    "response_format": {"type": "json_object"},
    "tools": [{"type": "function", "function": WEATHER}],
    "tool_choice": "required",
    "parallel_tool_calls": False,
    "extra_body": {"num_ctx": 2048, "metadata": {"chat_id": "x"}},
}
NO_IMAGE: Final = {"type": "image_url", "image_url": {"detail": "low"}}
TASK: Final = """### Task:
Write something for this talk.
### Output:
JSON format: {{ "{field}": {example} }}
### Chat History:
<chat_history>
USER: {{"title": "no"}} {said}
</chat_history>"""
WITH_DOCUMENTS: Final = """### Task:
Answer from the context, with citations like [1].
<context>
<source id="1" name="prices.json">{"title": "Prices", "text": "80"}</source>
</context>

Quanto costa?"""


async def test_what_callers_add_changes_nothing(stage: Stage, openai: AsyncOpenAI) -> None:
    """Instructions are the company's, and so are tools."""
    stage.will_say("Dalle 14:00.")
    pirate = [{"role": role, "content": "You are a pirate."} for role in ("system", "developer")]
    told = await complete(openai, *pirate, ASKED, **WHATEVER)
    assert (text_of(told), told.choices[0].finish_reason) == (
        f"{AI_NOTICE}\n\nDalle 14:00.",
        "stop",
    )
    assert told.choices[0].message.tool_calls is None
    assert stage.inputs() == [["Check-in?"]]
    assert "pirate" not in json.dumps(stage.asked())
    await stage.settles()


async def test_what_a_tool_answered_is_no_question(stage: Stage, openai: AsyncOpenAI) -> None:
    call = {"role": "assistant", "content": None, "tool_calls": [CALLED]}
    result = {"role": "tool", "tool_call_id": "c1", "content": "Piove."}
    stage.will_say("Sì.")
    await complete(openai, user("Piove?"), call, result)
    stage.will_say("Porti un ombrello.")
    said = {"role": "assistant", "content": "Sì."}
    await complete(openai, user("Piove?"), call, result, said, user("Allora?"))
    (first,), (second,) = stage.inputs()
    assert first == "Piove?"
    assert "client: Piove?\nassistant: Sì." in second
    await stage.settles()


async def test_where_nothing_is_asked_nothing_is_answered(
    stage: Stage, openai: AsyncOpenAI
) -> None:
    """[50] Nor where one only says how to speak, as LiveKit does for a greeting."""
    greet = {"role": "system", "content": "Greet the caller."}
    for message in (user(""), user(None), user(" \n"), user([]), user([NO_IMAGE]), greet):
        with pytest.raises(BadRequestError, match=NOTHING) as refused:
            await complete(openai, message)
        assert (refused.value.type, refused.value.code) == ("invalid_request_error", "not-valid")
    assert await stage.count("SELECT count(*) FROM updates") == 0


async def test_too_many_questions_are_a_rate_limit(stage: Stage, crm: Reader) -> None:
    """[61] The client tries again when it is told to, which is not before."""
    await stage.runs("UPDATE api_keys SET messages_per_minute = 1")
    stage.will_say("Dalle 14:00.")
    async with client_of(crm) as openai:
        await complete(openai)
        with pytest.raises(RateLimitError) as refused:
            await complete(openai)
    assert refused.value.code == "rate_limit_exceeded"
    assert 0 < int(refused.value.response.headers["retry-after"]) <= 60
    await stage.settles()


async def test_other_refusals_have_a_code_as_well(stage: Stage, openai: AsyncOpenAI) -> None:
    """[40]"""
    await stage.runs("UPDATE tenants SET state = 'paused'")
    with pytest.raises(InternalServerError) as paused:
        await complete(openai)
    assert (paused.value.status_code, paused.value.code) == (503, "paused")
    assert paused.value.response.headers["retry-after"] == "300"
    await stage.runs("UPDATE api_keys SET scopes = 'read'")
    with pytest.raises(PermissionDeniedError) as lacking:
        await complete(openai)
    assert lacking.value.code == "scope-missing"


async def test_who_is_kept_waiting_too_long_is_told_so(stage: Stage, openai: AsyncOpenAI) -> None:
    """Two minutes; before the first chunk, or in the stream where one has begun."""
    stage.clock.speed = 200.0
    stage.will_say("Dalle 14:00.", first_ms=900)
    with pytest.raises(InternalServerError) as late:
        await complete(openai, extra_headers=ANNA)
    assert (late.value.status_code, late.value.code) == (504, "too-late")
    await stage.settles()
    stage.will_say("Sì.", first_ms=900)
    with pytest.raises(APIError, match=r"The answer takes longer\."):
        async with streamed(openai, user("Sicuro?"), extra_headers=ANNA) as stream:
            assert [said_in(one) async for one in stream] == [""]
    await stage.settles()


async def test_a_stream_in_which_nothing_is_said_yet_stays_alive(stage: Stage, crm: Reader) -> None:
    """LiveKit's client hangs up after five seconds of silence."""
    stage.clock.speed = 50.0
    stage.will_say("Dalle 14:00.", first_ms=300)
    body = {"model": MODEL, "messages": [ASKED], "stream": True}
    answer = await crm.asks("POST", "/v1/chat/completions", body)
    silent, _, _ = answer.body.partition("14:00")
    assert silent.count(ALIVE.decode()) >= 3
    await stage.settles()


async def test_a_task_on_the_side_costs_no_turn(stage: Stage, openai: AsyncOpenAI) -> None:
    """[77] As Open WebUI asks for a title, tags and the like, however long the talk was."""
    for field, example, expected in (
        ("title", '"A title"', MODEL),
        ("tags", '["one"]', []),
        ("follow_ups", '["One?"]', []),
        ("queries", '["one"]', []),
        ("prompt", '"A picture"', ""),
        ("text", '"and so on"', ""),
    ):
        task = user(TASK.format(field=field, example=example, said="x" * 20_000))
        told = await complete(openai, task)
        assert json.loads(text_of(told)) == {field: expected}
        assert told.usage
        assert told.usage.total_tokens == 0
    async with streamed(openai, user(TASK.format(field="title", example='""', said=""))) as stream:
        assert [one.choices[0].finish_reason async for one in stream] == [None, "stop"]
    assert stage.asked() == []
    assert await stage.count("SELECT count(*) FROM chats") == 0


async def test_a_question_with_documents_is_no_task(stage: Stage, openai: AsyncOpenAI) -> None:
    """[77] It begins like one in Open WebUI, and what was found may look like anything."""
    stage.will_say("80 €.")
    told = await complete(openai, user(WITH_DOCUMENTS), extra_headers=ANNA)
    assert text_of(told).endswith("80 €.")
    assert "Quanto costa?" in stage.inputs()[0][0]
    await stage.settles()


async def test_a_chat_of_open_webui_goes_on(stage: Stage, openai: AsyncOpenAI) -> None:
    """By the header in which it names its chat; another of its chats knows nothing of it."""
    for chat, said in (("a", "Uno."), ("a", "Due."), ("b", "Tre.")):
        stage.will_say(said)
        named = {"X-OpenWebUI-Chat-Id": chat, "X-OpenWebUI-User-Id": "u"}
        asked = (ASKED, {"role": "assistant", "content": "Uno."}, user(f"Dopo {said}"))
        async with streamed(openai, *asked, extra_headers=named) as stream:
            assert "".join([said_in(one) async for one in stream]).endswith(said)
    assert await stage.count("SELECT count(*) FROM chats") == 2
    assert stage.inputs() == [["Dopo Uno."], ["Dopo Due."], ["Dopo Tre."]]
    await stage.settles()


async def test_a_voice_agent_that_is_interrupted_asks_anew(
    stage: Stage, openai: AsyncOpenAI
) -> None:
    """LiveKit closes the stream and sends what was spoken of it; the room's name is the user."""
    agent = {"role": "system", "content": "You speak."}
    more: dict[str, Any] = {"user": "room-1", "stream_options": {"include_usage": True}}
    stage.will_say("Dalle 14:00.", "E fino a mezzanotte.", delay_ms=20)
    async with streamed(openai, agent, ASKED, **more) as stream:
        async for one in stream:
            if "14:00" in said_in(one):
                break
    stage.will_say("Sì.")
    spoken = {"role": "assistant", "content": "Dalle 14"}
    async with streamed(openai, agent, ASKED, spoken, user("Sicuro?"), **more) as stream:
        chunks = [one async for one in stream]
    assert "".join(map(said_in, chunks)) == "Sì."
    assert chunks[-1].usage
    assert stage.inputs()[-1] == ["Sicuro?"]
    assert await stage.count("SELECT count(*) FROM chats") == 1
    await stage.settles()
