"""Where the emulator's records survive its process: one small SQLite file, or nowhere."""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.playground.openai.api_error import Json

Record = tuple[str, str, str | None, Json]  # kind, id, owner, body

_SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
    position INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    owner TEXT,
    body TEXT NOT NULL,
    UNIQUE (kind, id)
)
"""
_PUT = """
INSERT INTO records (kind, id, owner, body) VALUES (?, ?, ?, ?)
ON CONFLICT (kind, id) DO UPDATE SET owner = excluded.owner, body = excluded.body
"""


class Archive(AbstractContextManager["Archive"]):
    """Records by kind and id, in the order in which they were first put.

    Called inside the event loop on purpose: a write of a few kilobytes without fsync takes
    tens of microseconds. A killed process loses nothing; a machine without power may.
    """

    def __init__(self, path: Path | None) -> None:
        self._db: sqlite3.Connection | None = None
        if path is not None:
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = OFF")
            self._db.execute(_SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._db is not None:
            self._db.close()

    def put(self, records: Iterable[Record]) -> None:
        """Store records, all or none."""
        if self._db is None:
            return
        rows = [(kind, key, owner, json.dumps(body)) for kind, key, owner, body in records]
        self._db.execute("BEGIN")
        self._db.executemany(_PUT, rows)
        self._db.execute("COMMIT")

    def delete(self, kind: str, key: str) -> None:
        """Forget a record."""
        if self._db is not None:
            self._db.execute("DELETE FROM records WHERE kind = ? AND id = ?", (kind, key))

    def load(self, kind: str) -> Iterator[tuple[str | None, Json]]:
        """Yield the (owner, body) of every record of a kind, oldest first."""
        if self._db is not None:
            query = "SELECT owner, body FROM records WHERE kind = ? ORDER BY position"
            for owner, body in self._db.execute(query, (kind,)):
                yield owner, json.loads(body)
