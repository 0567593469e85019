"""What a bot more costs: `python -m bench.fleet [--bots 100]`.

Sportello runs with the host's bot alone; then tenants' bots are written into its database, as the
command line does it, and what it spends until all of them listen is divided by their number.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic, sleep
from typing import Final

import httpx2
import psutil
import uvloop
from pydantic import SecretStr

from bench.processes import Cores, read_address, running, serve_until_ended
from bot.ops.vault import KeyVault, new_key
from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.server import build_app
from db.bots import AddBot
from db.engine import open_database
from db.journal import apply
from db.records import Actor
from db.tenants import SaveProfile, list_tenants
from db.transaction import Operation

HOST: Final = 4000
SECRET: Final = "AA" + "s" * 33
PATIENCE_SECONDS: Final = 120.0
QUIET_SECONDS: Final = 3.0
MILLISECONDS, MEGABYTE = 1e3, 1 << 20
NOW: Final = 1_795_000_000.0


def token(bot_id: int) -> str:
    """The token of an emulated bot."""
    return f"{bot_id}:{SECRET}"


def main() -> None:
    """Measure, or (`--serve`) be the emulated Telegram."""
    parser = argparse.ArgumentParser(prog="python -m bench.fleet", description=__doc__)
    parser.add_argument("--bots", type=int, default=100)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        uvloop.run(_serve(given.bots))
    else:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            _measure(given.bots, Path(folder))


def _measure(bots: int, folder: Path) -> None:
    cores, key, log = Cores.choose(), new_key(), folder / "log"
    telegram = ("bench.fleet", "--serve", "--bots", str(bots))
    with running(*telegram, core=cores.rest, environment={}, log=log) as server:
        url = read_address(server)
        environment = _environment(folder, url, key)
        with running("bot", "run", core=cores.bot, environment=environment, log=log) as process:
            read_address(process)
            sportello = psutil.Process(process.pid)
            _wait_for_quiet(sportello)
            began, before = monotonic(), _spent(sportello)
            asyncio.run(_add(environment["DATABASE_URL"], key, bots))
            _wait(lambda: _listening(url) > bots)  # the host's as well
            seconds = monotonic() - began
            _wait_for_quiet(sportello)
            _tell(bots, seconds, before, _spent(sportello))


def _environment(folder: Path, url: str, key: str) -> Mapping[str, str]:
    return {
        "TELEGRAM_BOT_TOKEN": token(HOST),
        "TELEGRAM_API_URL": url,
        "OPENAI_API_KEY": "none",
        "OPENAI_BASE_URL": f"{url}/nothing",
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'sportello.db'}",
        "SECRET_KEY": key,
        "ADMIN_IDS": "1",
    }


async def _serve(bots: int) -> None:
    emulator = TelegramEmulator()
    for bot_id in range(HOST, HOST + bots + 1):
        emulator.accounts.add_bot(token(bot_id), username=f"desk_{bot_id}_bot")
    await serve_until_ended(build_app(emulator))


async def _add(url: str, key: str, bots: int) -> None:
    """A tenant for every bot, in one commit."""
    database, vault = open_database(url), KeyVault.open(SecretStr(key))
    names = [f"company-{number}" for number in range(bots)]
    save: list[Operation[int]] = [SaveProfile(name, "{}", "bench", NOW) for name in names]
    await database.write(lambda connection: apply(connection, save))
    known = {tenant.name: tenant.id for tenant in await database.read(list_tenants)}
    add = [
        AddBot(
            bot_id,
            f"desk_{bot_id}_bot",
            known[name],
            vault.encrypt(token(bot_id)),
            actor=Actor(None, "bench"),
            now=NOW,
        )
        for bot_id, name in enumerate(names, HOST + 1)
    ]
    await database.write(lambda connection: apply(connection, add))
    await database.close()


def _listening(url: str) -> int:
    """How many bots have asked Telegram for updates."""
    polls = httpx2.get(f"{url}/control/calls?method=getUpdates").json()
    return len({poll["bot_id"] for poll in polls})


def _spent(sportello: psutil.Process) -> tuple[float, float]:
    """CPU in seconds, and resident memory in bytes."""
    times = sportello.cpu_times()
    return times.user + times.system, float(sportello.memory_info().rss)


def _wait(condition: Callable[[], bool]) -> None:
    until = monotonic() + PATIENCE_SECONDS
    while not condition():
        if monotonic() > until:
            sys.exit("the bots do not listen")
        sleep(0.1)


def _wait_for_quiet(sportello: psutil.Process) -> None:
    """Until it does nothing but wait: menus are set a moment after a bot listens."""

    def rests() -> bool:
        before = _spent(sportello)[0]
        sleep(QUIET_SECONDS)
        return _spent(sportello)[0] - before < 0.02 * QUIET_SECONDS

    _wait(rests)


def _tell(
    bots: int, seconds: float, before: tuple[float, float], after: tuple[float, float]
) -> None:
    cpu = (after[0] - before[0]) / bots * MILLISECONDS
    memory = (after[1] - before[1]) / bots / MEGABYTE
    print(f"{bots} bots listened after {seconds:.1f} s")
    print(f"CPU per bot: {cpu:.1f} ms (target: 5 ms)")
    print(f"resident memory per bot: {memory:.2f} MB (target: 1 MB)")


if __name__ == "__main__":
    main()
