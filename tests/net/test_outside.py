"""Calls to addresses that companies name, against servers of this machine."""

import asyncio
import gzip
import socket

import pytest
from aiohttp import ClientConnectorError, web

from bot.net.fence import Barred, Fenced, Perimeter
from bot.net.outside import (
    REDIRECTS,
    UNREACHED,
    Barring,
    FencedResolver,
    NoReply,
    Outbound,
    OutsideReply,
    Unreached,
    open_outside,
)
from tests.systems import serving

MOST = 10_000


async def says_hello(_: web.BaseRequest) -> web.Response:
    return web.json_response({"hello": "you"})


async def ask(outside: Outbound, url: str, method: str = "GET", seconds: float = 5) -> OutsideReply:
    return await outside.ask(method, url, seconds=seconds, most=MOST)


async def test_an_excepted_server_is_asked_with_what_is_said_and_no_more() -> None:
    async with serving(says_hello) as server, open_outside(("127.0.0.1",)) as outside:
        reply = await outside.ask(
            *("POST", f"{server.url}a%2Fb?day=2%2B3"),
            headers={"X-Key": "open"},
            body=b"{}",
            seconds=5,
            most=MOST,
        )
    assert (reply.status, reply.kind, reply.cut) == (200, "application/json", False)
    assert reply.text == '{"hello": "you"}'
    (asked,) = server.asked
    assert asked.raw_path == "/a%2Fb?day=2%2B3"
    assert asked.headers["X-Key"] == "open"
    assert asked.headers["User-Agent"] == "Sportello"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "2130706433", "0x7f.1", "[::1]"])
async def test_no_name_and_no_number_leads_inside(host: str) -> None:
    async with serving(says_hello) as server, open_outside() as outside:
        with pytest.raises(Unreached):
            await ask(outside, f"https://{host}:{server.port}/")
    assert server.asked == []


async def test_a_name_that_leads_inside_is_named_as_such() -> None:
    async with open_outside() as outside:
        with pytest.raises(Unreached, match=Barred.INSIDE):
            await ask(outside, "https://localhost/")


async def test_no_address_of_such_a_name_is_given_out() -> None:
    resolver = FencedResolver(Perimeter())
    with pytest.raises(Fenced, match=Barred.INSIDE):
        await resolver.resolve("localhost", 443)


async def test_where_a_connection_is_made_it_is_judged_again() -> None:
    # Whatever led there: no name is looked up, and `place` was not asked.
    async with serving(says_hello) as server, open_outside() as outside:
        with pytest.raises(ClientConnectorError, match=Barred.INSIDE):
            await outside.fenced.get(server.url)
    assert server.asked == []


async def test_a_redirect_is_not_followed() -> None:
    async with serving(says_hello) as inner:

        async def leads_on(_: web.BaseRequest) -> web.Response:
            raise web.HTTPFound(inner.url)

        async with serving(leads_on) as server, open_outside(("127.0.0.1",)) as outside:
            reply = await ask(outside, server.url)
    assert reply.status == 302
    assert inner.asked == []


async def test_of_an_answer_no_more_is_read_than_was_asked_for() -> None:
    async def goes_on(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65_536)

    async with serving(goes_on) as server, open_outside(("127.0.0.1",)) as outside:
        reply = await ask(outside, server.url)
    assert (reply.cut, len(reply.body)) == (True, MOST)


async def test_neither_is_of_one_that_unpacks_to_a_gigabyte() -> None:
    packed = gzip.compress(b"\0" * 50_000_000)

    async def is_a_bomb(_: web.BaseRequest) -> web.Response:
        return web.Response(body=packed, headers={"Content-Encoding": "gzip"})

    async with serving(is_a_bomb) as server, open_outside(("127.0.0.1",)) as outside:
        reply = await ask(outside, server.url)
    assert (reply.cut, reply.body) == (True, b"\0" * MOST)


async def test_what_is_not_answered_in_time_may_have_arrived() -> None:
    over = asyncio.Event()

    async def waits(_: web.BaseRequest) -> web.Response:
        await over.wait()
        return web.Response()

    async with serving(waits) as server, open_outside(("127.0.0.1",)) as outside:
        with pytest.raises(NoReply):
            await ask(outside, server.url, seconds=0.2)
        over.set()
    assert len(server.asked) == 1


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_what_is_cut_off_is_sent_once(method: str) -> None:
    async def hangs_up(request: web.BaseRequest) -> web.Response:
        if len(server.asked) > 1 and request.transport:
            request.transport.abort()
        return web.Response()

    async with serving(hangs_up) as server, open_outside(("127.0.0.1",)) as outside:
        await ask(outside, server.url, method)
        with pytest.raises(NoReply):
            await ask(outside, server.url, method)
    assert len(server.asked) == 2


async def test_where_nobody_listens_nothing_was_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with open_outside(("127.0.0.1",)) as outside:
        with pytest.raises(Unreached, match=UNREACHED):
            await ask(outside, f"http://127.0.0.1:{port}/")


async def test_no_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(says_hello) as proxy, serving(says_hello) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        async with open_outside(("127.0.0.1",)) as outside:
            await ask(outside, server.url)
    assert (len(proxy.asked), len(server.asked)) == (0, 1)


@pytest.mark.parametrize("charset", ["no", "idna", "punycode", "undefined", "base64"])
async def test_what_is_no_text_is_read_as_well_as_can_be(charset: str) -> None:
    async def is_odd(_: web.BaseRequest) -> web.Response:
        kind = f"text/x; charset={charset}"
        return web.Response(body=b"caff\xe8\xff", headers={"Content-Type": kind})

    async with serving(is_odd) as server, open_outside(("127.0.0.1",)) as outside:
        assert (await ask(outside, server.url)).text == "caff��"


# ------------------------------------------------------------------------- what is fetched


async def fetched(outbound: Outbound, url: str) -> tuple[int, int | None, bytes]:
    async with outbound.fetch(url, seconds=5) as arriving:
        return arriving.status, arriving.size, b"".join([one async for one in arriving.content])


async def test_who_fetches_is_led_on() -> None:
    async def leads_on(request: web.BaseRequest) -> web.Response:
        if request.path == "/":
            raise web.HTTPFound("there?day=2%2B3")
        return web.Response(text=request.path_qs)

    async with serving(leads_on) as server, open_outside(("127.0.0.1",)) as outside:
        assert await fetched(outside, server.url) == (200, 16, b"/there?day=2%2B3")


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("https://127.0.0.1/", Barred.INSIDE),
        ("https://localhost/", Barred.INSIDE),
        ("http://www.aurora.example/", Barred.NOT_ENCRYPTED),
        ("//ada:secret@www.aurora.example/", Barred.CREDENTIALS),
        ("file:///etc/passwd", Barred.MALFORMED),
        ("https://[", Barred.MALFORMED),
    ],
)
async def test_and_nowhere_that_could_not_be_asked_for(to: str, why: Barred) -> None:
    async def leads_on(_: web.BaseRequest) -> web.Response:
        return web.Response(status=307, headers={"Location": to})

    async with serving(leads_on) as server:
        here = f"127.0.0.1:{server.port}"
        async with open_outside((here,)) as outside:
            with pytest.raises(Barring, match=why):
                await fetched(outside, server.url)
    assert len(server.asked) == 1


async def test_a_circle_has_an_end() -> None:
    async def leads_back(_: web.BaseRequest) -> web.Response:
        raise web.HTTPFound("/")

    async with serving(leads_back) as server, open_outside(("127.0.0.1",)) as outside:
        with pytest.raises(Unreached):
            await fetched(outside, server.url)
    assert len(server.asked) == REDIRECTS + 1


async def test_how_large_it_is_unpacked_nobody_says() -> None:
    async def is_packed(_: web.BaseRequest) -> web.Response:
        body = gzip.compress(b"Buongiorno")
        return web.Response(body=body, headers={"Content-Encoding": "gzip"})

    async with serving(is_packed) as server, open_outside(("127.0.0.1",)) as outside:
        assert await fetched(outside, server.url) == (200, None, b"Buongiorno")


async def test_what_is_cut_off_on_its_way_has_not_come() -> None:
    async def hangs_up(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"x")
        assert request.transport
        request.transport.abort()
        return response

    async with serving(hangs_up) as server, open_outside(("127.0.0.1",)) as outside:
        with pytest.raises(NoReply):
            await fetched(outside, server.url)
