"""One writer per process: operations queue up during a commit and share the next one."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection

from db.engine import Database, insist, is_collision, is_disconnect
from db.order import PLACES, Places
from db.transaction import Operation

R = TypeVar("R")
LARGEST_BATCH = 500


@dataclass(slots=True)
class _Waiting:
    operation: Operation[Any]
    result: asyncio.Future[Any]


Observer = Callable[[Sequence[Operation[Any]], Sequence[Any]], None]  # with their results


def both(first: Observer, second: Observer) -> Observer:
    """Both are called, in this order."""

    def observe(operations: Sequence[Operation[Any]], results: Sequence[Any]) -> None:
        first(operations, results)
        second(operations, results)

    return observe


@dataclass(slots=True)
class Journal:
    """The only way to write. Run `serve` as a task, then `await journal.do(operation)`."""

    database: Database
    observe: Observer = lambda *_: None  # called after each commit, before anyone is told
    places: Places = field(default_factory=lambda: PLACES)
    _waiting: list[_Waiting] = field(default_factory=list)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _serving: bool = False

    async def do(self, operation: Operation[R]) -> R:
        """Apply the operation durably and return its result; raises what the operation raised.

        Raises LookupError for one that has no place in the order.
        """
        if type(operation) not in self.places:
            raise LookupError(f"{type(operation).__name__} has no place in db/order.py")
        result: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(operation, result))
        self._wake.set()
        return await result

    async def serve(self) -> None:
        """Commit what is waiting, batch after batch, until cancelled.

        Whatever goes wrong with one batch, nobody waits for ever and the next one is served.
        """
        if self._serving:
            raise RuntimeError("this journal has a writer already")
        self._serving = True
        try:
            while True:
                await self._wake.wait()
                batch, self._waiting = self._waiting[:LARGEST_BATCH], self._waiting[LARGEST_BATCH:]
                if not self._waiting:
                    self._wake.clear()
                try:
                    await self._commit(batch)
                except Exception as error:
                    for waiting in batch:
                        _resolve(waiting.result, error)
        finally:
            self._serving = False

    async def _commit(self, batch: list[_Waiting]) -> None:
        operations = [waiting.operation for waiting in batch]
        limit = max(one.limit_seconds or 0.0 for one in operations) or None
        try:
            results = await insist(
                self.database,
                lambda connection: _apply(connection, operations, self.places),
                limit_seconds=limit,
            )
        except _Failed as failed:
            await self._commit_alone(batch, failed.cause)
        except Exception as error:  # no transaction began, or none could be committed
            if is_collision(error):
                return await self._commit_alone(batch, error)
            for waiting in batch:
                _resolve(waiting.result, error)
        else:
            self.observe(operations, results)
            for waiting, result in zip(batch, results, strict=True):
                _resolve(waiting.result, result)

    async def _commit_alone(self, batch: list[_Waiting], error: Exception) -> None:
        if len(batch) == 1:
            _resolve(batch[0].result, error)
            return
        for waiting in batch:
            await self._commit([waiting])


@dataclass
class _Failed(Exception):
    """An operation failed, not the transaction around it."""

    cause: Exception


def _apply(
    connection: Connection, operations: Sequence[Operation[Any]], places: Places
) -> list[Any]:
    try:
        return apply(connection, operations, places)
    except Exception as error:
        if is_disconnect(error) or is_collision(error):
            raise
        raise _Failed(error) from error


def apply(
    connection: Connection, operations: Sequence[Operation[Any]], places: Places = PLACES
) -> list[Any]:
    """Apply operations type by type within one transaction; results in the order given."""
    groups: dict[type[Operation[Any]], list[int]] = {}
    for index, operation in enumerate(operations):
        groups.setdefault(type(operation), []).append(index)
    results: list[Any] = [None] * len(operations)
    for kind in sorted(groups, key=places.__getitem__):
        outcome = kind.carry_out_all(connection, [operations[i] for i in groups[kind]])
        for index, result in zip(groups[kind], outcome, strict=True):
            results[index] = result
    return results


def _resolve(future: asyncio.Future[Any], result: Any) -> None:
    if future.done():
        return
    if isinstance(result, StopIteration):  # of a `next` that found nothing; no future takes it
        result = LookupError(*result.args).with_traceback(result.__traceback__)
    if isinstance(result, Exception):
        future.set_exception(result)
    else:
        future.set_result(result)
