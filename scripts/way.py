"""The way of a message through the code: which modules and functions it enters, in which order.

    python -m scripts.way            how long the ways are, as a table
    python -m scripts.way message    each function on the way of a client's second message

Three dialogues are told on the stage of the scenarios. What they enter of `bot`, `db` and `tenants`
is counted, from the message to the moment when all is quiet again; the playground's emulators,
module bodies and comprehensions are not. Nor is what the stage itself looks up, nor what loops
beside the dialogue (`BESIDE`) and all that it starts; but what those do in the database's threads
is seen where an interval is just over. So the table has of several runs what all of them entered,
and the fewest commits.
"""

import argparse
import asyncio
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, Final

from db.engine import open_database
from db.migrate import migrate
from tests.scenarios.admins import admin
from tests.scenarios.cards import last
from tests.scenarios.stage import AI_NOTICE, Stage, on_stage
from tests.scenarios.versions import drafts, publishes

ROOT: Final = Path(__file__).parents[1]
PACKAGES: Final = tuple(f"{ROOT / name}/" for name in ("bot", "db", "tenants"))
PLAYGROUND: Final = f"{ROOT / 'bot' / 'playground'}/"
BESIDE: Final = frozenset(  # a task each: what it starts, in tasks or threads, has its context
    {
        *("Fleet.watch", "watch_database", "Menus.keep", "watch_model"),
        *("Lease.keep", "Holding.keep", "Scheduler.sweep", "Housekeeping.keep", "Pruning.keep"),
        *("Attention.keep", "Office.greet"),
    }
)

RUNS: Final = 3
SPEED: Final = 5.0  # of the stage's clock

_is_beside: Final = ContextVar("is_beside", default=False)


@dataclass(slots=True)
class Way:
    """What was entered, in the order of the first time, and how many commits were made."""

    entered: dict[CodeType, None] = field(default_factory=dict)
    commits: int = 0
    is_open: bool = False

    def note(self, frame: FrameType, event: str, _: Any) -> None:
        """What `sys.setprofile` calls."""
        if event != "call":
            return
        if frame.f_code.co_qualname in BESIDE:
            _is_beside.set(True)
        if self.is_open and not _is_beside.get():
            self.entered.setdefault(frame.f_code)

    def functions(self) -> list[tuple[str, str, int]]:
        """Module, name and lines of code of each function of ours."""
        return [
            (
                str(Path(code.co_filename).relative_to(ROOT)),
                code.co_qualname,
                len({line for *_, line in code.co_lines() if line}),
            )
            for code in self.entered
            if code.co_filename.startswith(PACKAGES)
            and not code.co_filename.startswith(PLAYGROUND)
            and not code.co_name.startswith("<")
        ]


@contextmanager
def followed() -> Iterator[Way]:
    """A way that all threads are followed on that begin inside."""
    way = Way()
    threading.setprofile(way.note)
    sys.setprofile(way.note)
    try:
        yield way
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


@asynccontextmanager
async def walked(stage: Stage, way: Way) -> AsyncIterator[None]:
    """What happens inside, to the moment when all is quiet again, belongs to the way."""
    await stage.settles()
    commits, way.is_open = stage.commits, True
    _is_beside.set(True)  # the storyteller's own task
    try:
        yield
        await stage.settles()
    finally:
        way.is_open = False
    way.commits = stage.commits - commits


async def message(stage: Stage, way: Way) -> None:
    """A client's second message, answered with two bubbles."""
    await stage.opens()
    anna = stage.person("Anna")
    stage.will_say("Buongiorno!")
    anna.writes("Buongiorno")
    await anna.hears(AI_NOTICE, "Buongiorno!")
    stage.will_say("Dalle 14:00.", "Fino alle 22:00.")
    async with walked(stage, way):
        anna.writes("A che ora è il check-in?")
        await anna.hears("Dalle 14:00.", "Fino alle 22:00.")


async def configure(stage: Stage, way: Way) -> None:
    """`/configure company_name Hotel Boreale`."""
    ada = await admin(stage)
    async with walked(stage, way):
        ada.writes("/configure company_name Hotel Boreale")
        await last(ada)


async def publish(stage: Stage, way: Way) -> None:
    """`/publish`, and its button."""
    ada = await admin(stage)
    await drafts(stage, company_name="Hotel Boreale")
    async with walked(stage, way):
        await publishes(ada)
        await ada.receives(2)


WALKS: Final[dict[str, Callable[[Stage, Way], Awaitable[None]]]] = {
    walk.__name__: walk for walk in (message, configure, publish)
}


def walk(name: str) -> Way:
    """Tell one of the dialogues on a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_tell(name, f"sqlite+aiosqlite:///{folder}/way.db"))


async def _tell(name: str, url: str) -> Way:
    database = open_database(url)
    await migrate(database, url)
    await database.close()
    with followed() as way:
        async with on_stage(url) as stage:
            stage.clock.speed = SPEED
            await WALKS[name](stage, way)
    return way


def density() -> tuple[int, int]:
    """How many modules the three packages have, and how many lines."""
    files = [path for package in PACKAGES for path in Path(package).rglob("*.py")]
    return len(files), sum(len(path.read_text().splitlines()) for path in files)


def main() -> None:
    """Print the table, or one way."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.way",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", nargs="?", choices=WALKS, help="print this way alone, in its order")
    name = parser.parse_args().name
    if name:
        functions = walk(name).functions()
        print("\n".join(f"{module}: {function}" for module, function, _ in functions))
    else:
        print_table()


def print_table() -> None:
    """All ways, a row each; and how dense the modules are."""
    print("| | modules | functions | their lines | commits |\n|---|---|---|---|---|")
    for name, told in WALKS.items():
        ways = [walk(name) for _ in range(RUNS)]
        functions = set.intersection(*(set(way.functions()) for way in ways))
        modules, lines = len({one[0] for one in functions}), sum(one[2] for one in functions)
        commits, title = min(way.commits for way in ways), (told.__doc__ or "").rstrip(".")
        print(f"| {title} | {modules} | {len(functions)} | {lines} | {commits} |")
    files, lines = density()
    print(f"\n{files} modules of {lines:,} lines: {1000 * files / lines:.1f} per 1,000 lines")


if __name__ == "__main__":
    main()
