from http import HTTPStatus

import aiohttp
import pytest

from bot.playground.serve import serve
from bot.playground.telegram.emulator import TelegramEmulator
from tests.playground.page.desk import ENGLISH_QUESTIONS, QUESTIONS, build_page


class Answer:
    """What an HTTP request got."""

    def __init__(self, response: aiohttp.ClientResponse, text: str) -> None:
        self.status = HTTPStatus(response.status)
        self.headers = response.headers
        self.text = text


async def ask(path: str, *, method: str = "GET", **headers: str) -> Answer:
    async with (
        serve(build_page(TelegramEmulator(), admins=(1001,))) as url,
        aiohttp.ClientSession() as session,
        session.request(method, url + path, headers=headers) as response,
    ):
        return Answer(response, await response.text())


async def test_tells_what_stands_behind_it() -> None:
    async with (
        serve(build_page(TelegramEmulator(), admins=(1001,))) as url,
        aiohttp.ClientSession() as session,
        session.get(f"{url}/playground/about") as response,
    ):
        assert await response.json() == {
            "company": "Hotel Aurora",
            "language": "it",
            "model": "offline",
            "telegram": "emulated",
            "database": "SQLite",
            "version": "0.1.0",
            "admins": [1001],
            "questions": {"it": list(QUESTIONS), "en": list(ENGLISH_QUESTIONS)},
            "shop": None,
        }


@pytest.mark.parametrize("path", ["/", "/static/js/main.js", "/client/state"])
async def test_every_answer_forbids_foreign_content(path: str) -> None:
    answer = await ask(path)

    assert answer.status is HTTPStatus.OK
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "[::1]:8080"])
async def test_answers_under_the_names_of_this_machine(host: str) -> None:
    assert (await ask("/", Host=host)).status is HTTPStatus.OK


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.example"])
@pytest.mark.parametrize("path", ["/", "/client/state"])
async def test_a_foreign_name_that_leads_here_is_refused(path: str, host: str) -> None:
    assert (await ask(path, Host=host)).status is HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1"])
async def test_a_page_of_another_origin_is_refused(origin: str) -> None:
    answer = await ask("/client/people", method="POST", Origin=origin)

    assert answer.status is HTTPStatus.FORBIDDEN


async def test_the_page_itself_may_post() -> None:
    answer = await ask(
        "/client/people", method="POST", Host="localhost:80", Origin="http://localhost:80"
    )

    assert answer.status is HTTPStatus.BAD_REQUEST  # it got through; the body is empty
    assert "error" in answer.text
