"""What every route does alike: of bodies that say nothing, of codes, of a model that fails."""

import json
from collections.abc import Mapping
from typing import Any, Final

import pytest

from bot.core.texts import Text, say
from bot.core.texts.client import Access
from bot.playground.openai import FaultKind
from tests.scenarios.stage import AI_NOTICE, WELCOME, Stage
from tests.scenarios.web import FORGETTABLE
from tests.web.keys import CODE, issue_code
from tests.web.reader import Reader

SAID: Final = "SAID"
COMPLETION: Final[Mapping[str, Any]] = {
    "model": "hotel",
    "messages": [{"role": "user", "content": SAID}],
}
# A body that says something, what a refusal is called there, and its status.
ROUTES: Final[Mapping[str, tuple[Mapping[str, Any], str, int]]] = {
    "/v1/threads/chat": ({"content": SAID}, "error", 400),
    "/ask": ({"session_id": "s", "user_input": SAID}, "detail", 422),
    "/api/chat": ({"user_id": "u", "message": SAID}, "error", 400),
    "/v1/chat/completions": (COMPLETION, "error", 400),
    "/prompt-stream": ({"uuid": "c", "message": SAID}, "message", 400),
}
WORDS: Final = ("", " ", "\ud800", "a" * 20_000)  # and NUL, which some cut out
NO_JSON: Final = (b"", b"Buongiorno", b"[]", b"\x00", b'"a"', b"{", b"[" * 60_000, b"\xff")


@pytest.mark.parametrize("path", ROUTES)
async def test_each_route_refuses_what_says_nothing(stage: Stage, crm: Reader, path: str) -> None:
    """[50] In its own shape, and nothing of it is stored."""
    body, named, status = ROUTES[path]
    whole = json.dumps(body)
    said = [whole.replace(SAID, json.dumps(words)[1:-1]).encode() for words in WORDS]
    for raw in (*said, *NO_JSON):
        refused = await crm.asks("POST", path, raw=raw)
        assert (refused.status, [*refused.body]) == (status, [named]), raw[:40]
    large = whole.replace(SAID, "a" * 1_100_000).encode()
    refused = await crm.asks("POST", path, raw=large)
    bears_files = path == "/v1/chat/completions"  # up to 20 MB; the words alone are too long then
    assert (refused.status, [*refused.body]) == (status if bears_files else 413, [named])
    assert await stage.count("SELECT count(*) FROM updates") == 0


@pytest.mark.parametrize("path", ROUTES)
async def test_what_no_table_takes_is_refused_or_left_out(
    stage: Stage, crm: Reader, path: str
) -> None:
    """[50] NUL: clients that send histories get their answer all the same."""
    body, named, status = ROUTES[path]
    nul = json.dumps(body).replace(SAID, "Check\\u0000in?").encode()
    if path in ("/v1/chat/completions", "/prompt-stream"):
        stage.will_say("Dalle 14.")
        assert (await crm.asks("POST", path, raw=nul)).status == 200
        assert stage.inputs() == [["Checkin?"]]
        await stage.settles()
    else:
        refused = await crm.asks("POST", path, raw=nul)
        assert (refused.status, [*refused.body]) == (status, [named])


async def test_a_code_opens_this_session_and_is_kept_nowhere(stage: Stage, crm: Reader) -> None:
    """[42] Another session of the same program stays as it is."""
    await stage.publishes(assistants={"vip": {"knowledge": "La suite costa 900 euro."}})
    await issue_code(stage.database, FORGETTABLE, "vip", now=stage.clock.now())
    opened = await crm.asks("POST", "/ask", {"session_id": "s", "user_input": f"/unlock {CODE}"})
    assert opened.body["response"] == "\n\n".join([say(Access.OPENED, "it"), WELCOME])
    for session, suite in (("s", True), ("other", False)):
        stage.will_say("Ecco.")
        asked = {"session_id": session, "user_input": "Quanto costa la suite?"}
        assert (await crm.asks("POST", "/ask", asked)).body["response"].endswith("Ecco.")
        assert ("900 euro" in stage.asked()[-1]["instructions"]) is suite
    await stage.settles()
    assert [one for one in await stage.everything_stored() if CODE in one] == []


async def test_a_model_that_fails_in_mid_answer_is_spoken_of_kindly(
    stage: Stage, crm: Reader
) -> None:
    """[59] Behind what was spoken of it, as text like any other."""
    stage.clock.speed = 50.0
    stage.openai_fails(FaultKind.FAILED, after_deltas=32)
    stage.openai_fails(FaultKind.NO_CREDIT)
    stage.will_say("Dalle 14.", "E poi una storia lunga.")
    answer = await crm.asks("POST", "/prompt-stream", {"uuid": "c", "message": "Check-in?"})
    pieces = map(json.loads, answer.body.replace("}{", "}\n{").splitlines())
    told = " ".join(one["content"] for one in pieces if one["type"] == "text")
    assert told == f"{AI_NOTICE} Dalle 14. {say(Text.FAILURE, 'it')}"
    stage.warns("turn failed", "out of credit")
