"""One walk through all that goes with age, in batches: each a short read, then a short write."""

from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from sqlalchemy import Connection, select

from db.aging import (
    VERSIONS_AT_ONCE,
    EraseRevisions,
    EraseVersions,
    LeaveConversations,
    old_conversations,
    old_revisions,
    old_versions,
)
from db.engine import Database
from db.meanwhile import TELL_SECONDS, meanwhile
from db.models import tenants
from db.remains import REMAINS, DropRows, ids_asked_for, old_rows
from db.retention import Retention, Spans, spans
from db.sequence import Numbering
from db.transaction import Operation
from db.words import BATCH, BATCH_SECONDS, START, WORDED, EraseWords, old_words

CONVERSATIONS: Final = "conversations"
VERSIONS: Final = "profiles"
REVISIONS: Final = "drafts"
ROWS: Final = "rows"
KINDS: Final = (*WORDED, VERSIONS, REVISIONS, CONVERSATIONS, ROWS)
P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Batch:
    """What is to go at once: so many of a kind (see KINDS), by this operation."""

    kind: str
    size: int
    operation: Operation[int]


async def prune(
    database: Database,
    host: Retention,
    now: float,
    *,
    numberings: Mapping[str, Numbering],
    carry_out: Callable[[Batch], Awaitable[int]],
    tell: Callable[[Mapping[str, int], float], object],
    tell_seconds: float = TELL_SECONDS,
) -> Mapping[str, int]:
    """Let go what is older than its span; how many of each kind went.

    `numberings`: of the channels that search for a message in doubt.
    `carry_out` writes one batch and gives how many went; it may rest before it does, so that others
    have their turn. `tell` hears every few seconds how many went so far, and in how many seconds.
    """
    gone: Counter[str] = Counter(dict.fromkeys(KINDS, 0))
    async with meanwhile(lambda seconds: tell(gone, seconds), seconds=tell_seconds):
        until = await database.read_within(BATCH_SECONDS, spans, host, now)
        async with aclosing(_batches(database, until, numberings)) as batches:
            async for batch in batches:
                gone[batch.kind] += await carry_out(batch)
    return gone


async def _batches(
    database: Database, until: Spans, numberings: Mapping[str, Numbering]
) -> AsyncGenerator[Batch, None]:
    for worded in WORDED.values():
        async with aclosing(
            _walk(database, partial(old_words, worded=worded, spans=until), START)
        ) as found:
            async for rows in found:
                erase = EraseWords(worded.name, rows, until.patience)
                yield Batch(worded.name, len(rows), erase)
    for tenant in await database.read_within(BATCH_SECONDS, _tenants):
        for batch in await database.read_within(BATCH_SECONDS, _profile, tenant, until):
            yield batch
    async with aclosing(_walk(database, partial(old_conversations, spans=until), START)) as found:
        async for rows in found:
            yield Batch(CONVERSATIONS, len(rows), LeaveConversations(rows, until.now))
    asked_for = await database.read_within(BATCH_SECONDS, ids_asked_for, numberings)
    for remains in REMAINS.values():
        those = partial(old_rows, remains=remains, spans=until, asked_for=asked_for)
        async with aclosing(_walk(database, those, 0)) as found:
            async for rows in found:
                yield Batch(ROWS, len(rows), DropRows(remains.name, rows))


async def _walk(
    database: Database,
    find: Callable[..., tuple[tuple[int, ...], P | None]],
    start: P,
) -> AsyncGenerator[tuple[int, ...], None]:
    place: P | None = start
    while place is not None:
        rows, place = await database.read_within(BATCH_SECONDS, find, after=place)
        if rows:
            yield rows


def _tenants(connection: Connection) -> Sequence[int]:
    return tuple(connection.execute(select(tenants.c.id).order_by(tenants.c.id)).scalars())


def _profile(connection: Connection, tenant: int, until: Spans) -> Sequence[Batch]:
    """What is to go of a company's old versions, and of the revisions of its draft."""
    versions = old_versions(connection, tenant, until)
    revisions = old_revisions(connection, tenant, until)
    return (
        *(
            Batch(VERSIONS, len(some), EraseVersions(tenant, some, until))
            for some in _pieces(versions, VERSIONS_AT_ONCE)
        ),
        *(
            Batch(REVISIONS, len(some), EraseRevisions(tenant, some, until))
            for some in _pieces(revisions, BATCH)
        ),
    )


def _pieces(rows: Sequence[int], size: int) -> Iterable[tuple[int, ...]]:
    return (tuple(rows[at : at + size]) for at in range(0, len(rows), size))
