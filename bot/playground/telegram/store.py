"""Keeps the emulator's world in one SQLite file, so that nothing is forgotten or numbered twice.

Every write is a transaction of its own that reaches the operating system before it returns
(about 12 microseconds, with no fsync): it survives a kill of the process, not of the machine.
"""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.playground.telegram.records import File, encode

SCHEMA = """
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = OFF;
    CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS files
        (id TEXT PRIMARY KEY, path TEXT, name TEXT, mime_type TEXT, content BLOB);
"""
PUT = "INSERT INTO entries VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET body = excluded.body"


class Store:
    """JSON bodies by key; without a path nothing is kept."""

    def __init__(self, path: Path | None) -> None:
        """Open the file, or make it. Raises sqlite3.Error if it is in use or no database."""
        self._connection = None
        if path is not None:
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=0)
            self._connection.executescript(SCHEMA)

    def put(self, key: str, body: Any) -> None:
        if self._connection is not None:
            self._connection.execute(PUT, (key, encode(body)))

    def delete(self, keys: list[str]) -> None:
        if self._connection is not None and keys:
            rows = [(key,) for key in keys]
            self._connection.execute("BEGIN")
            self._connection.executemany("DELETE FROM entries WHERE key = ?", rows)
            self._connection.execute("COMMIT")

    def put_file(self, file: File) -> None:
        if self._connection is not None:
            row = (file.id, file.path, file.name, file.mime_type, file.content)
            self._connection.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", row)
            if file.size != len(file.content):
                self.put(f"size/{file.id}", file.size)

    def entries(self, kind: str) -> Iterator[tuple[list[str], Any]]:
        """Everything under `kind/`, ordered by key: the key's further parts, and the body."""
        if self._connection is not None:
            query = "SELECT key, body FROM entries WHERE key >= ? AND key < ? ORDER BY key"
            for key, body in self._connection.execute(query, (f"{kind}/", f"{kind}0")):
                yield key.split("/")[1:], json.loads(body)

    def files(self) -> Iterator[File]:
        if self._connection is not None:
            sizes = {key[0]: size for key, size in self.entries("size")}
            query = "SELECT id, path, name, mime_type, content FROM files ORDER BY rowid"
            for file_id, path, name, mime_type, content in self._connection.execute(query):
                size = sizes.get(file_id, len(content))
                yield File(file_id, path, name, mime_type, content, size)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
