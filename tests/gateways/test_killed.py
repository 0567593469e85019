"""The program is killed in mid-answer: whoever asks again under the same key gets that answer."""

import asyncio
from collections.abc import Mapping

import pytest
from aiohttp import ClientError

from bot.playground.openai import FaultKind, Then
from db.api_keys import Scope
from tests.patience import PATIENCE_SECONDS
from tests.scenarios.stage import Stage
from tests.web.conftest import Programs

LONG_MS = 5_000.0  # nobody waits for it
ONCE = {"Idempotency-Key": "q-1"}
COMPLETION = {"model": "default", "messages": [{"role": "user", "content": "Check-in?"}]}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/threads/chat", {"content": "Check-in?"}),
        ("/ask", {"session_id": "s", "user_input": "Check-in?"}),
        ("/api/chat", {"message": "Check-in?"}),
        ("/v1/chat/completions", COMPLETION),
        ("/v1/chat/completions", {**COMPLETION, "stream": True}),
    ],
)
async def test_a_retry_gets_the_answer(
    stage: Stage, program: Programs, path: str, body: Mapping[str, object]
) -> None:
    """[4, 5] One turn, and each bubble once."""
    crm = await program(Scope.CHAT)
    stage.openai_fails(FaultKind.NONE, then=Then.DROP, then_seconds=0.1)
    stage.will_say("Uno.", "Due.", first_ms=LONG_MS)
    asking = asyncio.create_task(crm.asks("POST", path, body, headers=ONCE))
    await stage.until(lambda: len(stage.asked()) == 1)
    await stage.dies()
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.wait([asking])
    if asking.exception() is None:  # a stream that had begun is cut
        assert "Uno." not in str(asking.result().body)
    else:
        assert isinstance(asking.exception(), ClientError | OSError)
    stage.will_say("Uno.", "Due.")
    await stage.opens()
    answer = await crm.asks("POST", path, body, headers=ONCE)
    assert answer.status == 200, answer
    told = answer.body if isinstance(answer.body, str) else str([*answer.body.values()])
    assert told.index("Uno.") < told.index("Due.")
    assert await stage.count("SELECT count(*) FROM turns") == 1
    assert await stage.count("SELECT count(*) FROM outbox WHERE kind = 'reply'") == 2
    await stage.settles()
