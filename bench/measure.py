"""One bot's figures: a world of its own, a warm-up, and one phase after the other."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from time import sleep
from types import MappingProxyType
from typing import Any, Final

import httpx2

from bench.clients import BUBBLES, bubble
from bench.processes import Bot, Cores, read_address, running

TOKEN: Final = "4711:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"  # noqa: S105 # of an emulated bot
REPLY: Final = {
    "messages": [bubble(part) for part in range(1, BUBBLES + 1)],
    "chunks": 60,
    "first_ms": 200,
    "delay_ms": 12,
}
PHASE_SECONDS: Final = 120.0
GLANCE_SECONDS: Final = 0.05
MILLISECONDS: Final = 1000.0
PERCENT: Final = 100

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    crowd: int = 200  # chats at once where the most are
    crowd_turns: int = 600
    some: int = 50
    some_turns: int = 250
    alone_turns: int = 12
    floor_turns: int = 300
    updates_per_second: int = 200
    updates: int = 1000


@dataclass(frozen=True, slots=True)
class Subject:
    """A bot to measure: how it is started, and whether its bubbles and its intake count."""

    name: str
    arguments: tuple[str, ...]
    ours: bool = False


@dataclass(slots=True)
class World:
    """A bot, and the emulators and clients around it."""

    bot: Bot
    telegram: str
    openai: str
    http: httpx2.Client = field(repr=False)

    def talk(self, *, chats: int, at_once: int, count: int, spread_seconds: float) -> "Talk":
        """Let clients write and be answered; what that took."""
        began = self.bot.cpu_seconds()
        body = {"chats": chats, "at_once": at_once, "count": count}
        turns = self._post("/bench/talk", body | {"spread_seconds": spread_seconds})
        return Talk(turns, self.bot.cpu_seconds() - began)

    def write(self, *, chats: int, per_second: float, count: int) -> list[float]:
        """Let clients write at a rate; seconds from each text to its confirmation."""
        body = {"chats": chats, "per_second": per_second, "count": count}
        accepted = self._post("/bench/write", body)
        return [one["confirmed_at"] - one["written_at"] for one in accepted]

    def flood(self, *, photos: int, per_second: float) -> None:
        """Let one more client send photos from now on, which nobody waits for."""
        self._post("/bench/flood", {"photos": photos, "per_second": per_second})

    def fetched(self) -> int:
        """How many files the bot has fetched."""
        url = f"{self.telegram}/control/calls?method=download"
        return len(self.http.get(url).json())

    def timings(self) -> list[dict[str, Any]]:
        """What the emulated model did when, reply by reply."""
        found: list[dict[str, Any]] = self.http.get(f"{self.openai}/control/timings").json()
        return found

    def _post(self, path: str, body: dict[str, float]) -> Any:
        try:
            answer = self.http.post(f"{self.telegram}{path}", json=body)
        except httpx2.TimeoutException:
            raise RuntimeError(f"{path} takes forever; {self.bot.state()}") from None
        answer.raise_for_status()
        return answer.json()


@dataclass(frozen=True, slots=True)
class Talk:
    """Some turns, and the CPU seconds of the bot while they lasted."""

    turns: Sequence[dict[str, float]]
    cpu_seconds: float

    def overheads(self, timings: Sequence[dict[str, Any]]) -> list[float]:
        """Seconds from the closing quote of each first bubble to the arrival of its message."""
        return [
            turn["first_at"] - timings[int(turn["number"]) - 1]["closed"][0] for turn in self.turns
        ]

    def delays(self, timings: Sequence[dict[str, Any]]) -> list[float]:
        """Seconds from each text to its first bubble, without those that the model took."""
        return [
            turn["first_at"] - turn["written_at"] - (model["closed"][0] - model["received"])
            for turn in self.turns
            for model in (timings[int(turn["number"]) - 1],)
        ]

    def seconds(self) -> float:
        """From the first text to the last bubble."""
        began = min(turn["written_at"] for turn in self.turns)
        return max(turn["last_at"] for turn in self.turns) - began


def measure(
    subject: Subject,
    sizes: Sizes,
    *,
    database_url: str,
    folder: Path,
    say: Callable[[str], object],
) -> Figures:
    """Everything about one bot, in processes of its own."""
    folder.mkdir()
    with open_world(subject, database_url=database_url, folder=folder) as world:
        if subject.ours:
            return _measure_ours(world, sizes, say)
        return _measure_floor(world, sizes, say)


def _measure_ours(world: World, sizes: Sizes, say: Callable[[str], object]) -> Figures:
    # Each chat writes once in a phase: more often would spend its budget of messages at Telegram.
    pool = max(sizes.crowd_turns, sizes.some_turns, sizes.alone_turns)
    say(f"warm-up, {pool} chats")
    world.talk(chats=pool, at_once=sizes.crowd, count=pool, spread_seconds=1)
    say("1 chat")
    count = sizes.alone_turns
    alone = world.talk(chats=count, at_once=1, count=count, spread_seconds=0)
    say(f"{sizes.some} chats")
    count = sizes.some_turns
    some = world.talk(chats=count, at_once=sizes.some, count=count, spread_seconds=1)
    say(f"{sizes.crowd} chats")
    count = sizes.crowd_turns
    crowd = world.talk(chats=count, at_once=sizes.crowd, count=count, spread_seconds=0)
    say(f"{sizes.updates_per_second} updates a second")
    accepted = world.write(
        chats=sizes.crowd, per_second=sizes.updates_per_second, count=sizes.updates
    )
    timings = world.timings()
    burst = Talk(crowd.turns[: sizes.crowd], 0.0)
    return {
        **percentiles("overhead 1", alone.overheads(timings)),
        **percentiles("overhead some", some.overheads(timings)),
        **percentiles("overhead crowd", crowd.overheads(timings)),
        **percentiles("delay", burst.delays(timings)),
        **percentiles("acceptance", accepted),
        **_costs(world, crowd),
    }


def _measure_floor(world: World, sizes: Sizes, say: Callable[[str], object]) -> Figures:
    say(f"warm-up, {sizes.crowd} chats")
    world.talk(chats=sizes.crowd, at_once=sizes.crowd, count=sizes.crowd, spread_seconds=1)
    say(f"{sizes.crowd} chats")
    count = sizes.floor_turns
    crowd = world.talk(chats=sizes.crowd, at_once=sizes.crowd, count=count, spread_seconds=0)
    return _costs(world, crowd)


def _costs(world: World, talk: Talk) -> Figures:
    return {
        "cpu": talk.cpu_seconds / len(talk.turns) * MILLISECONDS,
        "throughput": len(talk.turns) / talk.seconds(),
        "wait": median(turn["first_at"] - turn["written_at"] for turn in talk.turns) * MILLISECONDS,
        "memory": world.bot.peak_megabytes(),
    }


def percentiles(name: str, seconds: Sequence[float]) -> Figures:
    """The 50th and the 99th percentile in milliseconds."""
    cuts = quantiles(seconds, n=PERCENT, method="inclusive")
    return {f"{name} p50": cuts[49] * MILLISECONDS, f"{name} p99": cuts[98] * MILLISECONDS}


@contextmanager
def open_world(
    subject: Subject,
    *,
    database_url: str,
    folder: Path,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[World]:
    """Emulators, clients and the bot, which has polled when the block begins."""
    cores, log = Cores.choose(), folder / "log"
    (folder / "reply.json").write_text(json.dumps(REPLY))
    with ExitStack() as stack:

        def start(*arguments: str) -> str:
            process = running(*arguments, core=cores.rest, environment={}, log=log)
            return read_address(stack.enter_context(process))

        telegram = start("bench.clients", TOKEN)
        openai = start("bot.playground.openai", "--reply", str(folder / "reply.json"))
        openai = openai.removesuffix("/v1")
        environment = {**_environment(telegram, openai, database_url), **settings}
        bot = stack.enter_context(
            running(*subject.arguments, core=cores.bot, environment=environment, log=log)
        )
        http = stack.enter_context(httpx2.Client(timeout=PHASE_SECONDS))
        while not http.get(f"{telegram}/bench/met").json():
            if bot.poll() is not None:
                raise RuntimeError(f"{subject.name} ended at its start")
            sleep(GLANCE_SECONDS)
        yield World(Bot(bot), telegram, openai, http)


def _environment(telegram: str, openai: str, database_url: str) -> dict[str, str]:
    return {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": telegram,
        "OPENAI_API_KEY": "sk-emulated",
        "OPENAI_BASE_URL": f"{openai}/v1",
        "DATABASE_URL": database_url,
        "PACE": "off",
        "TURN_QUIET_SECONDS": "0",
        "TURNS_PER_MINUTE": "0",
        "WAITING_SECONDS": "0",
    }
