"""What a site's page gets, over HTTP."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from starlette.applications import Starlette

from bot.playground.serve import serve
from bot.web.frame import FILES, VERSION, Face, frame_routes, ink_on
from tests.web.widget.company import plainly

ORIGINS = ("https://www.forno.example", "https://*.forno.example")


async def face_of(key: str, language: str) -> Face | None:
    if key != "pk_bakery":
        return None
    return Face("Forno <Aurora>", "Buongiorno!", "Risponde un assistente.", ORIGINS, "#ffd34d")


@pytest.fixture
async def desk() -> AsyncIterator[aiohttp.ClientSession]:
    app = Starlette(routes=frame_routes(face_of, plainly))
    async with serve(app) as url, aiohttp.ClientSession(url) as session:
        yield session


async def test_the_loader_is_asked_for_again_and_mostly_unchanged(
    desk: aiohttp.ClientSession,
) -> None:
    async with desk.get("/widget.js") as first:
        assert first.status == 200
        assert first.headers["Cache-Control"] == "public, max-age=300"
        assert first.headers["Access-Control-Allow-Origin"] == "*"  # for integrity="sha384-..."
        assert first.content_type == "text/javascript"
    headers = {"If-None-Match": first.headers["ETag"]}
    async with desk.get("/widget.js", headers=headers) as second:
        assert (second.status, await second.read()) == (304, b"")


async def test_the_files_of_a_version_are_kept_for_ever(desk: aiohttp.ClientSession) -> None:
    async with desk.get(f"/widget/{VERSION}/frame/main.js") as file:
        assert await file.read() == FILES["frame/main.js"]
        assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    async with desk.get("/widget/000000000000/frame/main.js") as older:
        assert (older.status, older.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize("name", ["frame/none.js", "../frame.py", "%2e%2e/frame.py", ""])
async def test_there_are_no_other_files(desk: aiohttp.ClientSession, name: str) -> None:
    async with desk.get(f"/widget/{VERSION}/{name}") as answer:
        assert answer.status == 404


async def test_the_frame_runs_our_files_alone_and_is_shown_by_listed_pages(
    desk: aiohttp.ClientSession,
) -> None:
    async with desk.get("/v1/sites/pk_bakery/frame?language=it-CH") as answer:
        policy = dict(
            part.strip().partition(" ")[::2]
            for part in answer.headers["Content-Security-Policy"].split(";")
        )
        page = await answer.text()
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "https://www.forno.example https://*.forno.example"
    assert policy["require-trusted-types-for"] == "'script'"
    assert '<html lang="it">' in page
    assert "<title>Forno &lt;Aurora&gt;</title>" in page
    assert "Forno <" not in page  # in no script either


async def test_a_frame_of_no_site_is_none(desk: aiohttp.ClientSession) -> None:
    async with desk.get("/v1/sites/pk_other/frame") as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://www.forno.example", 200),
        ("https://shop.forno.example", 200),
        ("https://evilforno.example", 403),
        ("http://www.forno.example", 403),
        ("null", 403),
        (None, 403),
    ],
)
async def test_the_look_is_for_listed_pages(
    desk: aiohttp.ClientSession, origin: str | None, status: int
) -> None:
    headers = {"Origin": origin} if origin else {}
    async with desk.get("/v1/sites/pk_bakery/look.js?language=ru", headers=headers) as answer:
        assert answer.status == status
        assert answer.headers["Vary"] == "Origin"
        assert answer.headers.get("Access-Control-Allow-Origin") == (
            origin if status == 200 else None
        )
        if status == 200:
            assert "frame/texts/ru.js" in await answer.text()


@pytest.mark.parametrize("language", ["%22%3E%3Cscript%3E", "", "..%2F..%2Fx", "zz", "ar"])
async def test_a_language_that_we_do_not_speak_is_english(
    desk: aiohttp.ClientSession, language: str
) -> None:
    async with desk.get(f"/v1/sites/pk_bakery/frame?language={language}") as answer:
        page = await answer.text()
    assert '<html lang="en">' in page
    assert "<script>" not in page


@pytest.mark.parametrize("language", ["it-IT-it", "it-IT-x-any", "it-IT"])
async def test_of_a_language_what_a_browser_knows_is_kept(
    desk: aiohttp.ClientSession, language: str
) -> None:
    """Of the first no browser makes a format of dates."""
    async with desk.get(f"/v1/sites/pk_bakery/frame?language={language}") as answer:
        assert '"language": "it-IT"' in await answer.text()


@pytest.mark.parametrize(
    ("colour", "ink"),
    [
        ("#000000", "#ffffff"),
        ("#1f6feb", "#ffffff"),
        ("#767676", "#ffffff"),
        ("#ffd34d", "#000000"),
    ],
)
def test_what_stands_on_a_colour_is_read_easily(colour: str, ink: str) -> None:
    assert ink_on(colour) == ink
