"""The real command as a process of its own, in an empty folder."""

import asyncio
import json
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import httpx2

from tests.patience import PATIENCE_SECONDS

HERE = Path(__file__).parents[2]

# Root may write everywhere: without these powers it meets the walls that others meet.
LIKE_ANYBODY = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search,-fowner")

# To load the program takes longer than most commands: here one process types several.
TYPIST = """
import json, os, sys
from typer.testing import CliRunner
from bot.cli.commands import commands

for folder, arguments, environment in json.load(sys.stdin):
    os.chdir(folder)
    told = CliRunner().invoke(commands, arguments, env=environment, prog_name="sportello")
    print(json.dumps([told.exit_code, told.stdout, told.stderr]))
"""

MEASURED = "COVERAGE_PROCESS_CONFIG"  # tells it to note what it enters (make coverage)


async def start(
    folder: Path, *arguments: str, through: Sequence[str] = (), **environment: str
) -> Process:
    """Start `sportello`, through another command if one is named; `environment` alone is set."""
    return await _start(folder, "-m", "bot", *arguments, through=through, **environment)


async def _start(folder: Path, *python: str, through: Sequence[str], **environment: str) -> Process:
    if MEASURED in os.environ:
        environment[MEASURED] = os.environ[MEASURED]
    return await asyncio.create_subprocess_exec(
        *(*through, sys.executable, *python),
        cwd=folder,
        env={"PATH": os.defpath, "PYTHONPATH": str(HERE), **environment},
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
    )


async def outcome(
    folder: Path, *arguments: str, through: Sequence[str] = (), **environment: str
) -> tuple[int | None, str]:
    """The exit code of a command that ends by itself, and what it complains of."""
    process = await start(folder, *arguments, through=through, **environment)
    _, complaint = await asyncio.wait_for(process.communicate(), PATIENCE_SECONDS)
    return process.returncode, complaint.decode()


class Typed(NamedTuple):
    """A command, the folder that it is typed in, and what is set for it."""

    folder: Path
    arguments: Sequence[str]
    environment: Mapping[str, str]


class Told(NamedTuple):
    """How it ended, what it told, and what it complained of."""

    code: int
    told: str
    complaint: str


async def typed(
    commands: Iterable[Typed], *, through: Sequence[str] = (), **environment: str
) -> list[Told]:
    """Type commands one after another in one process; `environment` is set for all of them."""
    process = await _start(HERE, "-c", TYPIST, through=through, **environment)
    wanted = [(str(folder), *others) for folder, *others in commands]
    answer = process.communicate(json.dumps(wanted).encode())
    told, complaint = await asyncio.wait_for(answer, PATIENCE_SECONDS)
    assert process.returncode == 0, complaint.decode()
    return [Told(*json.loads(line)) for line in told.splitlines()]


@dataclass(frozen=True, slots=True)
class Running:
    """A process that serves, and the people's side of its emulated Telegram."""

    process: Process
    line: str  # what it says when it listens
    http: httpx2.AsyncClient
    bot: int

    async def write(self, client: int, text: str) -> None:
        """A client writes."""
        body = {"bot": self.bot, "text": text}
        (await self.http.post(f"/client/chats/{client}/messages", json=body)).raise_for_status()

    async def hears(self, words: str) -> None:
        """Wait until the bot says something with these words, now or long ago."""
        async with (
            asyncio.timeout(PATIENCE_SECONDS),
            self.http.stream("GET", "/client/events?after=0", timeout=None) as events,
        ):
            async for line in events.aiter_lines():
                if _spoken(line) and words in line:
                    return

    async def log(self, client: int) -> str:
        """Everything that was said in a client's chat."""
        answer = await self.http.get(f"/client/chats/{client}/messages?bot={self.bot}")
        return "\n".join(message["text"] for message in answer.json())

    async def about(self) -> Any:
        """The facts that the page shows."""
        return (await self.http.get("/playground/about")).json()

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int | None, str]:
        """The exit code, and what it complains of."""
        self.process.send_signal(number)
        _, complaint = await asyncio.wait_for(self.process.communicate(), PATIENCE_SECONDS)
        return self.process.returncode, complaint.decode()


@asynccontextmanager
async def playing(folder: Path, *arguments: str, **environment: str) -> AsyncIterator[Running]:
    """A playground that listens, on any free port unless the environment names one."""
    environment = {"PLAYGROUND_PORT": "0", "PACE": "off"} | environment
    process = await start(folder, *arguments, **environment)
    assert process.stdout
    try:
        listening = process.stdout.readline()
        line = (await asyncio.wait_for(listening, PATIENCE_SECONDS)).decode().strip()
        page = re.search(r"http://[\d.:]+", line)
        assert page, (await process.communicate())[1].decode() or line
        async with httpx2.AsyncClient(base_url=page.group()) as http:
            state = (await http.get("/client/state")).json()
            yield Running(process, line, http, state["bots"][0]["id"])
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


def _spoken(line: str) -> bool:
    event = json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else {}
    return bool(event.get("type") == "message" and event["message"]["from"]["is_bot"])
