"""Being told to stop."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from bot.cli.tell import echo

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
