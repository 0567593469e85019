"""Taking a connection, and what is wrong with it: for the two kinds of database."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.util import greenlet_spawn

T = TypeVar("T")


class Unreachable(SQLAlchemyError):
    """The database's server could not be reached, fell silent, or takes no writes."""


async def run(
    connect: Callable[[], AbstractContextManager[Connection]], work: Callable[[Connection], T]
) -> T:
    """Take a connection, use it and give it back, all in the caller's task.

    An AsyncConnection is given back by a task of its own. Whoever cancels all tasks at once, as
    the loop does when it ends, cancels that one before its first step, and the connection is lost.
    """

    def with_connection() -> T:
        with connect() as connection:
            return work(connection)

    return await greenlet_spawn(with_connection)
