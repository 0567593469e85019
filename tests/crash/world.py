"""What survives a crash: Telegram, OpenAI, the database and the clients; and the victims."""

import asyncio
import os
import random
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx2

from bot.playground.voices import silence, with_words
from tests.crash.trouble import Trouble

TOKEN = "4711:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
BOT = 4711
READY_SECONDS = 120.0  # a machine that is busy otherwise takes its time to load a program
FASTEST, SLOWEST = 0.4, 1.6  # seconds between two messages of a client
CALLS_KEPT = "1000000"  # Telegram's own log is what silence is read off
COMMANDS = 0.1  # the share of messages that are /help


NO_TROUBLE = Trouble()


@dataclass(slots=True)
class Victim:
    """One process of the program."""

    process: Process

    @property
    def lives(self) -> bool:
        return self.process.returncode is None

    async def killed(self, seconds: float) -> bool:
        """Wait until it is dead; False if it lives on."""
        try:
            await asyncio.wait_for(self.process.wait(), seconds)
        except TimeoutError:
            return False
        return self.process.returncode == -signal.SIGKILL

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    async def kill(self) -> None:
        if self.lives:
            self.signal(signal.SIGKILL)
        await self.process.wait()


@dataclass(slots=True)
class World:
    """The addresses of what survives, and what the clients have written."""

    telegram: str
    openai: str
    database_url: str
    folder: Path
    settings: dict[str, str]
    http: httpx2.AsyncClient
    written: dict[int, list[str]] = field(default_factory=dict)
    commands: dict[int, int] = field(default_factory=dict)
    wrote_at: dict[int, list[float]] = field(default_factory=dict)  # on the monotonic clock
    pauses: tuple[float, float] = FASTEST, SLOWEST
    voices: float = 0.0  # the share of messages that are spoken
    recordings: int = 0  # how many were
    victims: list[Victim] = field(default_factory=list)
    bots: dict[int, str] = field(default_factory=lambda: {BOT: TOKEN})

    async def start(
        self,
        point: str = "",
        *,
        after: int = 1,
        number: signal.Signals = signal.SIGKILL,
        trouble: Trouble = NO_TROUBLE,
        settings: Mapping[str, str] = MappingProxyType({}),
    ) -> Victim:
        """Start the program and wait until it listens or is dead already."""
        log = (self.folder / "victim.log").open("a")
        with log:
            arguments = (point, str(after), str(int(number)), trouble.dump())
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.crash.victim", *arguments),
                env={**self._environment(), **settings},
                stdout=PIPE,
                stderr=log,
            )
        assert process.stdout
        await asyncio.wait_for(process.stdout.readline(), READY_SECONDS)
        victim = Victim(process)
        self.victims.append(victim)
        return victim

    def _environment(self) -> dict[str, str]:
        return {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "PYTHONPATH": os.getcwd(),
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.telegram,
            "OPENAI_API_KEY": "sk-emulated",
            "OPENAI_BASE_URL": f"{self.openai}/v1",
            "DATABASE_URL": self.database_url,
            "TURN_QUIET_SECONDS": "0.1",
            "LEASE_SECONDS": "2",
            "TURNS_PER_MINUTE": "0",
            "WAITING_SECONDS": "0",
            "PACE": "brisk",
            "LOG_LEVEL": "debug",
            "LOG_FORMAT": "json",
            **self.settings,
        }

    # ----------------------------------------------------------------- the clients

    async def people(self, count: int) -> Sequence[int]:
        """So many clients, who speak English."""
        made = [
            await self._post("/client/people", {"first_name": f"C{n}", "language_code": "en"})
            for n in range(count)
        ]
        return [int(person["id"]) for person in made]

    async def talk(self, person: int, stop: asyncio.Event, chance: random.Random) -> None:
        """One client writes now and then until told to stop."""
        self.written[person], self.commands[person] = [], 0
        while not stop.is_set():
            if chance.random() < COMMANDS:
                self.commands[person] += 1
                await self.write(person, "/help")
            else:
                text = f"c{person}m{len(self.written[person])}"
                self.written[person].append(text)
                spoken = self.voices and chance.random() < self.voices
                say = self.speak if spoken else self.write
                await say(person, text)
            await asyncio.sleep(chance.uniform(*self.pauses))

    def bot_of(self, person: int) -> int:
        """The bot that somebody talks to."""
        return list(self.bots)[person % len(self.bots)]

    async def heard(self, person: int) -> list[str]:
        """What the bot has said to a client, in order."""
        messages = await self.messages(person)
        return [message["text"] for message in messages if message["from"]["is_bot"]]

    async def spoken(self) -> Counter[int]:
        """How many messages each bot has sent to the clients."""
        said: Counter[int] = Counter()
        for person in self.written:
            said[self.bot_of(person)] += len(await self.heard(person))
        return said

    async def messages(self, person: int, *, after: int = 0) -> list[Any]:
        """The messages of a client's chat, in order; `after` is a message's id."""
        answer = await self.http.get(
            f"{self.telegram}/client/chats/{person}/messages",
            params={"bot": self.bot_of(person), "after": after},
        )
        return list(answer.json())

    async def write(self, person: int, text: str) -> None:
        """Say something to the bot."""
        self.wrote_at.setdefault(person, []).append(time.monotonic())
        body = {"bot": self.bot_of(person), "from": person, "text": text}
        await self._post(f"/client/chats/{person}/messages", body)

    async def speak(self, person: int, text: str) -> None:
        """Say something to the bot in a voice message."""
        self.recordings += 1
        self.wrote_at.setdefault(person, []).append(time.monotonic())
        answer = await self.http.post(
            f"{self.telegram}/client/chats/{person}/files",
            data={"bot": str(self.bot_of(person)), "from": str(person)},
            files={"voice": ("voice.oga", with_words(silence(1), text), "audio/ogg")},
        )
        answer.raise_for_status()

    async def transcribed(self) -> int:
        """How often OpenAI was to hear something."""
        answer = await self.http.get(f"{self.openai}/control/requests")
        return [one["path"] for one in answer.json()].count("/v1/audio/transcriptions")

    async def harm(self, kind: str, **more: object) -> None:
        """One of the next calls that send a message fails so; see Telegram's `Fault.named`."""
        await self._post("/control/faults", {"kind": kind, "method": "sendMessage", **more})

    async def heal(self) -> None:
        """Nothing fails any more, at Telegram or at OpenAI."""
        for address in (self.telegram, self.openai):
            answer = await self.http.delete(f"{address}/control/faults")
            answer.raise_for_status()

    async def forget_cut_answers(self) -> None:
        """An answer whose reader dies is gone, until `heal`: another must go on."""
        fault = {"kind": "none", "count": None, "then": "drop"}
        answer = await self.http.post(f"{self.openai}/control/faults", json=fault)
        answer.raise_for_status()

    async def sent_at(self) -> dict[int, list[float]]:
        """When each chat was sent something, by Telegram's log, on the monotonic clock."""
        answer = await self.http.get(f"{self.telegram}/control/calls?method=sendMessage")
        times: dict[int, list[float]] = {}
        for call in answer.json():
            if call["answered_at"] is not None and call["result"] is not None:
                times.setdefault(call["chat_id"], []).append(call["answered_at"])
        return times

    async def press(self, person: int, message: Any, data: str) -> None:
        """Press a button with these data; no matter whether the card was changed before."""
        user = {"id": person, "is_bot": False, "first_name": "C", "language_code": "en"}
        query = {"id": "1", "from": user, "chat_instance": "1", "message": message, "data": data}
        await self._post("/control/updates", {"bot": BOT, "update": {"callback_query": query}})

    async def add_bot(self, token: str, *, username: str) -> None:
        """A bot that the program does not know yet."""
        await self._post("/client/bots", {"token": token, "username": username})

    async def pending_updates(self) -> int:
        """How many updates Telegram still keeps for the bots."""
        paths = [f"{self.telegram}/bot{token}/getWebhookInfo" for token in self.bots.values()]
        answers = [(await self.http.get(path)).json() for path in paths]
        return sum(int(answer["result"]["pending_update_count"]) for answer in answers)

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        answer = await self.http.post(f"{self.telegram}{path}", json=body)
        answer.raise_for_status()
        return answer.json()


@asynccontextmanager
async def open_world(
    database_url: str,
    folder: Path,
    settings: dict[str, str],
    *,
    rhythm: str = "quick",
    echoes: bool = True,
) -> AsyncIterator[World]:
    """Emulators as processes of their own; every process is gone at the end.

    `echoes`: whether the model says the client's words, or what the offline model would.
    """
    model = ("tests.crash.echo", rhythm) if echoes else ("bot.playground.openai",)
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(
            _emulator("bot.playground.telegram", "--token", TOKEN, "--calls-kept", CALLS_KEPT)
        )
        openai = (await stack.enter_async_context(_emulator(*model))).removesuffix("/v1")
        http = await stack.enter_async_context(httpx2.AsyncClient(timeout=30))
        world = World(telegram, openai, database_url, folder, settings, http)
        try:
            yield world
        finally:
            for victim in world.victims:
                await victim.kill()


@asynccontextmanager
async def _emulator(*arguments: str) -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", *arguments, stdout=PIPE)
    assert process.stdout
    line = await asyncio.wait_for(process.stdout.readline(), READY_SECONDS)
    try:
        yield line.decode().split()[-1]
    finally:
        process.kill()
        await process.wait()
