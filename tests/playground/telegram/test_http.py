"""The Bot API as raw HTTP: tokens, methods, and the three kinds of body."""

import aiohttp
import pytest

from bot.playground.telegram.records import Json, Person
from tests.playground.telegram.support import TOKEN, Http


async def ask(http: Http, path: str, **options: object) -> tuple[int, Json]:
    async with http.session.post(f"{http.url}{path}", **options) as response:  # type: ignore[arg-type] # aiohttp types each option
        return response.status, await response.json()


async def test_an_unknown_token_is_unauthorized(http: Http) -> None:
    assert await ask(http, "/bot99:AAsecret/getMe") == (
        401,
        {"ok": False, "error_code": 401, "description": "Unauthorized"},
    )


@pytest.mark.parametrize("path", ["/botnonsense/getMe", "/bot:x/getMe", f"/bot{TOKEN}/getNothing"])
async def test_no_token_and_no_method_are_not_found(http: Http, path: str) -> None:
    assert await ask(http, path) == (
        404,
        {"ok": False, "error_code": 404, "description": "Not Found"},
    )


async def test_the_case_of_a_method_is_ignored(http: Http) -> None:
    status, body = await ask(http, f"/bot{TOKEN}/GETME")
    assert (status, body["ok"]) == (200, True)


async def test_every_kind_of_body_says_the_same(http: Http, anna: Person) -> None:
    entities = '[{"type":"bold","offset":0,"length":3}]'
    fields = {"chat_id": str(anna.id), "text": "più & più", "entities": entities}
    multipart = aiohttp.FormData(fields, default_to_multipart=True)
    bodies: tuple[dict[str, object], ...] = (
        {"json": fields},
        {"data": fields},
        {"data": multipart},
        {"params": fields},
    )
    for body in bodies:
        status, answer = await ask(http, f"/bot{TOKEN}/sendMessage", **body)
        assert status == 200
        assert answer["result"]["text"] == "più & più"
        assert answer["result"]["entities"][0]["type"] == "bold"


async def test_get_works_as_well(http: Http) -> None:
    async with http.session.get(f"{http.url}/bot{TOKEN}/getMe") as response:
        assert (await response.json())["ok"] is True


@pytest.mark.parametrize("body", ["{", "[]", "3"])
async def test_a_body_that_is_no_object_is_refused(http: Http, body: str) -> None:
    headers = {"content-type": "application/json"}
    status, answer = await ask(http, f"/bot{TOKEN}/getMe", data=body, headers=headers)
    assert (status, answer["description"]) == (400, "Bad Request: can't parse JSON object")
