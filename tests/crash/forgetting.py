"""Clients who press /forget in the middle of answers: confirmed once, and the chat lives on."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from bot.core.texts import Text, say
from tests.crash.echo import BUBBLES
from tests.crash.world import World

PATIENCE: Final = 30.0  # seconds that anything may take
LOOK: Final = 0.1
IN_MID_ANSWER: Final = (0.3, 4.0)  # seconds after the words: an answer takes about so long
YES: Final = "forget:yes"
CONFIRMED: Final = say(Text.FORGOTTEN, "en")


@dataclass(slots=True)
class Forgetting:
    """Clients who do so all the time, and what came of it."""

    world: World
    people: tuple[int, ...]
    pressed: int = 0
    in_mid_answer: int = 0
    wrong: list[str] = field(default_factory=list)

    async def goes_on(self, seconds: float, *, seed: int) -> None:
        """Until the time is over; a client whom nobody answers any more gives up."""
        deadline = time.monotonic() + seconds
        await asyncio.gather(
            *(
                self._lives(person, deadline, random.Random(f"{seed} {person}"))
                for person in self.people
            )
        )

    async def _lives(self, person: int, deadline: float, chance: random.Random) -> None:
        number = presses = 0
        while time.monotonic() < deadline:
            await self.world.write(person, "/forget")
            card = await self._waits(person, partial(_asks, before=presses))
            if card is None:
                self.wrong.append(f"{person} was not asked")
                return
            words = f"c{person}m{number}"
            await self.world.write(person, words)
            await asyncio.sleep(chance.uniform(*IN_MID_ANSWER))
            self.in_mid_answer += not await self._has(person, f"{words}/{BUBBLES}")
            presses += 1
            self.pressed += 1
            await self.world.press(person, card, YES)
            if await self._waits(person, partial(_confirms, times=presses)) is None:
                self.wrong.append(f"{person} was not told that it is done")
            last = f"c{person}m{number + 1}"
            await self.world.write(person, last)
            if await self._waits(person, partial(_says, words=last)) is None:
                self.wrong.append(f"{person} was not answered afterwards")
                return
            number += 2

    async def judge(self) -> list[str]:
        """What is not as it must be, once nothing is left to do."""
        told = 0
        for person in self.people:
            told += (await self.world.heard(person)).count(CONFIRMED)
        if told != self.pressed:
            self.wrong.append(f"{self.pressed} presses, {told} confirmations")
        return self.wrong

    async def _has(self, person: int, text: str) -> bool:
        return any(line.endswith(text) for line in await self.world.heard(person))

    async def _waits(self, person: int, found: Callable[[list[Any]], Any]) -> Any:
        """What is found in the bot's messages; None when it takes too long."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            messages = await self.world.messages(person)
            if one := found([message for message in messages if message["from"]["is_bot"]]):
                return one
            await asyncio.sleep(LOOK)
        return None


def _asks(messages: list[Any], *, before: int) -> Any:
    """The question after so many earlier ones."""
    question = say(Text.FORGET_ASK, "en")
    questions = [message for message in messages if message.get("text") == question]
    return questions[before] if len(questions) > before else None


def _confirms(messages: list[Any], *, times: int) -> bool:
    return sum(str(message.get("text")) == CONFIRMED for message in messages) >= times


def _says(messages: list[Any], *, words: str) -> bool:
    """The last bubble of the answer to these words, or to more that ended with them."""
    return any(str(message.get("text")).endswith(f"{words}/{BUBBLES}") for message in messages)
