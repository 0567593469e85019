"""The first turn of a new chat beside its second: `python -m bench.first [--database postgresql]`.

Every call to the model's server but the stream takes 300 ms; the quiet window is as it comes.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.alone import measure_alone
from bench.measure import MILLISECONDS, Figures, Subject, Talk, World, open_world

SUBJECT: Final = Subject("Sportello", ("bot", "run"), ours=True)
CHATS: Final = 100
AT_ONCE: Final = 10
CALL_SECONDS: Final = 0.3
SLOW: Final = ("conversations", "items", "responses.retrieve")
QUIET: Final = {"TURN_QUIET_SECONDS": "0.7"}


def measure_first(*, database_url: str, folder: Path, say: Callable[[str], object]) -> Figures:
    """How much later the first bubble of a new chat comes, and what more its turn costs."""
    folder.mkdir()
    with open_world(SUBJECT, database_url=database_url, folder=folder, settings=QUIET) as world:
        say("warm-up of new chats")
        for _ in range(2):
            _talk(world, chats=AT_ONCE)
        for on in SLOW:
            fault = {"kind": "hang", "seconds": CALL_SECONDS, "on": on, "count": None}
            world.http.post(f"{world.openai}/control/faults", json=fault).raise_for_status()
        # Those of the warm-up are the first ones of the crowd, and are no longer new.
        say(f"{CHATS} new chats, twice")
        first = _talk(world, chats=CHATS + AT_ONCE)
        second = _talk(world, chats=CHATS + AT_ONCE)
        timings = world.timings()
    later = _delay(first.turns[AT_ONCE:], timings) - _delay(second.turns[AT_ONCE:], timings)
    a_turn = second.cpu_seconds / len(second.turns)
    of_new = first.cpu_seconds - AT_ONCE * a_turn
    return {"first delay": later * MILLISECONDS, "first cpu": of_new / CHATS / a_turn}


def _talk(world: World, *, chats: int) -> Talk:
    return world.talk(chats=chats, at_once=AT_ONCE, count=chats, spread_seconds=1)


def _delay(turns: Sequence[dict[str, float]], timings: Sequence[dict[str, Any]]) -> float:
    return median(Talk(turns, 0.0).delays(timings))


def main() -> None:
    """Print both figures."""
    found = measure_alone(measure_first, name="first", description=__doc__)
    print(f"first bubble later by {found['first delay']:.0f} ms, CPU x {found['first cpu']:.2f}")


if __name__ == "__main__":
    main()
