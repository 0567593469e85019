"""Where the resident memory of `sportello run` goes: `python -m bench.memory`.

What a run imports, what it has when it listens, and what 200 chats at once add.
"""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import psutil

from bench.alone import measure_alone
from bench.measure import Figures, Subject, World, open_world

SUBJECT: Final = Subject("Sportello", ("bot", "run"), ours=True)
MEGABYTE: Final = 2**20
CHATS: Final = 200
TURNS: Final = 600
PACKAGES: Final = 12  # the heaviest
IMPORTED: Final = "import bot.__main__, bot.cli.run"
RESIDENT: Final = "import psutil; print(psutil.Process().memory_info().rss)"


def measure_memory(*, database_url: str, folder: Path, say: Callable[[str], object]) -> Figures:
    """Megabytes that are resident: after the imports, after a first and a second start, at work."""
    say("imports")
    found = {"all that is imported": int(_python("-c", f"{IMPORTED}; {RESIDENT}")) / MEGABYTE}
    for number, start in enumerate(("a first start, which makes the tables", "a second start")):
        place = folder.with_name(f"{folder.name}_{number}")
        place.mkdir()
        say(start)
        with open_world(SUBJECT, database_url=database_url, folder=place) as world:
            found[start] = _resident(world)
            if number:
                for turns in (CHATS, TURNS):
                    say(f"{turns} turns, {CHATS} at once")
                    world.talk(chats=turns, at_once=CHATS, count=turns, spread_seconds=1)
                    found[f"{turns} chats, {CHATS} at once"] = world.bot.peak_megabytes()
    return found


def _resident(world: World) -> float:
    return float(psutil.Process(world.bot.process.pid).memory_info().rss) / MEGABYTE


def _python(*arguments: str) -> str:
    command = (sys.executable, *arguments)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main() -> None:
    """Print both tables."""
    found = measure_alone(measure_memory, name="memory", description=__doc__)
    print("| resident after | MB |\n|---|---|")
    print("\n".join(f"| {what} | {megabytes:.0f} |" for what, megabytes in found.items()))
    print("\n| package | MB |\n|---|---|")
    for line in _python("-m", "bench.imports").splitlines()[:PACKAGES]:
        package, kilobytes = line.split()
        print(f"| {package} | {int(kilobytes) / 1024:.1f} |")


if __name__ == "__main__":
    main()
