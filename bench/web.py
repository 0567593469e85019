"""A turn on a web page beside one in Telegram, and open streams: `python -m bench.web`.

The same bot answers both, with the same words; phases of one and of the other take turns.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import monotonic, sleep
from typing import Any, Final

import psutil

from bench.alone import measure_alone
from bench.measure import MILLISECONDS, PERCENT, Figures, Subject, Talk, World, open_world
from bench.processes import Cores, host, read_address, running
from bench.visitors import ORIGIN
from bot.ops.vault import new_key
from tests.addresses import free_port

SUBJECT: Final = Subject("Sportello", ("bot", "run"), ours=True)
CHATS: Final = 200  # each writes once in a phase, or Telegram's limits would count
AT_ONCE: Final = 50
PHASES: Final = 2
STREAMS: Final = 500
QUIET_SECONDS: Final = 20.0  # more than a stream is silent for
MEGABYTE: Final = 1 << 20
COMPANY: Final = """
company_name = "Hotel Aurora"
language = "en"
"""


def measure_web(*, database_url: str, folder: Path, say: Callable[[str], object]) -> Figures:
    """CPU of a web turn and the way of its first bubble, as ratios; what an open stream costs."""
    folder.mkdir()
    port, key = free_port(), new_key()
    site = _add_site({"DATABASE_URL": database_url, "SECRET_KEY": key}, folder)
    settings = {"HTTP_PORT": str(port), "SECRET_KEY": key, "TRUSTED_PROXIES": "127.0.0.1"}
    settings["HTTP_FREE_SESSIONS"] = "10000"  # so many at once do no work first
    with (
        open_world(SUBJECT, database_url=database_url, folder=folder, settings=settings) as world,
        _visitors(world, f"http://127.0.0.1:{port}", site, folder / "log") as visitors,
    ):
        say("warm-up of both")
        visitors.open(CHATS)
        _in_telegram(world)
        visitors.talk()
        say(f"{PHASES} times {CHATS} turns in Telegram, and on the page")
        phases = [(_in_telegram(world), visitors.talk()) for _ in range(PHASES)]
        figures = _compare(phases, world.timings())
        say(f"{STREAMS} open streams")
        return figures | _streams(world, visitors)


def _add_site(settings: dict[str, str], folder: Path) -> str:
    """A company with a site; the key in its pages."""
    profile = folder / "hotel-aurora.toml"
    profile.write_text(COMPANY)
    host("tenants", "apply", str(profile), settings=settings)
    added = host("sites", "add", "hotel-aurora", ORIGIN, "--json", settings=settings)
    return str(json.loads(added)["key"])


@dataclass(frozen=True, slots=True)
class Visitors:
    """Those of the page, in a process of their own."""

    world: World
    address: str

    def open(self, count: int) -> None:
        """So many more listen."""
        self._post("/bench/open", {"count": count})

    def talk(self) -> Talk:
        """The first ones write once each."""
        began = self.world.bot.cpu_seconds()
        turns = self._post("/bench/talk", {"chats": CHATS, "at_once": AT_ONCE})
        return Talk(turns, self.world.bot.cpu_seconds() - began)

    def _post(self, path: str, body: dict[str, int]) -> Any:
        answer = self.world.http.post(f"{self.address}{path}", json=body)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def _visitors(world: World, url: str, site: str, log: Path) -> Iterator[Visitors]:
    arguments = ("bench.visitors", url, site)
    core = Cores.choose().rest
    with running(*arguments, core=core, environment={}, log=log) as process:
        yield Visitors(world, read_address(process))


def _in_telegram(world: World) -> Talk:
    return world.talk(chats=CHATS, at_once=AT_ONCE, count=CHATS, spread_seconds=0)


def _compare(phases: Sequence[tuple[Talk, Talk]], timings: Sequence[dict[str, Any]]) -> Figures:
    telegram, web = zip(*phases, strict=True)
    way, way_there = (
        median(each for talk in talks for each in talk.overheads(timings))
        for talks in (web, telegram)
    )
    return {
        "web cpu": sum(talk.cpu_seconds for talk in web)
        / sum(talk.cpu_seconds for talk in telegram),
        "web event": way * MILLISECONDS,
        "web event ratio": way / way_there,
    }


def _streams(world: World, visitors: Visitors) -> Figures:
    """What more streams weigh, and what all of them cost while nothing is said."""
    process = psutil.Process(world.bot.process.pid)
    before = process.memory_info().rss
    visitors.open(STREAMS)
    weight = (process.memory_info().rss - before) / STREAMS / MEGABYTE
    cpu, began = world.bot.cpu_seconds(), monotonic()
    sleep(QUIET_SECONDS)
    share = (world.bot.cpu_seconds() - cpu) / (monotonic() - began)
    return {"stream memory": weight, "streams cpu": share * PERCENT}


def main() -> None:
    """Print the figures."""
    found = measure_alone(measure_web, name="web", description=__doc__)
    print(f"a turn on a page: CPU x {found['web cpu']:.2f} of one in Telegram")
    print(
        f"closing quote to the reader's event, p50: {found['web event']:.1f} ms,"
        f" x {found['web event ratio']:.2f} of that to sendMessage"
    )
    print(
        f"an open stream: {found['stream memory']:.2f} MB;"
        f" {STREAMS} more: {found['streams cpu']:.1f} % of a core"
    )


if __name__ == "__main__":
    main()
