"""How many answers a program may have open at once, and what becomes of those that nobody takes."""

import asyncio
from collections.abc import Mapping
from typing import Final

import pytest

from bot.web.seats import AGAIN_SECONDS, IN_A_CHAT
from db.api_keys import Scope
from tests.patience import PATIENCE_SECONDS
from tests.scenarios.stage import Stage
from tests.web.conftest import Programs

LONG_MS: Final = 60_000.0  # nobody waits for it
ASKED: Final = "Check-in?"
ONCE: Final = {"Idempotency-Key": "q-1"}
COMPLETION: Final = {"model": "default", "messages": [{"role": "user", "content": ASKED}]}


@pytest.mark.parametrize(
    ("path", "body", "shape"),
    [
        ("/v1/threads/chat", {"content": ASKED}, "error"),
        ("/ask", {"session_id": "s", "user_input": ASKED}, "detail"),
        ("/api/chat", {"user_id": "anna", "message": ASKED}, "error"),
        ("/v1/chat/completions", {**COMPLETION, "user": "anna"}, "error"),
        ("/v1/chat/completions", {**COMPLETION, "user": "anna", "stream": True}, "error"),
    ],
)
async def test_a_caller_has_so_many_open_at_once(
    stage: Stage, program: Programs, path: str, body: Mapping[str, object], shape: str
) -> None:
    """[61] Each says so in its own words, and when to come again."""
    crm = await program(Scope.CHAT)
    stage.will_say("Dalle 14:00.", first_ms=LONG_MS)
    asking = {
        asyncio.create_task(crm.asks("POST", path, body, headers=ONCE))
        for _ in range(IN_A_CHAT + 1)
    }
    async with asyncio.timeout(PATIENCE_SECONDS):
        (first,), waiting = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
    refused = first.result()
    assert (refused.status, [*refused.body]) == (429, [shape])
    assert refused.headers["retry-after"] == str(AGAIN_SECONDS)
    assert len(waiting) == IN_A_CHAT
    await stage.until(lambda: len(stage.asked()) == 1)
    assert await stage.count("SELECT count(*) FROM updates") == 1
    for one in waiting:
        one.cancel()
    await asyncio.wait(waiting)
    await stage.dies()
