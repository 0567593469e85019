"""The endpoints by which another process steers the emulator."""

from datetime import date

import aiohttp
import openai
import pytest

from bot.playground.openai import Emulator
from tests.playground.openai.asking import MODEL, ask


async def test_faults_are_armed_and_disarmed(
    api: openai.AsyncOpenAI, raw: aiohttp.ClientSession, conversation: str
) -> None:
    async with raw.post("/control/faults", json={"kind": "overloaded", "count": None}) as answer:
        assert answer.status == 204
    with pytest.raises(openai.InternalServerError):
        await ask(api, "Hi", conversation=conversation)

    async with raw.delete("/control/faults"):
        pass

    assert (await ask(api, "Hi", conversation=conversation)).status == "completed"


async def test_a_script_is_sent_and_its_rest_counted(
    api: openai.AsyncOpenAI, raw: aiohttp.ClientSession, conversation: str
) -> None:
    script = {"replies": [{"messages": ["one"]}, "two"], "strict": True}
    async with raw.post("/control/script", json=script):
        pass
    await ask(api, "Hi", conversation=conversation)

    async with raw.get("/control/script") as answer:
        assert await answer.json() == {"left": 1, "unexpected": []}


async def test_requests_are_recorded_with_their_bodies(
    api: openai.AsyncOpenAI, raw: aiohttp.ClientSession, conversation: str
) -> None:
    await ask(api, "Is it open?", conversation=conversation)

    async with raw.get("/control/requests") as answer:
        recorded = await answer.json()

    assert [(one["method"], one["path"]) for one in recorded] == [
        ("POST", "/v1/conversations"),
        ("POST", "/v1/responses"),
    ]
    assert recorded[1]["body"]["input"] == "Is it open?"
    assert recorded[1]["at"] >= recorded[0]["at"]


async def test_timings_tell_when_each_bubble_closed(
    api: openai.AsyncOpenAI, raw: aiohttp.ClientSession, conversation: str
) -> None:
    answer = await api.responses.create(
        model=MODEL, input="Hi", conversation=conversation, stream=True
    )
    async for _ in answer:
        pass

    async with raw.get("/control/timings") as listed:
        timing = (await listed.json())[0]

    moments = [timing["received"], timing["first_delta"], *timing["closed"], timing["completed"]]
    assert timing["conversation_id"] == conversation
    assert len(timing["closed"]) == 2
    assert moments == sorted(moments)


async def test_records_are_cleared(raw: aiohttp.ClientSession, conversation: str) -> None:
    async with raw.delete("/control/requests"):
        pass

    async with raw.get("/control/requests") as answer:
        assert await answer.json() == []


async def test_a_key_is_revoked(api: openai.AsyncOpenAI, raw: aiohttp.ClientSession) -> None:
    async with raw.post("/control/keys", json={"revoked": "sk-test"}):
        pass

    with pytest.raises(openai.AuthenticationError):
        await api.models.list()


async def test_everything_that_is_remembered_can_be_seen(
    api: openai.AsyncOpenAI, raw: aiohttp.ClientSession, conversation: str
) -> None:
    answer = await ask(api, "Hi", conversation=conversation)

    async with raw.get("/control/state") as seen:
        state = await seen.json()

    assert len(state["conversations"][conversation]["items"]) == len(state["items"]) == 2
    assert state["responses"][answer.id]["status"] == "completed"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/control/faults", {"kind": "teapot"}),
        ("/control/faults", {}),
        ("/control/script", {"replies": [7]}),
        ("/control/script", {}),
    ],
)
async def test_what_makes_no_sense_is_422(
    raw: aiohttp.ClientSession, path: str, body: dict[str, object]
) -> None:
    async with raw.post(path, json=body) as answer:
        assert answer.status == 422
        assert (await answer.json())["error"]


async def test_a_request_without_a_key_is_401(url: str) -> None:
    async with aiohttp.ClientSession(url) as session, session.get("/v1/models") as answer:
        assert answer.status == 401


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"input": "\\ud83d"}'])
async def test_a_body_that_cannot_be_read_is_400(raw: aiohttp.ClientSession, body: bytes) -> None:
    async with raw.post("/v1/responses", data=body) as answer:
        assert answer.status == 400


async def test_an_unknown_address_is_404(raw: aiohttp.ClientSession) -> None:
    async with raw.get("/v1/teapots") as answer:
        assert (await answer.json())["error"]["message"] == "Invalid URL (GET /v1/teapots)"


async def test_models_say_when_they_shut_down(api: openai.AsyncOpenAI, emulator: Emulator) -> None:
    listed = {model.id: model.shutdown_date async for model in api.models.list()}

    assert listed["gpt-6-luna"] is None
    assert listed["gpt-4o"] == "2027-01-14"
    assert "gpt-4" not in listed


@pytest.mark.parametrize("model", ["gpt-99", "gpt-4"], ids=["unknown", "shut down"])
async def test_a_model_that_does_not_answer_is_404(api: openai.AsyncOpenAI, model: str) -> None:
    with pytest.raises(openai.NotFoundError) as caught:
        await api.models.retrieve(model)
    with pytest.raises(openai.NotFoundError):
        await api.responses.create(model=model, input="Hi")

    assert caught.value.code == "model_not_found"


async def test_a_model_answers_until_its_last_day(api: openai.AsyncOpenAI) -> None:
    assert (await api.models.retrieve("gpt-4o")).id == "gpt-4o"


@pytest.fixture
def emulator(emulator: Emulator) -> Emulator:
    emulator.today = lambda: date(2026, 11, 20)
    return emulator
