"""The files that people and bots have sent: which bot may have which, and for how long."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePath
from typing import Final

from bot.playground.telegram.media import file_ids
from bot.playground.telegram.records import File, Json, Upload
from bot.playground.telegram.store import Store

LARGEST_DOWNLOAD_BYTES: Final = 20 * 1024 * 1024
MOST_HELD_BYTES: Final = 256 * 1024 * 1024  # of all contents; beyond it, the oldest are let go
PATH_SECONDS: Final = (
    3600  # for so long a path is good at least: core.telegram.org/bots/api#getfile
)
_SUFFIXES: Final = {"photos": ".jpg", "voices": ".oga", "video_notes": ".mp4"}


class Files:
    """All files by id. What is too large for a bot to download is not held, but known."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._files = {file.id: file for file in store.files()}
        self._seen = {key[0]: set(bots) for key, bots in store.entries("seen")}  # bots, by file
        self._lent: dict[tuple[int, str], tuple[str, float]] = {}  # by bot and path: id, until when
        self._held_bytes = sum(len(file.content) for file in self._files.values())

    def __getitem__(self, file_id: str) -> File:
        """A file, or that of which this is a smaller size. Raises KeyError."""
        return self._files[file_id.partition(".")[0]]

    def __contains__(self, file_id: str) -> bool:
        return file_id.partition(".")[0] in self._files

    def add(self, upload: Upload, *, folder: str, number: int) -> File:
        size = len(upload.content) if upload.size is None else upload.size
        suffix = _SUFFIXES.get(folder) or PurePath(upload.name).suffix or ".bin"
        file = File(
            id=f"{folder}-{number}",
            path=f"{folder}/file_{number}{suffix}",
            name=upload.name,
            mime_type=upload.mime_type,
            content=upload.content if size <= LARGEST_DOWNLOAD_BYTES else b"",
            size=size,
        )
        self._keep(file)
        self._held_bytes += len(file.content)
        self._let_go()
        return file

    def find(self, file_id: str, *, bot_id: int) -> File | None:
        """A file by its id, which is good for the bots alone that saw it in a message."""
        if file_id not in self:
            return None
        file = self[file_id]
        seen = self._seen.get(file.id, {bot_id})  # nobody yet: it is on its way out
        return file if bot_id in seen else None

    def show(self, message: Json, bots: Iterable[int]) -> None:
        """These bots see a message."""
        for file_id in {file_id.partition(".")[0] for file_id in file_ids(message)}:
            self._seen.setdefault(file_id, set()).update(bots)
            self._store.put(f"seen/{file_id}", sorted(self._seen[file_id]))

    def lend(self, file: File, *, bot_id: int, now: float) -> None:
        """The bot may download it from now on, for as long as a path is good."""
        self._lent[bot_id, file.path] = (file.id, now + PATH_SECONDS)

    def lent(self, path: str, *, bot_id: int, now: float) -> File | None:
        """What a bot finds under a path that it was told."""
        file_id, until = self._lent.get((bot_id, path), ("", now))
        return self._files[file_id] if now < until else None

    def _let_go(self) -> None:
        for file in [*self._files.values()]:
            if self._held_bytes <= MOST_HELD_BYTES:
                return
            self._held_bytes -= len(file.content)
            self._keep(replace(file, content=b""))

    def _keep(self, file: File) -> None:
        self._files[file.id] = file
        self._store.put_file(file)
