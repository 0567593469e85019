"""Files that people sent, fetched piece by piece. Source: core.telegram.org/bots/api#getfile."""

import asyncio
from pathlib import Path
from typing import Final, cast
from urllib.parse import quote

from telegram.error import BadRequest

from bot.errors import GiveUp, TooMuch
from bot.telegram.account import TelegramBot
from bot.telegram.errors import repeatable
from bot.telegram.request import Request, call
from bot.telegram.wire import mapping, string

_TOO_BIG: Final = "file is too big"  # Telegram's refusal of what is over its own limit


async def fetch(bot: TelegramBot, file_id: str, *, max_bytes: int) -> bytes:
    """The content of a file. Raises TooMuch, RetryLater, or GiveUp: it cannot be had."""
    with repeatable():
        try:
            found = await call(bot.request, f"{bot.base_url}/getFile", {"file_id": file_id})
        except BadRequest as refusal:
            if _TOO_BIG in str(refusal).lower():  # the library begins it with a capital
                raise TooMuch(_TOO_BIG) from None
            raise
    path = string(mapping(found).get("file_path"))
    if not path:
        raise GiveUp("getFile names no path")
    if path.startswith("/"):  # of a Bot API server on this machine
        return await asyncio.to_thread(_read, Path(path), max_bytes)
    request = cast(Request, bot.request)  # every bot is made with one
    url = f"{bot.base_file_url}/{quote(path)}"  # its end is as somebody named the file
    with repeatable():
        return await request.download(url, max_bytes=max_bytes)


def _read(path: Path, max_bytes: int) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(max_bytes + 1)
    except OSError as error:
        raise GiveUp(f"{type(error).__name__} reading a file of the Bot API server") from None
    if len(content) > max_bytes:
        raise TooMuch(f"over {max_bytes} bytes")
    return content
