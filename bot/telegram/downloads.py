"""Files that people sent, fetched piece by piece. Source: core.telegram.org/bots/api#getfile."""

import asyncio
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO, Final, cast

from telegram.error import BadRequest

from bot.errors import GiveUp, TooMuch
from bot.telegram.account import TelegramBot
from bot.telegram.errors import repeatable
from bot.telegram.request import Request, call
from bot.telegram.wire import mapping, string

_TOO_BIG: Final = "file is too big"  # Telegram's refusal of what is over its own limit


async def fetch(bot: TelegramBot, file_id: str, into: BinaryIO, *, max_bytes: int) -> None:
    """Write the content of a file. Raises TooMuch, RetryLater, or GiveUp: it cannot be had."""
    with repeatable():
        try:
            found = await call(bot.request, f"{bot.base_url}/getFile", {"file_id": file_id})
        except BadRequest as refusal:
            if _TOO_BIG in str(refusal):
                raise TooMuch(_TOO_BIG) from None
            raise
    path = string(mapping(found).get("file_path"))
    if not path:
        raise GiveUp("getFile names no path")
    if path.startswith("/"):  # of a Bot API server on this machine
        await asyncio.to_thread(_copy, Path(path), into, max_bytes)
        return
    with repeatable():
        request = cast(Request, bot.request)  # every bot is made with one
        await request.download(f"{bot.base_file_url}/{path}", into, max_bytes=max_bytes)


def _copy(path: Path, into: BinaryIO, max_bytes: int) -> None:
    try:
        if path.stat().st_size > max_bytes:
            raise TooMuch(path.name)
        with path.open("rb") as file:
            copyfileobj(file, into)
    except OSError as error:
        raise GiveUp(f"{type(error).__name__} reading a file of the Bot API server") from None
