"""Telegram and its clients, in one process: `python -m bench.clients TOKEN`.

The clients live inside the emulator, so that a chat writes again in the moment in which it was
answered and nothing has to be asked while the clock runs. Prints its address when it answers.
Times are seconds of the monotonic clock, which all processes of a Linux machine share.
"""

import asyncio
import re
import sys
import time
from bisect import bisect_right
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Final

import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.processes import serve_until_ended
from bot.playground.telegram.calls import Call
from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.records import Upload
from bot.playground.telegram.server import build_routes

TEXT: Final = "Buongiorno, a che ora è il check-in?"
BUBBLES: Final = 3
MARK: Final = re.compile(r"reply (\d+) part (\d+)")  # in every bubble of the emulated model
# As large as Telegram makes a photo, and with the head of one: nobody looks into it.
_HEAD: Final = b"\xff\xd8\xff\xc0\x00\x0b\x08\x03\xc0\x05\x00\x01\x01\x11\x00"
PHOTO: Final = Upload("photo.jpg", "image/jpeg", _HEAD + bytes(150_000) + b"\xff\xd9")
FIRST_PERSON: Final = 5_000_000


def bubble(part: int) -> str:
    """A bubble of about 90 characters; the emulated model puts the reply's number in."""
    return f"Check-in is from 14:00, breakfast from 7:30 to 10:30: reply {{number}} part {part}."


@dataclass(slots=True)
class Turn:
    """One text of a client and what came back."""

    chat_id: int
    written_at: float
    number: int = 0  # of the model's reply, from 1
    first_at: float = 0.0  # its first bubble arrived
    last_at: float = 0.0
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, text: str, at: float) -> None:
        """A message of the bot; one without the model's mark is a notice."""
        for number, part in MARK.findall(text):
            self.number, self.first_at, self.last_at = int(number), self.first_at or at, at
            if int(part) == BUBBLES:
                self.over.set()

    def describe(self) -> dict[str, float]:
        """The turn as JSON."""
        return {
            "number": self.number,
            "written_at": self.written_at,
            "first_at": self.first_at,
            "last_at": self.last_at,
        }


@dataclass(frozen=True, slots=True)
class Accepted:
    """One update: when its text was written, and when a later offset confirmed it."""

    written_at: float
    confirmed_at: float


class Crowd:
    """So many clients of one bot."""

    def __init__(self, emulator: TelegramEmulator, *, bot_id: int) -> None:
        self._emulator = emulator
        self._bot_id = bot_id
        self._open: dict[int, Turn] = {}
        self._flood: asyncio.Task[None] | None = None
        emulator.calls.listeners.append(self._watch)

    def is_met(self) -> bool:
        """Whether the bot has polled."""
        return bool(self._emulator.calls.of("getUpdates"))

    async def talk(
        self, *, chats: int, at_once: int, count: int, spread_seconds: float
    ) -> list[Turn]:
        """`count` turns, always `at_once` of them under way; the chats take turns.

        The first ones begin within `spread_seconds`. A chat writes when it was answered, and
        when its turn among the others has come.
        """
        idle, turns = deque(self._people(chats)), list[Turn]()

        async def one_after_another(place: int) -> None:
            await asyncio.sleep(spread_seconds * place / at_once)
            while len(turns) < count:
                chat_id = idle.popleft()
                turns.append(turn := self._begin(chat_id))
                await turn.over.wait()
                idle.append(chat_id)

        await asyncio.gather(*(one_after_another(place) for place in range(at_once)))
        return turns

    async def write(self, *, chats: int, per_second: float, count: int) -> list[Accepted]:
        """`count` texts at a steady rate, whatever comes back; when each was accepted."""
        people, began = self._people(chats), time.monotonic()
        written: dict[int, float] = {}
        for number in range(count):
            if (pause := began + number / per_second - time.monotonic()) > 0:
                await asyncio.sleep(pause)
            at = time.monotonic()
            written[self._write(people[number % chats])] = at
        updates = self._emulator.world.updates[self._bot_id]
        await self._emulator.until(lambda: not updates.pending)
        polls = self._emulator.calls.of("getUpdates")
        offsets = [int(poll.params.get("offset") or 0) for poll in polls]
        return [
            Accepted(at, polls[bisect_right(offsets, update_id)].arrived_at)
            for update_id, at in written.items()
        ]

    def flood(self, *, photos: int, per_second: float) -> None:
        """One more client sends photos, whatever comes back."""
        self._flood = asyncio.create_task(self._send(photos, per_second))

    async def _send(self, photos: int, per_second: float) -> None:
        person = self._emulator.accounts.add_person("Flood").id
        for _ in range(photos):
            self._emulator.clients.send_file(
                person, PHOTO, kind="photo", bot_id=self._bot_id, sender=person
            )
            await asyncio.sleep(1 / per_second)

    def _people(self, count: int) -> list[int]:
        known = self._emulator.world.people
        wanted = range(FIRST_PERSON, FIRST_PERSON + count)
        for person_id in wanted:
            if person_id not in known:
                self._emulator.accounts.add_person("Client", person_id=person_id)
        return list(wanted)

    def _begin(self, chat_id: int) -> Turn:
        turn = self._open[chat_id] = Turn(chat_id, time.monotonic())
        self._write(chat_id)
        return turn

    def _write(self, chat_id: int) -> int:
        """Write; the update's number."""
        self._emulator.clients.write(chat_id, TEXT, bot_id=self._bot_id)
        return self._emulator.world.updates[self._bot_id].last_id

    def _watch(self, call: Call) -> None:
        if call.method.lower() == "sendmessage" and call.result and call.chat_id in self._open:
            self._open[call.chat_id].hear(str(call.params["text"]), call.arrived_at)


def build_app(emulator: TelegramEmulator, crowd: Crowd) -> Starlette:
    """The emulator, and beside it what the benchmark asks of the clients."""

    async def met(_: Request) -> Response:
        return JSONResponse(crowd.is_met())

    async def talk(request: Request) -> Response:
        turns = await crowd.talk(**await request.json())
        return JSONResponse([turn.describe() for turn in turns])

    async def flood(request: Request) -> Response:
        crowd.flood(**await request.json())
        return JSONResponse({})

    async def write(request: Request) -> Response:
        accepted = await crowd.write(**await request.json())
        return JSONResponse([asdict(one) for one in accepted])

    own = [
        Route("/bench/met", met),
        Route("/bench/talk", talk, methods=["POST"]),
        Route("/bench/flood", flood, methods=["POST"]),
        Route("/bench/write", write, methods=["POST"]),
    ]
    return Starlette(routes=[*own, *build_routes(emulator)])


async def main(token: str) -> None:
    """Serve until SIGTERM."""
    emulator = TelegramEmulator()
    bot = emulator.accounts.add_bot(token)
    await serve_until_ended(build_app(emulator, Crowd(emulator, bot_id=bot.id)))


if __name__ == "__main__":
    uvloop.run(main(*sys.argv[1:]))
