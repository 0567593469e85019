"""Gateways beside one that only passes on: `python -m bench.gateways`.

A phone's `/prompt-stream` and chat completions in a stream, each asked the same as the same route
of `bench.bare_gateway`; phases of one and of the other take turns.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final

from bench.alone import measure_alone
from bench.callers import WAYS
from bench.measure import MILLISECONDS, Figures, Subject, Talk, World, open_world
from bench.processes import Bot, Cores, host, read_address, running
from bot.ops.vault import new_key
from tests.addresses import free_port

SUBJECT: Final = Subject("Sportello", ("bot", "run"), ours=True)
CHATS: Final = 80  # each asks once in a phase
AT_ONCE: Final = 20
PHASES: Final = 2
A_MINUTE: Final = 100_000  # messages with the key: no limit is to be met
TITLES: Final = {"phone": "/prompt-stream", "completions": "chat completions in a stream"}


def measure_gateways(*, database_url: str, folder: Path, say: Callable[[str], object]) -> Figures:
    """First words and CPU of a turn by each route, and both as ratios."""
    folder.mkdir()
    port, key = free_port(), new_key()
    token = _add_key({"DATABASE_URL": database_url, "SECRET_KEY": key})
    settings = {"HTTP_PORT": str(port), "SECRET_KEY": key}
    figures: Figures = {}
    with (
        open_world(SUBJECT, database_url=database_url, folder=folder, settings=settings) as world,
        _bare(world, f"http://127.0.0.1:{port}/k/{token}", folder / "log") as (ours, bare),
    ):
        for way in WAYS:
            say(f"warm-up: {TITLES[way]}")
            ours.talk(way)
            bare.talk(way)
            say(f"{PHASES} times {CHATS} turns by each: {TITLES[way]}")
            phases = [(ours.talk(way), bare.talk(way)) for _ in range(PHASES)]
            figures |= _compare(way, phases)
    return figures


def _add_key(settings: dict[str, str]) -> str:
    """The first company gets a key for its programs."""
    host("tenants", "create", "hotel-aurora", "--preset", "hotel-aurora", settings=settings)
    made = host("keys", "new", "hotel-aurora", "bench", "--json", settings=settings)
    host("keys", "limit", "hotel-aurora", "bench", "--messages", str(A_MINUTE), settings=settings)
    return str(json.loads(made)["key"])


@dataclass(frozen=True, slots=True)
class Gateway:
    """One that is measured. `callers`: the address of those who ask it."""

    world: World
    bot: Bot
    url: str
    callers: str

    def talk(self, way: str) -> Talk:
        """All ask once each."""
        began = self.bot.cpu_seconds()
        body = {"url": self.url, "way": way, "chats": CHATS, "at_once": AT_ONCE}
        answer = self.world.http.post(f"{self.callers}/bench/talk", json=body)
        answer.raise_for_status()
        return Talk(answer.json(), self.bot.cpu_seconds() - began)


@contextmanager
def _bare(world: World, url: str, log: Path) -> Iterator[tuple[Gateway, Gateway]]:
    """Sportello, and the bare one on the same core, which rests while the other is asked."""
    cores = Cores.choose()
    api = {"OPENAI_API_KEY": "sk-emulated", "OPENAI_BASE_URL": f"{world.openai}/v1"}
    with ExitStack() as stack:
        start = stack.enter_context
        asking = start(running("bench.callers", core=cores.rest, environment={}, log=log))
        bare = start(running("bench.bare_gateway", core=cores.bot, environment=api, log=log))
        callers = read_address(asking)
        yield (
            Gateway(world, world.bot, url, callers),
            Gateway(world, Bot(bare), read_address(bare), callers),
        )


def _compare(way: str, phases: Sequence[tuple[Talk, Talk]]) -> Figures:
    ours, bare = zip(*phases, strict=True)
    first, first_there = (
        median(turn["first_at"] - turn["written_at"] for talk in talks for turn in talk.turns)
        for talks in (ours, bare)
    )
    cpu, cpu_there = (
        sum(talk.cpu_seconds for talk in talks) / (PHASES * CHATS) for talks in (ours, bare)
    )
    return {
        f"{way} first": first * MILLISECONDS,
        f"{way} first ratio": first / first_there,
        f"{way} turn": cpu * MILLISECONDS,
        f"{way} cpu": cpu / cpu_there,
    }


def main() -> None:
    """Print the figures."""
    found = measure_alone(measure_gateways, name="gateways", description=__doc__)
    for way, title in TITLES.items():
        print(
            f"{title}: first words after {found[f'{way} first']:.0f} ms (p50),"
            f" x {found[f'{way} first ratio']:.2f} of the bare gateway's;"
            f" CPU {found[f'{way} turn']:.1f} ms a turn, x {found[f'{way} cpu']:.2f}"
        )


if __name__ == "__main__":
    main()
