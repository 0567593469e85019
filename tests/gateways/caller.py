"""A phone stack's core, as it is described: what it sends, and what it makes of what comes.

Each piece of data is parsed by itself, and one that cannot be ends the call. What is said is cut
into sentences, and a tail without an end is never spoken. A caller who speaks again is asked for
anew, while the stream before goes on and is not listened to.
"""

import asyncio
import json
import re
from dataclasses import dataclass, field, replace
from typing import Final

from tests.patience import PATIENCE_SECONDS
from tests.web.reader import Json, Reader

PATH: Final = "/prompt-stream"
SENTENCE: Final = re.compile(r"[^.!?]*[.!?]")


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
    messages: list[Json] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    streams: list[asyncio.Task[None]] = field(default_factory=list)

    def says(self, text: str) -> Speech:
        """Barge in, if something is being spoken."""
        self.messages.append({"role": "user", "content": text})
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
        body = {"uuid": self.uuid, "message": text, "messages": self.messages}
        tail = ""
        async with self.reader.http.post(self.reader.url + self.path, json=body) as response:
            assert response.status == 200, await response.text()
            assert response.headers["content-type"].startswith("text/event-stream")
            assert "content-encoding" not in response.headers
            async for data, _ in response.content.iter_chunks():
                told = json.loads(data) if data else {"type": "text", "content": ""}
                assert (len(data) < 1024, told["type"]) == (True, "text")
                tail += told["content"]
                speech.spoken += [one.strip() for one in SENTENCE.findall(tail)]
                tail = SENTENCE.sub("", tail)
                self.changed.set()
        assert not tail.strip(), "never spoken"
        speech.ended = True
        self.messages.append({"role": "assistant", "content": " ".join(speech.spoken)})


def calling(reader: Reader) -> Caller:
    """Somebody calls the company of this program's key."""
    return Caller(replace(reader, token="", origin=None), f"/k/{reader.token}{PATH}")
