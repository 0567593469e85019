"""`make crash`: kill the real program again and again; nothing may be lost or said twice."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from db.engine import sqlite_path
from tests.crash.chaos import FEW, kills, stopped, twins
from tests.crash.storms import STORMS
from tests.crash.verdict import Verdict
from tests.crash.victim import POINTS
from tests.crash.work import POINTS as WORK_POINTS
from tests.databases import Backend, PostgreSQL, SQLite, guarded_folder, start_postgresql

WAITS_FOR_LEASES = 4  # times as long, since half a minute goes by after most kills
KILLS = "kills"
STORM_SECONDS = 60.0  # of each, at most; what follows until all is quiet comes on top
IN_DOUBT_POINTS = ("T4", "T5", "T4", "T5")  # where resend and skip differ from probe


def main() -> int:
    """Run every kind of crash; 1 when something was lost or said twice."""
    options = _parse()
    with guarded_folder() as folder:
        return asyncio.run(_run(options, folder))


def _parse() -> Namespace:
    parser = ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument(
        "--seconds",
        type=float,
        default=120,
        help="of kills on SQLite; on PostgreSQL 4 times as many",
    )
    parser.add_argument("--seed", type=int, default=1, help="of everything left to chance")
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="one database")
    parser.add_argument(
        "--kind",
        choices=(KILLS, *STORMS),
        help="one kind of trouble; kills are those at each transaction, of admins' work, of two",
    )
    return parser.parse_args()


async def _run(options: Namespace, folder: Path) -> int:
    failed = False
    if options.only != "postgresql":
        sqlite = await _sqlite(folder)
        if options.kind in (None, KILLS):
            failed |= await _kill_all(sqlite, folder, options, name="SQLite")
        failed |= await _storms(sqlite, folder, options, name="SQLite")
    if options.only != "sqlite":
        async with _postgresql(folder) as backend:
            if options.kind in (None, KILLS):
                failed |= await _kill_all(backend, folder, options, name="PostgreSQL")
            failed |= await _storms(backend, folder, options, name="PostgreSQL")
            for kind in (stopped, twins) if options.kind in (None, KILLS) else ():
                print(f"PostgreSQL, {kind.__name__} ...", flush=True)
                place = _place(folder, kind.__name__)
                async with backend.database(place) as url:
                    verdict = await kind(url, place, seed=options.seed, report=_report)
                failed |= _fails(verdict, "probe")
    print("FAILED" if failed else "nothing lost, nothing twice, nothing out of order")
    return int(failed)


async def _kill_all(backend: Backend, folder: Path, options: Namespace, *, name: str) -> bool:
    failed = False
    for policy in ("probe", "resend", "skip"):
        print(f"{name}, IN_DOUBT={policy} ...", flush=True)
        place = _place(folder, f"{name}-{policy}")
        async with backend.database(place) as url:
            verdict = await kills(
                url,
                place,
                policy=policy,
                seconds=_seconds(url, options),
                seed=options.seed,
                report=_report,
                points=POINTS if policy == "probe" else IN_DOUBT_POINTS,
            )
        failed |= _fails(verdict, policy)
        if not verdict.turns_adopted:
            print("  no kill hit an open turn: this run proves nothing")
            failed = True
    return failed | await _kill_admins(backend, folder, options, name=name)


async def _kill_admins(backend: Backend, folder: Path, options: Namespace, *, name: str) -> bool:
    print(f"{name}, what admins do ...", flush=True)
    place = _place(folder, f"{name}-work")
    async with backend.database(place) as url:
        verdict = await kills(
            url,
            place,
            policy="probe",
            points=WORK_POINTS,
            chats=FEW,
            seconds=_seconds(url, options),
            seed=options.seed,
            report=_report,
        )
    return _fails(verdict, "probe")


async def _storms(backend: Backend, folder: Path, options: Namespace, *, name: str) -> bool:
    failed = False
    for kind, storm in STORMS.items():
        if options.kind not in (None, kind):
            continue
        print(f"{name}, {kind} ...", flush=True)
        place = _place(folder, f"{name}-{kind}")
        async with backend.database(place) as url:
            verdict = await storm(
                url,
                place,
                seconds=min(options.seconds, STORM_SECONDS),
                seed=options.seed,
                report=_report,
            )
        failed |= _fails(verdict, "probe")
    return failed


def _seconds(url: str, options: Namespace) -> float:
    return float(options.seconds * (1 if sqlite_path(url) else WAITS_FOR_LEASES))


def _fails(verdict: Verdict, policy: str) -> bool:
    faults = verdict.faults(policy=policy)
    if faults:
        print(f"  WRONG: {faults}", *verdict.evidence, sep="\n    ", flush=True)
    return bool(faults)


def _report(line: str) -> None:
    print(f"  {line}", flush=True)


def _place(folder: Path, name: str) -> Path:
    place = folder / name
    place.mkdir()
    return place


async def _sqlite(folder: Path) -> SQLite:
    backend = SQLite(folder / "template.db")
    await backend.prepare()
    return backend


@asynccontextmanager
async def _postgresql(folder: Path) -> AsyncIterator[PostgreSQL]:
    with start_postgresql(folder) as server:
        backend = PostgreSQL(server, folder)
        await backend.prepare()
        yield backend


if __name__ == "__main__":
    sys.exit(main())
