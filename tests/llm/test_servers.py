"""Servers that are no OpenAI, or lack a part of it, as they answer in life."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from bot.errors import RetryLater, Trouble, Unserved
from bot.llm.catalogue import ModelFacts
from bot.llm.model import OpenAIModel, open_model
from bot.playground.serve import serve
from tests.llm.support import QUESTION

MODELS = {"object": "list", "data": [{"id": "llama", "object": "model"}]}
NOTHING: dict[str, Callable[[Request], Response]] = {
    "vLLM": lambda _: JSONResponse({"detail": "Not Found"}, 404),
    "newer vLLM": lambda _: JSONResponse(
        {"error": {"message": "Not Found", "type": "Not Found", "param": None, "code": 404}}, 404
    ),
    "Ollama": lambda _: PlainTextResponse("404 page not found", 404),
    "LM Studio": lambda request: JSONResponse(
        {"error": f"Unexpected endpoint or method. ({request.method} {request.url.path})"}
    ),
    "llama.cpp": lambda _: JSONResponse(
        {"error": {"code": 404, "message": "File Not Found", "type": "not_found_error"}}, 404
    ),
    "a web server": lambda _: HTMLResponse("<h1>404</h1><p>This model of page is gone</p>", 404),
    "one that reads only": lambda _: PlainTextResponse("Method Not Allowed", 405),
}
somewhere = pytest.mark.parametrize("nothing", NOTHING.values(), ids=NOTHING)
Answer = Callable[[Request], Response]


@asynccontextmanager
async def server(nothing: Answer, *, path: str = "/v1") -> AsyncIterator[OpenAIModel]:
    """It lists its models, and answers `nothing` to whatever else."""

    async def missing(request: Request) -> Response:
        return nothing(request)

    async def models(request: Request) -> Response:
        return JSONResponse(MODELS)

    app = Starlette()
    app.add_route("/v1/models", models)
    app.add_route("/{path:path}", missing, methods=["GET", "POST", "DELETE"])
    async with serve(app) as url, open_model(api_key=None, base_url=f"{url}{path}") as model:
        yield model


@somewhere
@pytest.mark.parametrize(
    ("path", "trouble"), [("/v1", Trouble.NO_CONVERSATIONS), ("", Trouble.NO_API)]
)
async def test_one_without_conversations_is_told_from_a_wrong_address(
    nothing: Answer, path: str, trouble: Trouble
) -> None:
    async with server(nothing, path=path) as model:
        with pytest.raises(Unserved) as created:
            await model.create_conversation()
        with pytest.raises(Unserved) as checked:
            await model.check_conversations()

    assert created.value.trouble is trouble
    assert checked.value.trouble is trouble


@somewhere
async def test_one_that_tells_of_no_model_may_list_it(nothing: Answer) -> None:
    async with server(nothing) as model:
        assert await model.describe("llama") == ModelFacts(known=True)
        assert await model.describe("gpt-6-luna") == ModelFacts(known=False)


@somewhere
async def test_one_that_has_nothing_at_all_knows_no_model(nothing: Answer) -> None:
    async with server(nothing, path="") as model:
        with pytest.raises(Unserved) as caught:
            await model.describe("llama")

    assert caught.value.trouble is Trouble.NO_API


async def test_a_page_is_not_the_api() -> None:
    async with server(lambda _: HTMLResponse("<h1>Welcome</h1>"), path="") as model:
        with pytest.raises(RetryLater, match="unreadable") as caught:
            await model.create_conversation()

    assert caught.value.trouble is Trouble.NO_API


async def test_an_address_where_nobody_answers_says_why() -> None:
    async with open_model(api_key=None, base_url="http://127.0.0.1:9/v1") as model:
        with pytest.raises(RetryLater, match="no connection: Connection refused") as caught:
            await model.create_conversation()

    assert caught.value.trouble is Trouble.UNREACHABLE


async def test_openai_itself_has_conversations(url: str) -> None:
    async with open_model(api_key="sk-1", base_url=url) as model:
        await model.check_conversations()


async def test_the_questions_path_may_be_missing_too() -> None:
    async with server(NOTHING["vLLM"]) as model:
        with pytest.raises(Unserved) as caught:
            async for _ in model.ask(QUESTION):
                pass

    assert caught.value.trouble is Trouble.NO_CONVERSATIONS


async def test_a_page_where_items_were_due_is_not_the_api() -> None:
    async with server(lambda _: HTMLResponse("<h1>Welcome</h1>")) as model:
        with pytest.raises(RetryLater, match="unreadable"):
            await model.items_after("conv_1", None)


async def test_nothing_where_items_were_due_is_not_the_api() -> None:
    async with server(NOTHING["LM Studio"]) as model:
        with pytest.raises(Unserved) as caught:
            await model.items_after("conv_1", None)

    assert caught.value.trouble is Trouble.NO_API


@pytest.mark.parametrize("name", [name for name in NOTHING if name != "LM Studio"])
async def test_one_that_deletes_no_answers_is_known_by_that(name: str) -> None:
    async with server(NOTHING[name]) as model:
        with pytest.raises(Unserved) as caught:
            await model.erase_response("resp_1")

    assert caught.value.trouble is Trouble.NO_API


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_one_that_fails_is_not_taken_for_that(status: int) -> None:
    async with server(lambda _: PlainTextResponse("Not Found", status)) as model:
        with pytest.raises(RetryLater):
            await model.erase_response("resp_1")
