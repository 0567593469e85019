"""The real program, which kills (or stops) itself right after a chosen commit, or within it.

A point is one of the design's transactions, such as "T4". "H /unlock" is after the transaction H
of an update in which that is said, "H- /unlock" is in it: all is written and nothing committed. So
are "kept-" and "published-" in the transactions that keep what was heard, and publish at once.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from bot.app import build
from bot.ops.logs import set_up_logging
from bot.settings import load_settings
from db.attention import TellPeople
from db.calls import CallState, NoteCalls, ProposeCalls
from db.drafts import PublishAnew
from db.operations import (
    Accept,
    Claim,
    Complete,
    Handle,
    KeepExtracts,
    NoteResponse,
    Post,
)
from db.outdated import Rewritten
from db.transaction import Operation
from tests.crash.booking import CrashTools
from tests.crash.trouble import FailingCommits, PutBack, Trouble

POINTS = ("T1", "T2", "T2b", "T3", "T4", "T5", "T6", "H")  # of turns and events
BOOK: Final = "CRASH_BOOK"  # where a tool books; without it there are no tools


NAMES: dict[type[Operation[Any]], str] = {
    Accept: "T1",
    Claim: "T2",
    NoteResponse: "T2b",
    Complete: "T6",
    Handle: "H",
    ProposeCalls: "T7",
    KeepExtracts: "kept",
    TellPeople: "told",
    Rewritten: "shown",
    PublishAnew: "published",
}


def points(operation: Operation[Any]) -> set[str]:
    """Which of the design's transactions an operation carries out."""
    if isinstance(operation, NoteCalls):
        running = operation.became[0].state is CallState.RUNNING
        return {"T8" if running else "T9"}
    if not isinstance(operation, Post):
        return {NAMES[type(operation)]} if type(operation) in NAMES else set()
    sending = operation.intend is not None or bool(operation.intend_first and operation.drafts)
    parts = {
        "T3": bool(operation.drafts) and not sending,
        "T4": sending,
        "T5": bool(operation.settled) or (sending and operation.logged),
    }
    return {name for name, there in parts.items() if there}


def is_at(point: str, operation: Operation[Any]) -> bool:
    """Whether an operation is at a point."""
    name, _, said = point.partition(" ")
    if isinstance(operation, Handle) and name.startswith("H") and said:
        return said in operation.event.payload
    return name.removesuffix("-") in points(operation)


@dataclass(slots=True)
class Strike:
    """Sends this process a signal when a point is reached for the `after`-th time."""

    point: str
    after: int
    number: int

    @property
    def within(self) -> type[Operation[Any]] | None:
        """In the transactions of which kind it strikes; None: after one."""
        name = self.point.partition(" ")[0]
        return next((kind for kind, known in NAMES.items() if name == f"{known}-"), None)

    def __call__(self, operations: Sequence[Operation[Any]], _: object) -> None:
        if self.within is None:
            self.count(operations)

    def count(self, operations: Sequence[Operation[Any]]) -> None:
        """Strike if one of these is it."""
        self.after -= sum(is_at(self.point, operation) for operation in operations)
        if self.point and self.after <= 0:
            self.point = ""
            os.kill(os.getpid(), self.number)

    def lurk(self) -> None:
        """Strike within transactions, when all of an operation is written."""
        if (kind := self.within) is None:
            return
        carry_out_all = kind.carry_out_all

        def counted(connection: Connection, batch: Sequence[Any]) -> Sequence[Any]:
            results = carry_out_all(connection, batch)
            self.count(batch)
            return results

        kind.carry_out_all = counted  # type: ignore[method-assign]  # the only way into a transaction


async def main(point: str, after: str, number: str, suffers: str) -> None:
    """Run as the settings in the environment say; print READY when the bot listens."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    settings = load_settings()
    set_up_logging(level=settings.log_level, form=settings.log_format)
    strike = Strike(point, int(after), int(number))
    strike.lurk()
    commits = FailingCommits(Trouble.load(suffers))

    def ready(_: object) -> None:
        commits.begin()
        print("READY", flush=True)

    clock = PutBack(commits.trouble, commits)
    book = os.environ.get(BOOK)
    toolbox = CrashTools(Path(book)) if book else None
    app = build(settings, clock=clock, telemetry=commits, observe=strike, toolbox=toolbox)
    await app.run(stop, ready=ready)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
