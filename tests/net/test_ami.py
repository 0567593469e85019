"""The phone stack's AMI service, whatever it answers: what is told of it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager

import pytest

from bot.errors import ToolError
from bot.net.ami import AMI
from bot.net.outside import NoReply
from bot.playground.phone.ami import EmulatedAMI
from bot.playground.serve import serve
from tests.fakes.telemetry import FakeTelemetry
from tests.net.stands import listening

CALL = "0b6e4c6e"
OVER = "The call is over: nothing was done."
STAYS = "The phone system does not end the call: say that the caller may hang up."
REFUSED = (
    "The phone system did not do it. Say that calls cannot be passed on just now, and offer what"
    " else you can do."
)
UNKNOWN = "nobody knows"


@asynccontextmanager
async def answering(how: str) -> AsyncIterator[str]:
    """The address of one that answers with a status, with other bytes, never, or is none."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if how == "silence":
            await asyncio.Event().wait()
        writer.write(b"Response: Error\r\n\r\n" if how == "garbage" else b"")
        await writer.drain()

    if how.isdecimal():
        async with serve(EmulatedAMI(status=int(how)).app()) as url:
            yield url
    elif how == "nobody":
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            yield f"http://127.0.0.1:{taken.getsockname()[1]}"
    else:
        async with listening(talk) as port:
            yield f"http://127.0.0.1:{port}"


async def told(doing: Coroutine[None, None, None]) -> str:
    """By what the tool raises: what the model reads, or that nobody knows; nothing: it is done."""
    try:
        await doing
    except ToolError as error:
        return str(error)
    except NoReply:
        return UNKNOWN
    return ""


@pytest.mark.parametrize(
    ("how", "transfer", "hang_up", "cause"),
    [
        ("200", "", "", None),
        ("202", "", "", None),
        ("404", OVER, "", None),
        ("500", UNKNOWN, STAYS, "HTTP 500"),
        ("503", UNKNOWN, STAYS, "HTTP 503"),
        ("401", REFUSED, STAYS, "HTTP 401"),
        ("302", REFUSED, STAYS, "HTTP 302"),
        ("nobody", REFUSED, STAYS, "Connection refused"),
        ("garbage", UNKNOWN, STAYS, "ClientResponseError"),
        ("nothing", UNKNOWN, STAYS, "ServerDisconnectedError"),
        ("silence", UNKNOWN, STAYS, "TimeoutError"),
    ],
)
async def test_what_it_answers_is_told(
    how: str, transfer: str, hang_up: str, cause: str | None
) -> None:
    """What is in doubt is a person's to look at: a transfer, and never the end of a call."""
    telemetry = FakeTelemetry()
    async with answering(how) as url:
        seconds = 0.1 if how == "silence" else 30.0
        ami = AMI(url.replace("//", "//host:secret@"), "inside", telemetry.warn, seconds)
        assert await told(ami.transfer(CALL, "600")) == transfer
        assert await told(ami.hang_up(CALL)) == hang_up
    acts = ("transfer", "hangup") if cause else ()
    assert telemetry.warnings == [
        ("phone system failed", {"act": act, "cause": cause}) for act in acts
    ]


async def test_who_answers_late_is_waited_for() -> None:
    """And what is asked is asked once, whatever is answered."""
    asked, wanted = list[bytes](), asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        wanted.set()
        await answered.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<x")  # no JSON, and too short
        await writer.drain()

    answered = asyncio.Event()
    async with listening(talk) as port:
        ami = AMI(f"http://127.0.0.1:{port}", "inside", FakeTelemetry().warn, 30.0)
        passing = asyncio.create_task(told(ami.transfer(CALL, "600")))
        await wanted.wait()
        answered.set()
        assert await passing == ""
    assert [one.split(b" ", 2)[:2] for one in asked] == [[b"POST", b"/transfer"]]
