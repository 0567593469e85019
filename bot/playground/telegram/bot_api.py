"""The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from bot.playground.serve import AbortedResponse, abort_connection
from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.errors import ApiError
from bot.playground.telegram.faults import ConnectionLost, Garbled
from bot.playground.telegram.files import download
from bot.playground.telegram.forms import read_params
from bot.playground.telegram.records import encode

GARBAGE: Final = b"<html><body><h1>502 Bad Gateway</h1></body></html>"


class BotApi:
    """The side of the bots. Plain ASGI on the way of every call, to be cheap."""

    def __init__(self, emulator: TelegramEmulator) -> None:
        self._emulator = emulator

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/bot{token}/{method}", self, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self.get_file),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token, method = scope["path_params"]["token"], scope["path_params"]["method"]
        try:
            if scope["method"] == "GET" and not _only_reads(method):
                raise ApiError(405, "Method Not Allowed: what changes something is sent with POST")
            params = await read_params(scope, receive)
            status, body = await self._emulator.call(token, method, params)
            await _respond(send, status, encode(body).encode())
        except ApiError as refusal:
            await _respond(send, refusal.code, encode(refusal.body()).encode())
        except Garbled:
            await _respond(send, 200, GARBAGE)
        except ConnectionLost:
            await abort_connection(scope, receive)
        except ClientDisconnect:
            pass  # nobody is there to be answered

    async def get_file(self, request: Request) -> Response:
        """A file's content, for the bots that were told its path."""
        token, path = request.path_params["token"], request.path_params["path"]
        try:
            file, is_cut = await self._emulator.download(token, path)
        except ApiError as refusal:
            return JSONResponse(refusal.body(), refusal.code)
        except Garbled:
            return Response(GARBAGE)
        except ConnectionLost:
            return AbortedResponse()
        return download(file, is_cut=is_cut)


def _only_reads(method: str) -> bool:
    """Whether a method may be called with GET, which any site can make a browser send.

    Telegram takes GET for all of them. getUpdates confirms what was delivered before.
    """
    name = method.lower()
    return name.startswith("get") and name != "getupdates"


async def _respond(send: Send, status: int, body: bytes) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
