"""Reading a file in a short-lived process, so that no file can harm or hold up this one."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Protocol

from bot.core.attachments import LARGEST_BYTES
from bot.files.errors import EXIT_CODES, BrokenFile, FileError, TooLarge, TooSlow
from bot.files.kinds import kind_of

AT_ONCE: Final = 2
SECONDS: Final = 30.0  # by the wall; the process limits its own CPU time to less

_ERRORS: Final = {code: error for error, code in EXIT_CODES.items()}


class ReadText(Protocol):
    """As `Reader`."""

    def __call__(self, name: str, data: bytes, *, max_characters: int) -> Awaitable[str]:
        """The text of a file. Raises FileError."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads files, and never more than a few at once: each may take much memory."""

    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def __call__(self, name: str, data: bytes, *, max_characters: int) -> str:
        """As `read_text`, when a place is free."""
        async with self.places:
            return await read_text(name, data, max_characters=max_characters)


async def read_text(
    name: str, data: bytes, *, max_characters: int, seconds: float = SECONDS
) -> str:
    """The text of a file, tidied: at most `max_characters`, read within `seconds`.

    The kind is told by the first bytes, else by the name. Raises FileError.
    """
    if len(data) > LARGEST_BYTES:
        raise TooLarge
    process = await _start(kind_of(name, data), max_characters)
    try:
        async with asyncio.timeout(seconds):
            text, _ = await process.communicate(data)
    except TimeoutError:
        raise TooSlow from None
    finally:
        await _end(process)
    if process.returncode:
        raise _error(process.returncode)
    return text.decode()


async def _start(kind: str, max_characters: int) -> Process:
    """The reader knows where our code is, and nothing else of this process's environment."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.files", kind, str(max_characters)),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONSAFEPATH": "1"},
    )


async def _end(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _error(code: int) -> FileError:
    if code == -signal.SIGXCPU:
        return TooSlow()
    return _ERRORS.get(code, BrokenFile)(f"exit code {code}")
