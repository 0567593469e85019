"""Sportello beside two minimal bots: `python -m bench [--quick] [--database postgresql]`.

docs/performance.md tells what is measured and how. The table goes to standard output, what is
going on to standard error.
"""

import argparse
import os
import platform
import resource
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import psutil

from bench.alone import Measurement
from bench.databases import Kind, open_databases
from bench.first import measure_first
from bench.flood import measure_flood
from bench.gateways import measure_gateways
from bench.measure import Figures, Sizes, Subject, measure
from bench.table import OURS, STREAMS, WAITS, Round, write_table
from bench.tool import measure_tool
from bench.web import measure_web

SUBJECTS = (
    Subject(OURS, ("bot", "run"), ours=True),
    Subject(STREAMS, ("bench.floor", "streams")),
    Subject(WAITS, ("bench.floor", "waits")),
)
ALONE: Mapping[str, Measurement] = {  # what needs a world of its own
    "a flood": measure_flood,
    "new chats": measure_first,
    "a tool": measure_tool,
    "the web": measure_web,
    "gateways": measure_gateways,
}
QUICK = Sizes(
    crowd=50,
    crowd_turns=100,
    some=20,
    some_turns=60,
    alone_turns=5,
    floor_turns=100,
    updates_per_second=100,
    updates=200,
)


def main() -> None:
    """Measure in interleaved rounds, so that a noisy moment strikes all bots alike."""
    given = _parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and no process is left behind
    sizes, rounds = (QUICK, 1) if given.quick else (Sizes(), given.rounds)
    with _noise() as others:
        figures = list(_rounds(sizes, rounds, Kind(given.database)))
    print("\n".join(_heading(given.database, rounds)), end="\n\n")
    print("\n".join(write_table(figures, sizes)), end="\n\n")
    print(f"Other processes used {others():.0%} of the machine meanwhile.")
    if given.quick:
        print("A quick look: the targets are about more chats than these.")


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round, fewer chats")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", choices=[*Kind], default=Kind.SQLITE)
    return parser.parse_args()


def _rounds(sizes: Sizes, rounds: int, kind: Kind) -> Iterator[Round]:
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        open_databases(kind, Path(folder)) as create,
    ):
        for number in range(rounds):
            found: Round = {}
            for place, subject in enumerate(SUBJECTS):
                name = f"run_{number}_{place}"
                say = _progress(f"round {number + 1}/{rounds}, {subject.name}")
                found[subject.name] = _measure(subject, sizes, create, Path(folder) / name, say)
            for what, measurement in ALONE.items():
                name = f"{what}_{number}".replace(" ", "_")
                say = _progress(f"round {number + 1}/{rounds}, {what}")
                found[OURS] |= measurement(
                    database_url=create(name), folder=Path(folder) / name, say=say
                )
            yield found


def _measure(
    subject: Subject,
    sizes: Sizes,
    create: Callable[[str], str],
    folder: Path,
    say: Callable[[str], object],
) -> Figures:
    url = create(folder.name)
    try:
        return measure(subject, sizes, database_url=url, folder=folder, say=say)
    except Exception:
        log = folder / "log"
        print(log.read_text() if log.exists() else "nothing was started", file=sys.stderr)
        raise


def _progress(what: str) -> Callable[[str], None]:
    began = monotonic()

    def say(step: str) -> None:
        print(f"{monotonic() - began:6.1f} s  {what}: {step}", file=sys.stderr, flush=True)

    return say


def _heading(database: str, rounds: int) -> Sequence[str]:
    today, cores = datetime.now(UTC).date(), len(os.sched_getaffinity(0))
    where = f"{cores} cores, Python {platform.python_version()}, {database}"
    return (f"{today}, {where}; medians and ranges of {rounds} round(s).",)


@contextmanager
def _noise() -> Iterator[Callable[[], float]]:
    """The share of the machine's time that others than this benchmark used in the block."""
    before, own = psutil.cpu_times(), _own_seconds()
    used = 0.0

    def share() -> float:
        return used

    yield share
    after = psutil.cpu_times()
    total, idle = sum(after) - sum(before), after.idle - before.idle
    used = max(0.0, total - idle - (_own_seconds() - own)) / total


def _own_seconds() -> float:
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


if __name__ == "__main__":
    main()
