"""Fetching what somebody sent, over HTTP: what each trouble on the way means."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.core.attachments import Attachment, AttachmentKind
from bot.errors import GiveUp, RetryLater, SportelloError, TooMuch
from bot.net.sessions import new_session
from bot.playground.serve import serve
from bot.playground.telegram.faults import Fault
from bot.playground.telegram.records import Upload
from bot.telegram.account import TelegramBot, new_bot
from bot.telegram.downloads import fetch
from bot.telegram.request import Request
from tests.telegram.conftest import TOKEN, Desk

MOST = 1_000_000
CONTENT = bytes(range(256)) * 1000
LARGER = 20 * 1024**2 + 1


def sent(desk: Desk, upload: Upload) -> str:
    """The id of a file of Anna's."""
    message = desk.telegram.clients.send_file(
        desk.anna_id, upload, kind="document", bot_id=desk.me.id
    )
    return str(message["document"]["file_id"])


def file(size: int | None = None) -> Upload:
    return Upload("a.bin", "x/y", CONTENT, size=size)


async def test_what_somebody_sent_is_fetched(desk: Desk) -> None:
    attachment = Attachment(AttachmentKind.FILE, sent(desk, file()), "")
    got = await desk.channel.fetch(attachment, bot_id=desk.me.id, max_bytes=MOST)
    assert got == CONTENT


async def test_a_bot_that_does_not_run_here_may_do_so_later(desk: Desk) -> None:
    with pytest.raises(RetryLater):
        await desk.channel.fetch(Attachment(AttachmentKind.FILE, "x", ""), bot_id=1, max_bytes=MOST)


async def test_no_byte_more_comes_than_was_asked_for(desk: Desk) -> None:
    file_id = sent(desk, file())
    assert await fetch(desk.bot, file_id, max_bytes=len(CONTENT)) == CONTENT
    with pytest.raises(TooMuch):
        await fetch(desk.bot, file_id, max_bytes=len(CONTENT) - 1)


async def test_what_telegram_never_gives_is_too_much(desk: Desk) -> None:
    with pytest.raises(TooMuch):
        await fetch(desk.bot, sent(desk, file(LARGER)), max_bytes=MOST)
    assert not desk.telegram.calls.of("download")


@pytest.mark.parametrize(
    ("fault", "method", "raised"),
    [
        ("400", "getFile", GiveUp),
        ("429", "getFile", RetryLater),
        ("500", "getFile", RetryLater),
        ("garble", "getFile", RetryLater),
        ("404", "download", GiveUp),
        ("429", "download", RetryLater),
        ("500", "download", RetryLater),
        ("cut", "download", RetryLater),
    ],
)
async def test_what_goes_wrong_says_whether_to_try_again(
    desk: Desk, fault: str, method: str, raised: type[SportelloError]
) -> None:
    desk.telegram.faults.add(Fault.named(fault, method=method))
    file_id = sent(desk, file())
    with pytest.raises(raised) as failed:
        await fetch(desk.bot, file_id, max_bytes=MOST)
    assert type(failed.value).__name__ in {raised.__name__, "NoBotApi"}
    assert TOKEN not in f"{failed.value} {failed.value!r}"
    if raised is RetryLater:
        assert await fetch(desk.bot, file_id, max_bytes=MOST) == CONTENT


@pytest.mark.parametrize("file_id", ["", "documents-77", "../../etc/passwd"])
async def test_what_nobody_sent_is_not_there(desk: Desk, file_id: str) -> None:
    with pytest.raises(GiveUp):
        await fetch(desk.bot, file_id, max_bytes=MOST)


# ------------------------------------------------------------- another server


@dataclass
class Server:
    """Says that a file is at `path`, and answers whoever asks for it as `content` does."""

    path: object = "documents/a.bin"
    content: Callable[[], Response] = lambda: Response(CONTENT)
    asked: int = 0
    came: str = ""  # the path that was asked for last, without the bot

    async def get_file(self, _: HttpRequest) -> Response:
        return JSONResponse({"ok": True, "result": {"file_id": "x", "file_path": self.path}})

    async def get_content(self, request: HttpRequest) -> Response:
        self.asked += 1
        self.came = request.path_params["path"].partition("/")[2]
        return self.content()


@pytest.fixture
async def server() -> Server:
    return Server()


@pytest.fixture
async def bot(server: Server) -> AsyncIterator[TelegramBot]:
    routes = [
        Route("/bot{token}/getFile", server.get_file, methods=["POST"]),
        Route("/file/{path:path}", server.get_content),
    ]
    async with serve(Starlette(routes=routes)) as url, new_session(connections=4) as session:
        request = Request(session, read_seconds=5.0, download_seconds=0.5)
        yield new_bot(TOKEN, api_url=url, request=request, polling_request=request)


async def test_a_redirect_is_not_followed(bot: TelegramBot, server: Server) -> None:
    server.content = lambda: RedirectResponse("http://127.0.0.1:9/secret")
    with pytest.raises(GiveUp, match="307"):
        await fetch(bot, "x", max_bytes=MOST)
    assert server.asked == 1


async def test_what_comes_too_slowly_may_come_another_time(
    bot: TelegramBot, server: Server
) -> None:
    stopped = asyncio.Event()

    async def drops() -> AsyncIterator[bytes]:
        yield CONTENT
        await stopped.wait()

    server.content = lambda: StreamingResponse(drops())
    try:
        with pytest.raises(RetryLater):
            await fetch(bot, "x", max_bytes=MOST)
    finally:
        stopped.set()


@pytest.mark.parametrize("name", ["a b.txt", "a\tb.txt", "a?b#c", "a%41.txt", "файл.тхт"])
async def test_a_path_may_have_any_name_in_it(bot: TelegramBot, server: Server, name: str) -> None:
    server.path = f"documents/{name}"
    assert await fetch(bot, "x", max_bytes=MOST) == CONTENT
    assert server.came == server.path


@pytest.mark.parametrize("path", [None, "", 7, [], {"a": 1}])
async def test_a_file_without_a_path_cannot_be_had(
    bot: TelegramBot, server: Server, path: object
) -> None:
    server.path = path
    with pytest.raises(GiveUp):
        await fetch(bot, "x", max_bytes=MOST)
    assert not server.asked


# ------------------------------------------------------------- a server on this machine


async def on_disk(server: Server, path: Path, content: bytes) -> None:
    await asyncio.to_thread(path.write_bytes, content)
    server.path = str(path)


async def test_a_server_on_this_machine_names_a_file(
    bot: TelegramBot, server: Server, tmp_path: Path
) -> None:
    await on_disk(server, tmp_path / "a.bin", CONTENT)
    assert await fetch(bot, "x", max_bytes=len(CONTENT)) == CONTENT
    with pytest.raises(TooMuch):
        await fetch(bot, "x", max_bytes=len(CONTENT) - 1)


async def test_one_that_is_not_there_cannot_be_had(
    bot: TelegramBot, server: Server, tmp_path: Path
) -> None:
    for path in (tmp_path / "missing", tmp_path):
        server.path = str(path)
        with pytest.raises(GiveUp) as failed:
            await fetch(bot, "x", max_bytes=MOST)
        assert str(tmp_path) not in str(failed.value)


# ------------------------------------------------------------- the token


async def test_the_token_stands_in_no_error_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with new_session(connections=4) as session:
        request = Request(session, connect_seconds=0.2)
        bot = new_bot(TOKEN, api_url="http://127.0.0.1:9", request=request, polling_request=request)
        waits: list[Awaitable[object]] = [
            fetch(bot, "x", max_bytes=MOST),
            request.download(f"{bot.base_file_url}/documents/a.bin", max_bytes=MOST),
        ]
        for waiting in waits:
            with pytest.raises(Exception, match=r".") as failed:
                await waiting
            assert TOKEN not in f"{failed.value} {failed.value!r}"
    assert TOKEN.partition(":")[2] not in caplog.text
