"""Clients who write while another sends 200 photos: `python -m bench.flood`.

How much later their first bubbles come than in quiet, as a ratio; each download takes 100 ms.
"""

from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Final

from bench.alone import measure_alone
from bench.measure import Figures, Subject, World, open_world

SUBJECT: Final = Subject("Sportello", ("bot", "run"), ours=True)
CHATS: Final = 100
AT_ONCE: Final = 5
PHOTOS: Final = 200
PHOTOS_PER_SECOND: Final = 40  # about as long as the others talk
DOWNLOAD: Final = {"kind": "delay_before", "method": "download", "seconds": 0.1, "count": None}


def measure_flood(*, database_url: str, folder: Path, say: Callable[[str], object]) -> Figures:
    """How much later the first bubble of others comes while one client floods the desk."""
    folder.mkdir()
    with open_world(SUBJECT, database_url=database_url, folder=folder) as world:
        say("warm-up of those who write")
        world.http.post(f"{world.telegram}/control/faults", json=DOWNLOAD).raise_for_status()
        _delay(world)
        say("in quiet")
        quiet = _delay(world)
        say(f"beside {PHOTOS} photos")
        world.flood(photos=PHOTOS, per_second=PHOTOS_PER_SECOND)
        flooded = _delay(world)
        fetched = world.fetched()
    if not fetched:
        raise RuntimeError("no photo was fetched: nothing was measured")
    return {"flood ratio": flooded / quiet, "flood fetched": float(fetched)}


def _delay(world: World) -> float:
    talk = world.talk(chats=CHATS, at_once=AT_ONCE, count=CHATS, spread_seconds=1)
    return median(talk.delays(world.timings()))


def main() -> None:
    """Print the figure."""
    found = measure_alone(measure_flood, name="flood", description=__doc__)
    print(
        f"first bubble of others x {found['flood ratio']:.2f}"
        f" while {found['flood fetched']:.0f} of {PHOTOS} photos were fetched"
    )


if __name__ == "__main__":
    main()
