"""`sportello prune`: what is older than its span goes, beside a process that serves or without."""

import asyncio
import time
from collections.abc import Mapping
from typing import Final

from bot.cli.console import align, tell, tell_progress
from bot.cli.database import opened, writing
from bot.cli.start import begin
from bot.telegram.ids import NUMBERING
from db.pruning import CONVERSATIONS, REVISIONS, ROWS, VERSIONS, Batch
from db.pruning import prune as let_go
from db.records import TELEGRAM
from db.retention import Retention

REST_SECONDS: Final = 0.05  # before each batch: others' commits come in between
_TOLD: Final = {
    "updates": "messages of clients, their words",
    "outbox": "messages of ours, their words",
    "turns": "turns, what was told and said of them",
    "calls": "what tools were asked, and answered",
    "client_facts": "notes on clients",
    "audit": "changes on record, their texts",
    VERSIONS: "old versions of profiles",
    REVISIONS: "old revisions of drafts",
    CONVERSATIONS: "conversations, to be erased at OpenAI",
    ROWS: "rows without words",
}


async def prune(*, dry_run: bool, as_json: bool) -> None:
    """Let go what is old, or count it; a row a kind."""
    settings = begin()
    host = Retention(settings.retention_days, settings.retention_records_days)
    async with opened(settings) as database, writing(database) as journal:

        async def carry_out(batch: Batch) -> int:
            if dry_run:
                return batch.size
            await asyncio.sleep(REST_SECONDS)
            return await journal.do(batch.operation)

        def tell_far(gone: Mapping[str, int], seconds: float) -> None:
            tell_progress(so_far(gone, seconds))

        gone = await let_go(
            database,
            host,
            time.time(),
            numberings={TELEGRAM: NUMBERING},
            carry_out=carry_out,
            tell=tell_far,
        )
    told = align(_rows(gone)) if any(gone.values()) else "nothing is older than it is to be kept"
    tell(f"{told}\nnothing was changed" if dry_run else told, dict(gone), as_json=as_json)


def so_far(gone: Mapping[str, int], seconds: float) -> str:
    """One line for whoever waits."""
    counted = "; ".join(f"{number} {words}" for number, words in _rows(gone))
    return f"so far, in {seconds:.0f} s: {counted or 'nothing'}"


def _rows(gone: Mapping[str, int]) -> list[tuple[str, str]]:
    return [(f"{gone[kind]:,}", words) for kind, words in _TOLD.items() if gone.get(kind)]
