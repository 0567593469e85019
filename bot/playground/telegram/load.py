"""Load for a benchmark: texts from many chats at a steady rate, and when each thing happened."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from bot.playground.telegram.calls import Call
from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.records import Json

FIRST_PERSON: Final = 5_000_000


@dataclass(slots=True)
class Sent:
    """One text of a client; times in seconds of the monotonic clock."""

    chat_id: int
    message_id: int
    update_id: int
    written_at: float
    handed_at: float | None = None  # when getUpdates first answered with it


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message of the bot: when its sendMessage arrived."""

    chat_id: int
    message_id: int | None  # None: the call was refused or lost
    arrived_at: float


class Load:
    """Writes `count` texts to a bot, the chats taking turns, and watches the bot's calls."""

    def __init__(self, emulator: TelegramEmulator, *, bot_id: int, chats: int) -> None:
        self.sent: list[Sent] = []
        self.arrived: list[Arrived] = []
        self._emulator = emulator
        self._bot_id = bot_id
        self._waiting: dict[int, Sent] = {}
        self._people = [self._person(number) for number in range(chats)]
        emulator.calls.listeners.append(self._watch)

    def _person(self, number: int) -> int:
        name = f"Client {number + 1}"
        accounts = self._emulator.accounts
        return accounts.add_person(name, person_id=FIRST_PERSON + number).id

    async def run(self, texts: Sequence[str], *, count: int, per_second: float) -> None:
        """Write `count` texts; a rate of 0 writes them all at once."""
        started = time.monotonic()
        for number in range(count):
            due = started + number / per_second if per_second else started
            if (pause := due - time.monotonic()) > 0:
                await asyncio.sleep(pause)
            self._write(self._people[number % len(self._people)], texts[number % len(texts)])

    def stop(self) -> None:
        """Watch no longer."""
        self._emulator.calls.listeners.remove(self._watch)

    def describe(self) -> Json:
        """What has happened so far."""
        return {
            "sent": [asdict(sent) for sent in self.sent],
            "arrived": [asdict(arrived) for arrived in self.arrived],
        }

    def _write(self, person_id: int, text: str) -> None:
        written_at = time.monotonic()
        message = self._emulator.clients.write(person_id, text, bot_id=self._bot_id)
        update_id = self._emulator.world.updates[self._bot_id].last_id
        sent = Sent(person_id, message["message_id"], update_id, written_at)
        self.sent.append(sent)
        self._waiting[update_id] = sent

    def _watch(self, call: Call) -> None:
        if call.bot_id != self._bot_id:
            return
        match call.method.lower():
            case "getupdates":
                self._note_handed(call.result or [], call.answered_at)
            case "sendmessage" if call.chat_id is not None:
                message_id = call.result["message_id"] if call.result else None
                self.arrived.append(Arrived(call.chat_id, message_id, call.arrived_at))

    def _note_handed(self, updates: Sequence[Any], at: float | None) -> None:
        for update in updates:
            if (sent := self._waiting.pop(update["update_id"], None)) is not None:
                sent.handed_at = at
