"""`sportello run`: serve until told to stop."""

import asyncio
import gc
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from bot.app import App, build
from bot.cli.console import echo
from bot.cli.stage import Stage, set_stage
from bot.cli.start import begin, find_misspelt, log_without
from bot.telegram.account import BotIdentity

STOP_SECONDS: Final = 9.5  # whoever sends the signal often kills after 10


@contextmanager
def heeding_signals(stop: asyncio.Event) -> Iterator[None]:
    """The first SIGINT or SIGTERM sets `stop`.

    A second one ends the process at once, and so does a stop that takes too long.
    """
    loop = asyncio.get_running_loop()

    def heed() -> None:
        if stop.is_set():
            _end_at_once()
        stop.set()
        loop.call_later(STOP_SECONDS, _end_at_once)

    numbers = (signal.SIGINT, signal.SIGTERM)
    for number in numbers:
        loop.add_signal_handler(number, heed)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


def _end_at_once() -> None:
    echo("sportello: ended at once; the next start goes on where it was", err=True)
    os._exit(1)


async def run(*, playground: bool = False) -> None:
    """Serve until SIGINT or SIGTERM. Raises ConfigError for what the host must mend."""
    for hint in find_misspelt():
        echo(f"sportello: {hint}", err=True)
    settings, stop = begin(), asyncio.Event()
    with heeding_signals(stop):
        async with set_stage(settings, playground=playground) as stage:
            app = build(stage.settings, leads_to_telegram=stage.page is None)
            tools = await asyncio.to_thread(app.toolbox.load)
            log_without(settings, (one for tool in tools.values() for one in tool.secrets.values()))
            await _serve(app, stage, stop)


async def _serve(app: App, stage: Stage, stop: asyncio.Event) -> None:
    listening = asyncio.Event()

    def tell(me: BotIdentity | None) -> None:
        listening.set()
        gc.collect()
        gc.freeze()  # what was loaded stays: looking through it again would stop every chat
        echo(stage.announce(me.username if me else None))

    serving = asyncio.create_task(app.run(stop, ready=tell, hostless=_tell_first_host))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((serving, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not listening.is_set():
        serving.cancel()  # nothing was begun that would have to be ended well
    with suppress(asyncio.CancelledError):
        await serving


def _tell_first_host(link: str) -> None:
    echo(f"Nobody runs this yet: whoever opens {link} first does (once, within an hour).")
