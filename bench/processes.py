"""The processes of a measurement: each on its core, and none left behind."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil
from starlette.types import ASGIApp

from bot.playground.serve import serve

READY_SECONDS: Final = 60.0
STOP_SECONDS: Final = 10.0
PASSED_ON: Final = ("PATH", "HOME", "LANG", "VIRTUAL_ENV")


@dataclass(frozen=True, slots=True)
class Cores:
    """One for the bot that is measured, the other for everything around it."""

    bot: int
    rest: int

    @classmethod
    def choose(cls) -> "Cores":
        """The first and the last core that this process may use."""
        usable = sorted(os.sched_getaffinity(0))
        return cls(usable[0], usable[-1])


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot's process, as its operating system sees it."""

    process: subprocess.Popen[str]

    def cpu_seconds(self) -> float:
        """User and system time of all its threads so far."""
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)

    def state(self) -> str:
        """Whether it lives, in words."""
        code = self.process.poll()
        return "the bot lives" if code is None else f"the bot ended with code {code}"

    def peak_megabytes(self) -> float:
        """The most memory that was resident at any time."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        kilobytes = next(line.split()[1] for line in status.splitlines() if "VmHWM" in line)
        return int(kilobytes) / 1024


def host(*arguments: str, settings: Mapping[str, str]) -> str:
    """What a command of the host prints: `sportello ARGUMENTS`. Raises CalledProcessError."""
    command, environment = (sys.executable, "-m", "bot", *arguments), {**os.environ, **settings}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return done.stdout


@contextmanager
def running(
    *arguments: str, core: int, environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[str]]:
    """`python -m ARGUMENTS` on a core, for the length of a block; complaints go to `log`."""
    passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    mine = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})  # what a process may use, its children inherit
    try:
        with log.open("a") as complaints:
            process = subprocess.Popen(
                (sys.executable, "-m", *arguments),
                env={"PYTHONPATH": os.getcwd(), **passed_on, **environment},
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
            )
    finally:
        os.sched_setaffinity(0, mine)
    try:
        yield process
    finally:
        _stop(process)


def read_address(process: subprocess.Popen[str]) -> str:
    """The last word of a server's first line. Raises RuntimeError when there is none in time."""
    assert process.stdout
    impatient = threading.Timer(READY_SECONDS, process.kill)
    impatient.start()
    line = process.stdout.readline()
    impatient.cancel()
    if not line:
        raise RuntimeError(f"{process.args!r} did not start")
    return line.split()[-1]


async def serve_until_ended(app: ASGIApp) -> None:
    """Be a server that tells its address as `read_address` reads it, until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with serve(app) as url:
        print(url, flush=True)
        await stop.wait()


def _stop(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.communicate(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
