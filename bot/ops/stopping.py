"""Working until somebody asks for an end."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.errors import ConfigError, Unauthorized


async def until_stopped(stop: asyncio.Event, *works: Coroutine[Any, Any, None]) -> None:
    """Work until `stop` is set, or until one of the works fails.

    All of them have ended when it returns. Raises ConfigError when the token is revoked meanwhile,
    and whatever else one of them fails with.
    """
    working = [asyncio.create_task(work) for work in works]
    tasks = [*working, asyncio.create_task(stop.wait())]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    for ended in await asyncio.gather(*working, return_exceptions=True):
        if isinstance(ended, Unauthorized):
            raise ConfigError("Telegram no longer accepts TELEGRAM_BOT_TOKEN")
        if isinstance(ended, Exception):
            raise ended
