"""Two processes on one database, each with its own connections and its own journal."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count

from db.journal import Journal
from db.operations import Beat
from db.window import Window
from tests.databases import opened, seed_tenant
from tests.db.desk import Desk


@asynccontextmanager
async def two_desks(url: str, window: Window) -> AsyncIterator[Sequence[Desk]]:
    """Both alive, on one tenant's bot."""
    numbers = count(101)
    async with AsyncExitStack() as stack:
        desks = []
        for owner in ("first", "second"):
            database = await stack.enter_async_context(opened(url))
            journal = Journal(database)
            serving = asyncio.create_task(journal.serve())
            stack.callback(serving.cancel)
            desks.append(Desk(journal, database, owner, window=window, numbers=numbers))
        await seed_tenant(desks[0].journal)
        for desk in desks:
            await desk.journal.do(Beat(desk.owner, lease=3600.0))
        yield desks
