"""The emulator as a process of its own: `python -m bot.playground.telegram --port 0`.

Prints one line with its URL when it answers, and stops on SIGINT or SIGTERM.
"""

import asyncio
import signal
import sqlite3
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from bot.playground.guard import LocalOnly
from bot.playground.serve import serve
from bot.playground.telegram.emulator import CALLS_KEPT, TelegramEmulator
from bot.playground.telegram.server import build_app


def main() -> int:
    """Run until told to stop; 2 if the port or the state file cannot be used."""
    options = _parse()
    try:
        asyncio.run(_run(options))
    except (OSError, sqlite3.Error) as error:
        print(f"cannot start: {error}", file=sys.stderr)
        return 2
    return 0


def _parse() -> Namespace:
    parser = ArgumentParser(prog="python -m bot.playground.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--state", type=Path, help="file to remember everything in")
    parser.add_argument("--token", action="append", default=[], help="a bot to register")
    parser.add_argument("--calls-kept", type=int, default=CALLS_KEPT, help="length of the log")
    return parser.parse_args()


async def _run(options: Namespace) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    emulator = TelegramEmulator(state=options.state, calls_kept=options.calls_kept)
    for token in options.token:
        emulator.accounts.add_bot(token)
    async with serve(LocalOnly(build_app(emulator)), port=options.port) as url:
        print(url, flush=True)
        await stopped.wait()
    emulator.close()


if __name__ == "__main__":
    sys.exit(main())
