"""In which order the engine's parts begin and end: `stop` and `leave` say why."""

from collections.abc import Generator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from bot.turns.engine import Engine
from tests.fakes.channel import BOT

KEPT = ("lease keep", "housekeeping keep", "pruning keep", "attention keep")


@dataclass(frozen=True, slots=True)
class Happened:
    """What came of a call, awaited or not."""

    result: Any = None

    def __await__(self) -> Generator[Any, None, Any]:
        yield from ()
        return self.result


@dataclass(frozen=True)
class Part:
    """One of the engine's: it notes what it is told to do."""

    name: str
    log: list[str]
    found: Any = None  # by what it reads

    def __getattr__(self, deed: str) -> Any:
        def does(*given: object, **named: object) -> Happened:
            told = [*(one for one in given if isinstance(one, int)), *named.values()]
            self.log.append(" ".join(map(str, (self.name, deed, *told))))
            return Happened(self.found)

        return does


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def engine(log: list[str]) -> Engine:
    names = (
        *("intake", "events", "lease", "lanes", "scheduler", "typing", "hosts", "attention"),
        *("housekeeping", "pruning", "doubts", "tasks", "loops"),
    )
    parts: dict[str, Any] = {name: Part(name, log) for name in names}
    parts["attention"] = SimpleNamespace(bots=set[int](), keep=parts["attention"].keep)
    registry = Part("registry", log)
    parts["scheduler"] = Scheduling("scheduler", log, runner=SimpleNamespace(registry=registry))
    outside: Any = SimpleNamespace(
        database=Part("database", log, found=()),
        journal=Part("journal", log),
        telemetry=Part("telemetry", log),
    )
    return Engine(outside=outside, **parts)


@dataclass(frozen=True)
class Scheduling(Part):
    """The scheduler, and the runner behind it."""

    runner: Any = None


def are_done(log: list[str], *chains: tuple[str, ...], also: tuple[str, ...] = ()) -> None:
    """Each is done once, in the order of its chain; `also`: whenever."""
    assert sorted(log) == sorted({*also, *(one for chain in chains for one in chain)})
    for chain in chains:
        assert [one for one in log if one in chain] == [*chain]


async def test_what_was_told_is_known_before_anything_is_begun(
    engine: Engine, log: list[str]
) -> None:
    await engine.open()
    assert log == ["journal serve", "loops start", "lease beat"]  # which writes
    log.clear()
    await engine.start([BOT])
    assert log[-5:] == ["loops start"] * 5
    are_done(
        [one for one in log if one != "loops start"],
        ("database read", "hosts begin", f"lanes join {BOT}", f"scheduler join {BOT}"),
        also=(*KEPT, "scheduler sweep"),
    )
    assert engine.attention.bots == {BOT}


async def test_whoever_polls_is_asked_for_what_waits_before_the_bot_speaks(
    engine: Engine, log: list[str]
) -> None:
    await engine.join(BOT, polled=[BOT])
    are_done(log, (f"doubts backlog {BOT}", f"lanes join {BOT}", f"scheduler join {BOT}"))


async def test_a_bot_that_leaves_begins_nothing_finishes_and_is_forgotten(
    engine: Engine, log: list[str]
) -> None:
    engine.attention.bots.update({BOT, 8})
    await engine.leave(BOT, patience=3)
    begins_nothing = (f"database read {BOT}", f"scheduler leave {BOT}", f"events leave {BOT} 3")
    finishes = (f"lanes leave {BOT} 3", f"scheduler interrupt {BOT}")
    are_done(
        log,
        (*begins_nothing, *finishes, f"lanes forget {BOT}"),
        (*finishes, f"typing leave {BOT}"),
        (*finishes, f"doubts leave {BOT}"),
    )
    assert engine.attention.bots == {8}


async def test_a_company_is_reopened_whatever_becomes_of_it(engine: Engine, log: list[str]) -> None:
    async def deletes() -> None:
        async with engine.closed(3):
            log.append("deleted")
            raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        await deletes()
    are_done(log, ("scheduler close 3", "deleted", "registry forget 3", "scheduler reopen 3"))


async def test_the_process_ends_with_the_lease_given_up_behind_what_it_wrote(
    engine: Engine, log: list[str]
) -> None:
    """And the journal, one of the loops, is there until then."""
    await engine.stop()
    ends = ("lease retire", "loops cancel")
    are_done(
        log,
        ("scheduler stop", "lanes stop", *ends),
        ("tasks cancel", *ends),
        ("typing stop_all", *ends),
        also=("telemetry record",),
    )
