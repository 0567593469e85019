"""What bots asked of the API, when, and what they were told."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.playground.telegram.records import Json


@dataclass(slots=True)
class Call:
    """One call; times in seconds of the monotonic clock, which all processes share on Linux."""

    seq: int
    bot_id: int
    method: str
    chat_id: int | None
    params: Json
    arrived_at: float
    answered_at: float | None = None
    result: Any = None
    error: str | None = None  # the description of a refusal, or how the answer was lost
    fault: str | None = None

    def describe(self) -> Json:
        """The call as JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


class Calls:
    """The latest calls, oldest first, and whoever wants to see each as it ends."""

    def __init__(self, *, kept: int) -> None:
        self.listeners: list[Callable[[Call], None]] = []
        self._kept: deque[Call] = deque(maxlen=kept)
        self._seq = 0

    def begin(self, *, bot_id: int, method: str, chat_id: int | None, params: Json) -> Call:
        self._seq += 1
        call = Call(self._seq, bot_id, method, chat_id, params, time.monotonic())
        self._kept.append(call)
        return call

    def end(self, call: Call) -> None:
        call.answered_at = time.monotonic()
        for listener in self.listeners:
            listener(call)

    def after(self, seq: int = 0) -> list[Call]:
        return [call for call in self._kept if call.seq > seq]

    def of(self, method: str, *, chat_id: int | None = None) -> list[Call]:
        """The calls of a method (its name as in the Bot API), of one chat or of all."""
        return [
            call
            for call in self._kept
            if call.method.lower() == method.lower() and chat_id in (None, call.chat_id)
        ]
