import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

import pytest
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import OperationalError

from db.engine import MOST_COLLISIONS, Database
from db.journal import LARGEST_BATCH, Journal
from db.models import alerts
from db.order import Places
from db.transaction import OneByOne, Operation, Read

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Write(Operation[str]):
    """Stores a word; its result is the word."""

    word: str

    @classmethod
    def carry_out_all(cls, connection: Connection, batch: Sequence["Write"]) -> Sequence[str]:
        rows = [{"key": one.word, "told_at": 0.0} for one in batch]
        connection.execute(insert(alerts), rows)
        return [one.word for one in batch]


@dataclass(frozen=True, slots=True)
class CountFirst(Operation[int]):
    """Its result is how many words there are, before what else its commit does."""

    @classmethod
    def carry_out_all(cls, connection: Connection, batch: Sequence["CountFirst"]) -> Sequence[int]:
        stored = select(func.count()).select_from(alerts)
        return [connection.scalar(stored) or 0 for _ in batch]


@dataclass(frozen=True, slots=True)
class CountLast(CountFirst):
    """... and after it."""


@dataclass(frozen=True, slots=True)
class Refuse(Operation[None]):
    """Fails alone, by a result."""

    @classmethod
    def carry_out_all(
        cls, connection: Connection, batch: Sequence["Refuse"]
    ) -> Sequence[Exception]:
        return [ValueError("refused") for _ in batch]


@dataclass(frozen=True, slots=True)
class Poison(Operation[None]):
    """Spoils the commit it is in."""

    @classmethod
    def carry_out_all(cls, connection: Connection, batch: Sequence["Poison"]) -> Sequence[None]:
        raise ValueError("poisoned")


class Deadlock(Exception):
    """As the driver tells it."""

    sqlstate = "40P01"


@dataclass(frozen=True, slots=True)
class Collide(Operation[int]):
    """Loses so many times against another process; its result is how often it was applied."""

    times: int
    attempts: list[int] = field(default_factory=list)

    @classmethod
    def carry_out_all(cls, connection: Connection, batch: Sequence["Collide"]) -> Sequence[int]:
        for one in batch:
            one.attempts.append(1)
            if len(one.attempts) <= one.times:
                raise OperationalError("UPDATE", {}, Deadlock())
        return [len(one.attempts) for one in batch]


def places() -> Places:
    """Of the operations of these tests."""
    order = (CountFirst,), (Write, Refuse, Collide, HangUp, FindNothing), (CountLast, Poison)
    return {kind: place for place, kinds in enumerate(order) for kind in kinds}


@pytest.fixture
def commits() -> list[int]:
    """The size of each commit."""
    return []


@pytest.fixture
async def observed(database: Database, commits: list[int]) -> AsyncIterator[Journal]:
    """A journal that is watched."""
    journal = Journal(database, lambda operations, _: commits.append(len(operations)), places())
    serving = asyncio.create_task(journal.serve())
    yield journal
    serving.cancel()
    await asyncio.wait([serving])


async def together(journal: Journal, *operations: Operation[Any]) -> list[Any]:
    doing = (journal.do(operation) for operation in operations)
    return await asyncio.gather(*doing, return_exceptions=True)


async def words(database: Database) -> list[str]:
    """What was stored, in alphabetical order."""
    stored = select(alerts.c.key).order_by(alerts.c.key)
    return list(await database.read(lambda connection: connection.execute(stored).scalars().all()))


async def test_what_is_done_is_stored(observed: Journal, database: Database) -> None:
    assert await observed.do(Write("a")) == "a"
    assert await words(database) == ["a"]


async def test_what_waits_shares_a_commit(observed: Journal, commits: list[int]) -> None:
    await together(observed, *(Write(str(number)) for number in range(20)))
    assert commits == [20]


async def test_a_commit_has_its_limits(observed: Journal, commits: list[int]) -> None:
    await together(observed, *(Write(str(number)) for number in range(LARGEST_BATCH + 1)))
    assert commits == [LARGEST_BATCH, 1]


async def test_each_has_its_own_result_whatever_the_order_of_work(observed: Journal) -> None:
    results = await together(observed, CountLast(), Write("a"), CountFirst(), Write("b"))
    assert results == [2, "a", 0, "b"]


async def test_one_that_is_refused_fails_alone(
    observed: Journal, commits: list[int], database: Database
) -> None:
    first, refused, last = await together(observed, Write("a"), Refuse(), Write("b"))
    assert (first, last) == ("a", "b")
    assert str(refused) == "refused"
    assert commits == [3]


async def test_one_that_is_poisoned_fails_alone_and_the_rest_is_stored_once(
    observed: Journal, database: Database
) -> None:
    first, poisoned, last = await together(observed, Write("a"), Poison(), Write("b"))
    assert (first, last) == ("a", "b")
    assert str(poisoned) == "poisoned"
    assert await words(database) == ["a", "b"]


async def test_after_a_failure_there_is_a_next_commit(observed: Journal) -> None:
    with pytest.raises(ValueError, match="poisoned"):
        await observed.do(Poison())
    assert await observed.do(Write("a")) == "a"


async def test_one_who_no_longer_waits_harms_nobody(observed: Journal, database: Database) -> None:
    impatient = asyncio.create_task(observed.do(Write("a")))
    patient = asyncio.create_task(observed.do(Write("b")))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient == "b"
    assert await words(database) == ["a", "b"]
    assert await observed.do(Write("c")) == "c"


async def test_a_commit_is_seen_before_anyone_is_told(database: Database) -> None:
    told: list[str] = []
    at_commit: list[list[str]] = []
    journal = Journal(database, lambda *_: at_commit.append(list(told)), places())
    serving = asyncio.create_task(journal.serve())
    told.append(await journal.do(Write("a")))
    serving.cancel()
    assert at_commit == [[]]


async def test_an_operation_without_a_place_in_the_order_is_refused(database: Database) -> None:
    with pytest.raises(LookupError, match=r"Write has no place in db/order\.py"):
        await Journal(database).do(Write("a"))


async def test_a_journal_has_one_writer(observed: Journal) -> None:
    await observed.do(Write("a"))
    with pytest.raises(RuntimeError):
        await observed.serve()
    assert await observed.do(Write("b")) == "b"


# ---------------------------------------------------------- what is nobody's fault


async def test_a_collision_is_tried_again_and_nobody_is_told(
    observed: Journal, commits: list[int]
) -> None:
    results = await together(observed, Write("a"), Collide(times=2))
    assert results == ["a", 3]
    assert commits == [2]


async def test_collisions_without_end_are_told(observed: Journal) -> None:
    endless = Collide(times=1_000)
    with pytest.raises(OperationalError):
        await observed.do(endless)
    assert len(endless.attempts) == MOST_COLLISIONS + 1


@dataclass(frozen=True, slots=True)
class HangUp(Operation[None]):
    """Loses the connection while it is applied."""

    attempts: list[int]

    @classmethod
    def carry_out_all(cls, connection: Connection, batch: Sequence["HangUp"]) -> Sequence[None]:
        batch[0].attempts.append(1)
        raise OperationalError("UPDATE", {}, Exception("gone"), connection_invalidated=True)


async def test_a_lost_connection_is_told_to_all_at_once(observed: Journal) -> None:
    attempts: list[int] = []
    results = await together(observed, Write("a"), HangUp(attempts), Write("b"))
    assert {str(error.orig) for error in results} == {"gone"}
    assert len(attempts) == 1
    assert await observed.do(Write("c")) == "c"


class Unwritable:
    """A database that begins no transaction."""

    sqlite = True

    def __init__(self) -> None:
        self.asked = 0

    async def write(
        self, work: Callable[[Connection], T], *, limit_seconds: float | None = None
    ) -> T:
        self.asked += 1
        raise OperationalError("BEGIN", {}, Exception("database is locked"))

    async def read(self, work: Read[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        raise AssertionError("nobody reads")

    async def read_within(
        self,
        seconds: float | None,
        work: Read[P, T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        raise AssertionError("nobody reads")

    async def is_there(self) -> bool:
        return True

    async def free_bytes(self) -> int | None:
        return None

    async def close(self) -> None: ...


async def test_where_nothing_can_be_written_all_are_told_at_once() -> None:
    database = Unwritable()
    journal = Journal(database, places=places())
    serving = asyncio.create_task(journal.serve())
    results = await together(journal, Write("a"), Write("b"), Write("c"))
    serving.cancel()
    assert {str(error.orig) for error in results} == {"database is locked"}
    assert database.asked == 1


# ---------------------------------------------------------- it never ends


@dataclass(frozen=True, slots=True)
class FindNothing(OneByOne[str]):
    """Looks for the first of nothing."""

    def carry_out(self, connection: Connection) -> str:
        return next(iter([""][1:]))


async def test_what_no_future_can_hold_fails_alone(observed: Journal, database: Database) -> None:
    first, nothing, last = await together(observed, Write("a"), FindNothing(), Write("b"))
    assert (first, last) == ("a", "b")
    assert isinstance(nothing, LookupError)
    assert await observed.do(Write("c")) == "c"
    assert await words(database) == ["a", "b", "c"]


async def test_a_fault_of_our_own_is_told_and_the_next_commit_comes(database: Database) -> None:
    faults = [ArithmeticError()]

    def observe(*_: object) -> None:
        if faults:
            raise faults.pop()

    journal = Journal(database, observe, places())
    serving = asyncio.create_task(journal.serve())
    results = await together(journal, Write("a"), Write("b"))
    assert [type(one) for one in results] == [ArithmeticError] * 2
    assert await journal.do(Write("c")) == "c"
    serving.cancel()
