"""Somebody on the phone: what they say, and what they hear of a phone stack's core.

The core is the one that anybody may call by typing (`bot/playground/phone`).
"""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Final

from bot.playground.phone.core import Core
from tests.patience import PATIENCE_SECONDS
from tests.web.reader import Reader

PATH: Final = "/prompt-stream"


@dataclass(slots=True)
class Speech:
    """What was spoken for one thing that the caller said."""

    spoken: list[str] = field(default_factory=list)
    ended: bool = False  # cleanly


@dataclass(slots=True)
class Caller:
    """A call; `path`: where the core asks, with the key in it."""

    reader: Reader
    path: str
    uuid: str = "0b6e4c6e-8f0c-4c53-9a38-1d0f3b1c2a77"
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    streams: list[asyncio.Task[None]] = field(default_factory=list)
    _core: Core = field(init=False)
    _heard: Speech = field(default_factory=Speech)  # of what was said last: no other is spoken

    def __post_init__(self) -> None:
        self._core = Core(self.reader.url + self.path, self.uuid, self._hear)

    def says(self, text: str) -> Speech:
        """Barge in, if something is being spoken."""
        speech = Speech()
        self.streams.append(asyncio.create_task(self._stream(text, speech)))
        return speech

    async def hears(self, text: str) -> list[str]:
        """All that is spoken then, to its end."""
        speech = self.says(text)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.streams[-1]
        assert speech.ended
        return speech.spoken

    async def until_spoken(self, speech: Speech, sentence: str) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while sentence not in speech.spoken:
                self.changed.clear()
                await self.changed.wait()

    async def ends(self) -> None:
        """Every stream came to its end by itself."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.gather(*self.streams)

    async def hangs_up(self) -> None:
        for stream in self.streams:
            stream.cancel()
        await asyncio.gather(*self.streams, return_exceptions=True)

    async def _stream(self, text: str, speech: Speech) -> None:
        self._heard = speech
        assert not await self._core.ask(text), "never spoken"
        speech.ended = True

    def _hear(self, sentence: str) -> None:
        self._heard.spoken.append(sentence)
        self.changed.set()


def calling(reader: Reader) -> Caller:
    """Somebody calls the company of this program's key."""
    return Caller(replace(reader, token="", origin=None), f"/k/{reader.token}{PATH}")
