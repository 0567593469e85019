"""What a client thought of it: a number from 1 to 5, and what they wrote beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.front.answers import Answers
from bot.front.event import ClientEvent
from db.chats import ChatWork
from db.ratings import VALUES, rate
from db.records import Draft

RATE: Final = "rate:"  # before the number, as a key brings it


@dataclass(frozen=True, slots=True)
class Ratings:
    """For everybody, on every channel that asks for one."""

    answers: Answers

    async def rated(self, event: ClientEvent, data: str) -> None:
        """Note it; nothing is said in answer. What is no number of ours is none."""
        told = data.removeprefix(RATE)
        value = next((one for one in VALUES if str(one) == told), None)

        def work(chat: ChatWork) -> Sequence[Draft]:
            if value is not None:
                rate(chat, value)
            return ()

        await self.answers.events.handle(event.stored, work)
