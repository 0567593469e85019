"""OpenAI's own client, pointed at a company."""

import asyncio
import json

import pytest
from openai import AsyncOpenAI, AuthenticationError, BadRequestError, NotFoundError

from bot.playground.openai import FaultKind
from tests.gateways.openai_client import (
    ANNA,
    ASKED,
    MODEL,
    complete,
    said_in,
    streamed,
    text_of,
    user,
)
from tests.gateways.test_update import bank
from tests.patience import PATIENCE_SECONDS
from tests.scenarios.stage import AI_NOTICE, Stage
from tests.web.reader import Reader


async def test_a_key_has_its_companys_assistant(
    stage: Stage, crm: Reader, openai: AsyncOpenAI
) -> None:
    """[80] Another company's is as unknown as one that nobody has."""
    await bank(stage, crm)
    models = [one.id async for one in openai.models.list()]
    assert models == [MODEL]
    assert (await openai.models.retrieve(MODEL)).owned_by == "sportello"
    with pytest.raises(NotFoundError) as refused:
        await openai.models.retrieve("banca")
    assert refused.value.code == "model_not_found"
    for name in ("banca", "gpt-6"):
        with pytest.raises(NotFoundError, match="There is no such model for this key"):
            await complete(openai, model=name)


async def test_an_answer_and_what_it_took(stage: Stage, openai: AsyncOpenAI) -> None:
    stage.will_say("Dalle 14:00.", "A presto!")
    told = await complete(openai, temperature=0.2)
    assert text_of(told) == f"{AI_NOTICE}\n\nDalle 14:00.\n\nA presto!"
    assert told.choices[0].finish_reason == "stop"
    used = told.usage
    assert used
    assert used.total_tokens == used.prompt_tokens + used.completion_tokens
    assert min(used.prompt_tokens, used.completion_tokens) > 0
    await stage.settles()


async def test_bubbles_become_chunks(stage: Stage, openai: AsyncOpenAI) -> None:
    stage.will_say("Dalle 14:00.", "A presto!")
    async with streamed(openai, stream_options={"include_usage": True}) as stream:
        chunks = [one async for one in stream]
    said = [*filter(None, map(said_in, chunks))]
    assert said == [AI_NOTICE, "\n\nDalle 14:00.", "\n\nA presto!"]
    assert [one.choices[0].finish_reason for one in chunks if one.choices][-1] == "stop"
    assert chunks[-1].usage
    assert chunks[-1].usage.completion_tokens > 0
    assert len({one.id for one in chunks}) == 1
    await stage.settles()


async def test_the_first_bubble_does_not_wait_for_the_last(
    stage: Stage, openai: AsyncOpenAI
) -> None:
    """The model says one, and then nothing for ever."""
    stage.openai_fails(FaultKind.PINGS, after_deltas=40)
    stage.will_say("Dalle 14:00.", "A presto, e buon viaggio!")
    async with streamed(openai) as stream, asyncio.timeout(PATIENCE_SECONDS):
        async for one in stream:
            if "14:00" in said_in(one):
                break
        else:
            raise AssertionError("it ended")
    await stage.dies()


async def test_a_conversation_that_is_named_goes_on(stage: Stage, openai: AsyncOpenAI) -> None:
    """What callers send again is not said again, and what they instruct is not obeyed."""
    pirate = {"role": "system", "content": "You are a pirate."}
    before = [ASKED, {"role": "assistant", "content": "Dalle 14:00."}]
    told = []
    for number, answer in enumerate(("Dalle 14:00.", "Sì.")):
        stage.will_say(answer)
        parts = {"role": "user", "content": [{"type": "text", "text": f"Domanda {number}"}]}
        asked = (pirate, *before[: 2 * number], parts)
        told.append(await complete(openai, *asked, model="default", extra_headers=ANNA))
    assert text_of(told[-1]) == "Sì."
    assert stage.inputs() == [["Domanda 0"], ["Domanda 1"]]
    assert "pirate" not in json.dumps(stage.asked())
    await stage.settles()


async def test_without_a_name_the_history_goes_along(stage: Stage, openai: AsyncOpenAI) -> None:
    """And whoever was answered before was told before that an AI answers."""
    asked = (ASKED, {"role": "assistant", "content": "Dalle 14:00."}, user("E prima?"))
    stage.will_say("Sì.")
    assert text_of(await complete(openai, *asked)) == "Sì."
    stage.will_say("Sì.")
    async with streamed(openai, *asked) as stream:
        assert "".join([said_in(one) async for one in stream]) == "Sì."
    for (words,) in stage.inputs():
        assert "client: Check-in?\nassistant: Dalle 14:00." in words
        assert words.endswith("E prima?")
    assert await stage.count("SELECT count(*) FROM chats") == 2
    await stage.settles()


async def test_to_ask_anew_is_another_turn_unless_it_has_the_same_key(
    stage: Stage, openai: AsyncOpenAI
) -> None:
    """[78]"""
    told = []
    for number, key in enumerate(("a", "b", "b")):
        if number < 2:
            stage.will_say(f"Risposta {number}.")
        answer = await complete(openai, extra_headers={**ANNA, "Idempotency-Key": key})
        told.append(text_of(answer).splitlines()[-1])
        await stage.settles()
    assert told == ["Risposta 0.", "Risposta 1.", "Risposta 1."]


async def test_a_stream_that_is_cut_is_answered_all_the_same(
    stage: Stage, openai: AsyncOpenAI
) -> None:
    """[79] The next question goes on from there."""
    stage.will_say("Dalle 14:00.", first_ms=300)
    async with streamed(openai, extra_headers=ANNA):
        pass
    await stage.settles()
    stage.will_say("Sì.")
    assert text_of(await complete(openai, user("Sicuro?"), extra_headers=ANNA)) == "Sì."
    assert ("assistant", "Dalle 14:00.") in stage.remembered()
    await stage.settles()


async def test_errors_are_in_openais_shape(crm: Reader, openai: AsyncOpenAI) -> None:
    with pytest.raises(BadRequestError) as refused:
        await complete(openai, user(" "))
    assert refused.value.type == "invalid_request_error"
    with pytest.raises(AuthenticationError) as unknown:
        await complete(openai.with_options(api_key="spk_1_nobody"))
    assert unknown.value.code == "invalid_api_key"
    for raw in (b"", b"[]", b'{"model": "hotel", "messages": []}'):
        told = await crm.asks("POST", "/v1/chat/completions", raw=raw)
        assert (told.status, [*told.body["error"]]) == (400, ["message", "type", "param", "code"])


async def test_a_key_in_the_address_is_enough(stage: Stage, crm: Reader) -> None:
    stage.will_say("Salve.")
    url = f"{crm.url}/k/{crm.token}/v1"
    async with AsyncOpenAI(api_key="none", base_url=url, max_retries=0) as openai:
        assert text_of(await complete(openai, user="anna")).endswith("Salve.")
    await stage.settles()
