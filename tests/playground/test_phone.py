"""The phone of this machine: a caller who types, and what their phone stack makes of answers."""

import asyncio
import json
import re
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.playground.phone.typed import TypedCall
from bot.playground.serve import abort_connection, serve
from tests.patience import PATIENCE_SECONDS

Pieces = Sequence[str]


def said(*words: str) -> Pieces:
    return [json.dumps({"type": "text", "content": one}) for one in words]


class Desk:
    """Answers with these pieces, answer by answer; "" cuts the connection."""

    def __init__(self, *answers: Pieces) -> None:
        self.answers = [*answers]
        self.asked: list[dict[str, Any]] = []

    async def answer(self, request: Request) -> Response:
        self.asked.append(await request.json())
        return StreamingResponse(self._pieces(request, self.answers.pop(0)))

    async def _pieces(self, request: Request, pieces: Pieces) -> AsyncIterator[str]:
        for piece in pieces:
            if not piece:
                await abort_connection(request.scope, request.receive)
            yield piece


@asynccontextmanager
async def calling(desk: Any, *lines: str) -> AsyncIterator[list[str]]:
    """What is shown of a call in which this is said, without its times."""
    async with serve(Starlette(routes=[Route("/prompt-stream", desk, methods=["POST"])])) as url:
        shown: list[str] = []
        call = TypedCall(f"{url}/prompt-stream", shown.append, uuid="u1")
        for line in (*lines, None):
            call.put(line)
        await call.goes_on()
        yield [re.sub(r"^ *\d+\.\d +", "", line) for line in shown]


async def test_what_is_said_and_spoken_is_shown() -> None:
    desk = Desk(said("Buongiorno! Mi", " dica."), said("Costa 3.50 euro."))
    async with calling(desk.answer, "Pronto?", "", "Quanto costa?") as shown:
        pass
    assert shown == [
        "call u1",
        *("caller  Pronto?", "voice   Buongiorno!", "voice   Mi dica."),
        *("caller  Quanto costa?", "voice   Costa 3.", "voice   50 euro."),
        "the caller has hung up",
    ]
    assert [one["uuid"] for one in desk.asked] == ["u1", "u1"]
    assert [one["content"] for one in desk.asked[1]["messages"]] == [
        *("Pronto?", "Buongiorno! Mi dica.", "Quanto costa?")
    ]


@pytest.mark.parametrize(
    ("pieces", "told"),
    [
        (["data: {}\n\n"], "nothing can be spoken: A piece of the answer cannot be parsed."),
        ([*said("Sì.")[0].partition(",")], "cannot be parsed"),
        ([said("Sì.")[0] * 2], "cannot be parsed"),
        ([*said("Sì."), ""], "nothing can be spoken: The answer was cut."),
        (said("Sì. E poi"), "never spoken, since it ends in no . ! or ?: E poi"),
        ([json.dumps({"type": "audio", "content": "Sì."})], "the caller has hung up"),
    ],
)
async def test_what_the_core_would_not_speak_is_told(pieces: Pieces, told: str) -> None:
    async with calling(Desk(pieces).answer, "Pronto?") as shown:
        pass
    assert any(told in line for line in shown)


async def test_a_refusal_is_told() -> None:
    async def refuses(_: Request) -> Response:
        return PlainTextResponse("no", 401)

    async with calling(refuses, "Pronto?") as shown:
        assert "nothing can be spoken: HTTP 401: no" in shown


async def test_who_types_speaks_over_an_answer_and_hangs_up_in_the_middle() -> None:
    """What comes of the answer before is not spoken any more."""
    interrupted, left = asyncio.Event(), asyncio.Event()

    async def answer(request: Request) -> Response:
        asked = (await request.json())["message"]
        return StreamingResponse(first() if asked == "Pronto?" else second())

    async def first() -> AsyncIterator[str]:
        yield said("Un momento.")[0]
        await interrupted.wait()
        yield said("Dunque. E poi")[0]

    async def second() -> AsyncIterator[str]:
        try:
            yield said("Certo.")[0]
            await asyncio.Event().wait()
        finally:
            left.set()

    def show(line: str) -> None:
        shown.append(line[8:])
        if line.endswith("Un momento."):
            call.put("Basta!")
        elif line.endswith("Certo."):
            interrupted.set()
        elif line.endswith("E poi"):
            call.put(None)

    shown: list[str] = []
    async with serve(Starlette(routes=[Route("/", answer, methods=["POST"])])) as url:
        call = TypedCall(f"{url}/", show, typed=True)
        call.put("Pronto?")
        async with asyncio.timeout(PATIENCE_SECONDS):
            await call.goes_on()
            await left.wait()
    assert shown[1:] == [
        *("caller  Pronto?", "voice   Un momento.", "caller  Basta!", "voice   Certo."),
        "        never spoken, since it ends in no . ! or ?: E poi",
        "        the caller has hung up",
    ]


async def test_it_is_a_command() -> None:
    """What is typed is said, and an answer is missed where there is none."""
    command = ("-m", "bot.playground.phone", "--ami-port", "0", "http://127.0.0.1:1/prompt-stream")
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, stdin=PIPE, stdout=PIPE, stderr=PIPE
    )
    told, complaints = await process.communicate(b"Pronto?\n")
    lines = told.decode().splitlines()
    assert (process.returncode, complaints) == (0, b"")
    assert lines[0].startswith("AMI_URL=http://127.0.0.1:")
    assert lines[2].endswith("caller  Pronto?")
    assert lines[3].endswith("nothing can be spoken: Nobody answers at 127.0.0.1:1.")
    assert lines[-1].endswith("the caller has hung up")


async def test_a_port_that_cannot_be_used_is_told_in_a_line() -> None:
    async with serve(Starlette()) as url:
        port = url.rpartition(":")[2]
        command = ("-m", "bot.playground.phone", "--ami-port", port, "http://127.0.0.1:1/")
        process = await asyncio.create_subprocess_exec(sys.executable, *command, stderr=PIPE)
        _, complaints = await process.communicate()
    told = f"cannot start: port {port} cannot be used\n"
    assert (process.returncode, complaints.decode()) == (2, told)


async def test_an_act_with_the_call_ends_it() -> None:
    shown: list[str] = []
    call = TypedCall("http://127.0.0.1:1/", shown.append, uuid="u1")
    call.ask_ami("hangup", {"uuid": "another's"})
    call.ask_ami("transfer", {"uuid": "u1", "exten": "600"})
    await call.goes_on()
    assert shown[-1].endswith("the call is over")
