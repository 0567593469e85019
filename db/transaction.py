"""What is done in one transaction: typed writes, and typed reads beside them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Concatenate, Generic, ParamSpec, TypeAlias, TypeVar

from sqlalchemy import Connection

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
Read: TypeAlias = Callable[Concatenate[Connection, P], T]  # a typed read, as callers name it


class Operation(ABC, Generic[R]):
    """A typed write. Those of one type that share a commit are carried out together."""

    limit_seconds: ClassVar[float | None] = None  # of a commit with it, if longer than usual

    @classmethod
    @abstractmethod
    def carry_out_all(cls, connection: Connection, batch: Sequence[Any]) -> Sequence[Any]:
        """Carry out `batch`; give one result per operation, in order.

        An exception in the place of a result fails that operation alone. One that is raised
        undoes the commit: each operation is then tried again by itself. A commit that collided
        with another process's is tried again as it is.
        """


class OneByOne(Operation[R]):
    """A write that is carried out by itself, also where others of its type share its commit."""

    @abstractmethod
    def carry_out(self, connection: Connection) -> R:
        """Do it; give its result."""

    @classmethod
    def carry_out_all(cls, connection: Connection, batch: Sequence[Any]) -> Sequence[R]:
        return [one.carry_out(connection) for one in batch]


@dataclass(frozen=True, slots=True)
class Transaction:
    """One that is under way. What is done in it is committed together, or not at all."""

    connection: Connection  # this package's alone

    def do(self, operation: OneByOne[R]) -> R:
        """Carry an operation out; what it raises undoes the transaction, if it is not caught."""
        return operation.carry_out(self.connection)

    def read(self, work: Read[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work` reads, told these arguments: with all that was done here so far."""
        return work(self.connection, *args, **kwargs)
