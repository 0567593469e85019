"""Files that people have sent, as HTTP hands them out: to be looked at or kept, never to be run."""

from typing import Final
from urllib.parse import quote

from starlette.responses import Response

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


def download(file: File) -> Response:
    """A file under no type that could make it a page, a script or a style, whatever it says."""
    kind = file.mime_type if file.mime_type in SHOWN else "application/octet-stream"
    name = quote(file.name, safe="", errors="replace")
    headers = {**_INERT, "Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(file.content, media_type=kind, headers=headers)
