"""Visitors of a company's site on the stage: they write and read over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from aiohttp import ClientError

from db.journal import apply
from db.records import Actor
from db.sites import AddSite
from tests.addresses import free_port
from tests.databases import SEEDED_AT
from tests.scenarios.people import Json
from tests.scenarios.stage import Stage
from tests.web.reader import ORIGIN, Event, Reader

SITE: Final = "site_aurora"
FORGETTABLE: Final = "a-key-of-the-tests-0123456789abcdef"


async def add_site(stage: Stage, key: str = SITE, *origins: str, tenant: int = 1) -> None:
    """A company's site."""
    added = AddSite(tenant, key, origins or (ORIGIN,), Actor(None, "test"), SEEDED_AT)
    await stage.database.write(lambda connection: apply(connection, [added]))


async def serve_web(stage: Stage) -> str:
    """From now on the program is served over HTTP as well; where."""
    port = free_port()
    stage.settings |= {"http_port": port, "secret_key": FORGETTABLE}
    await add_site(stage)
    return f"http://127.0.0.1:{port}"


@dataclass(slots=True)
class Surfer:
    """Somebody on the page; as much of `tests.scenarios.people.Person` as that can be.

    What is written is posted, under the same id until it is accepted; a stream that breaks is
    taken up behind the last number that was read.
    """

    stage: Stage
    reader: Reader
    chat_id: str = ""
    bot: int = 0
    events: list[Event] = field(default_factory=list)
    told: int = 0
    _unsaid: list[Json] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: count(1))
    _tasks: list["asyncio.Task[None]"] = field(default_factory=list)

    @property
    def seq(self) -> int:
        """The last number that was read."""
        return max((one.seq for one in self.events if one.seq is not None), default=0)

    def writes(self, text: str, **more: Any) -> None:
        self._unsaid.append({"id": f"m{next(self._numbers)}", "text": text, **more})
        if not self._tasks:
            self._tasks.append(asyncio.create_task(self._speak()))
        self._notify()

    def encloses(self, name: str, content: bytes, text: str) -> None:
        """Something comes with these words."""
        self.writes(text, enclosed={name: content})

    def presses(self, label: str) -> None:
        """Tap a key of the last message that has it."""
        shown = [one for one in self.messages() if label in _labels(one)]
        (data,) = {
            key["data"] for row in shown[-1]["buttons"] for key in row if key["text"] == label
        }
        self.writes(label, key={"message": shown[-1]["id"], "data": data})

    def messages(self) -> list[Json]:
        """All messages, as they are shown now."""
        shown: dict[str, Json] = {}
        for one in self.events:
            if one.event == "message":
                shown[one.data["id"]] = dict(one.data)
            elif one.event == "keys":
                shown[one.data["message"]]["buttons"] = one.data["buttons"]
            elif one.event == "erased":
                shown = {}
        return [*shown.values()]

    def buttons(self) -> list[str]:
        return [label for one in self.messages() for label in _labels(one)]

    def untold(self) -> list[Json]:
        """What was said to them that the test has not told yet."""
        told = [one.data for one in self.events if one.event == "message"]
        return [one for one in told if one["from"] != "client"][self.told :]

    async def hears(self, *bubbles: str) -> None:
        """These bubbles and no other, in this order."""
        if not bubbles:
            await self.stage.until(lambda: not self._unsaid)
            await self.stage.settles()
        try:
            await self.stage.until(lambda: len(self.untold()) >= len(bubbles))
        except TimeoutError:
            raise AssertionError(f"heard only {self.untold()}") from None
        said = [one["text"] for one in self.untold()]
        self.told += len(said)
        assert said == list(bubbles)
        seqs = [one.seq for one in self.events if one.seq is not None]
        assert seqs == sorted(set(seqs)), "twice, or out of order"

    async def leaves(self) -> None:
        """Close the page."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.reader.http.close()

    async def _speak(self) -> None:
        while True:
            await self.stage.telegram.until(lambda: bool(self._unsaid) and self._may_ask())
            try:
                if not self.chat_id:
                    self.chat_id = await self.reader.opens(SITE, language="it")
                    self._tasks.append(asyncio.create_task(self._listen()))
                said = self._unsaid[0]
                more = {name: value for name, value in said.items() if name == "key"}
                if enclosed := said.get("enclosed"):
                    more["files"] = [await self._sent(*one) for one in enclosed.items()]
                words = said["text"], said["id"]
                answer = await self.reader.says(self.chat_id, *words, **more)
                assert answer.status in (200, 202), answer
                del self._unsaid[0]
                self._notify()
            except (ClientError, OSError):
                await self._again()

    async def _sent(self, name: str, content: bytes) -> Json:
        kept = await self.reader.sends(self.chat_id, content)
        assert kept.status == 201, kept
        return {"file": kept.body["file"], "name": name}

    async def _listen(self) -> None:
        while True:
            await self.stage.telegram.until(self._may_ask)
            try:
                async with self.reader.follows(self.chat_id, self.seq) as events:
                    async for event in events:
                        self.events.append(event)
                        self._notify()
            except (ClientError, OSError):
                await self._again()

    def _may_ask(self) -> bool:
        return self.stage.process is not None

    async def _again(self) -> None:
        """Whoever was there is gone: wait until something happens."""
        commits = self.stage.commits
        with suppress(TimeoutError):
            async with asyncio.timeout(1):
                await self.stage.telegram.until(lambda: self.stage.commits != commits)

    def _notify(self) -> None:
        self.stage.telegram.events.notify()


def _labels(message: Json) -> list[str]:
    return [key["text"] for row in message.get("buttons", ()) for key in row]


@asynccontextmanager
async def surfing(stage: Stage, url: str) -> AsyncIterator[Surfer]:
    """Somebody on the page, who leaves in the end."""
    surfer = Surfer(stage, Reader(url))
    stage.places.append(surfer)
    try:
        yield surfer
    finally:
        await surfer.leaves()
