"""Files that people have sent, as HTTP hands them out: to be looked at or kept, never to be run."""

import asyncio
from typing import Final
from urllib.parse import quote

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.playground.serve import abort_connection
from bot.playground.telegram.records import File

# What a browser shows inside a page and never runs. No SVG: it may hold scripts.
SHOWN: Final = frozenset(
    {
        *("image/gif", "image/jpeg", "image/png", "image/webp"),
        *("audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/webm"),
        *("video/mp4", "video/webm"),
    }
)
_INERT: Final = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class _CutResponse(Response):
    """A content of which half comes, before the connection closes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await asyncio.sleep(0)  # let the loop flush what was written
        await abort_connection(scope, receive)


def download(file: File, *, is_cut: bool = False) -> Response:
    """A file under no type that could make it a page, a script or a style, whatever it says.

    `is_cut`: the connection closes when half of it has come.
    """
    kind = file.mime_type if file.mime_type in SHOWN else "application/octet-stream"
    name = quote(file.name, safe="", errors="replace")
    headers = {**_INERT, "Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    answer = _CutResponse if is_cut else Response
    return answer(file.content, media_type=kind, headers=headers)
