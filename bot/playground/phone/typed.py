"""A phone call in lines: what the caller says, what is spoken, and what the AMI service is asked.

Whoever types speaks at once, over an answer as well. Lines of a file are said one after the other;
one that begins with `!` is said as soon as the answer before it has begun.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from bot.playground.phone.core import Core, Dropped

INTERRUPTS = "!"


@dataclass(slots=True)
class TypedCall:
    """`show`: is given each line. `typed`: whether a person types. `put` hands lines in."""

    address: str  # LLM_URL
    show: Callable[[str], object]
    typed: bool = False
    uuid: str = field(default_factory=lambda: str(uuid4()))
    _began: float = field(default_factory=time.monotonic)
    _lines: "asyncio.Queue[str | None]" = field(default_factory=asyncio.Queue)
    _begun: asyncio.Event = field(default_factory=asyncio.Event)  # the last answer is spoken
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, line: str | None) -> None:
        """What the caller says; None: they hang up."""
        self._lines.put_nowait(line)

    def ask_ami(self, act: str, body: dict[str, Any]) -> None:
        """What the AMI service is asked to do: with this call, it ends here."""
        self._tell("AMI", f"/{act} {body}")
        if body.get("uuid") == self.uuid:
            self._over.set()

    async def goes_on(self) -> None:
        """Until the caller hangs up, or the call is ended or passed on."""
        core = Core(self.address, self.uuid, self._speak)
        self._tell("", f"call {self.uuid}")
        talking = asyncio.create_task(self._talk(core))
        ending = asyncio.create_task(self._over.wait())
        await asyncio.wait((talking, ending), return_when=asyncio.FIRST_COMPLETED)
        for task in (talking, ending):
            task.cancel()
        await asyncio.gather(talking, ending, return_exceptions=True)
        self._tell("", "the call is over" if self._over.is_set() else "the caller has hung up")

    async def _talk(self, core: Core) -> None:
        answers = list[asyncio.Task[None]]()
        try:
            while (line := await self._lines.get()) is not None:
                if answers and not self.typed:
                    await (self._begun.wait() if line.startswith(INTERRUPTS) else answers[-1])
                if words := line.removeprefix(INTERRUPTS).strip():
                    self._tell("caller", words)
                    self._begun = begun = asyncio.Event()
                    answers.append(asyncio.create_task(self._answer(core, words, begun)))
            if not self.typed:
                await asyncio.gather(*answers)
        finally:
            for one in answers:
                one.cancel()
            await asyncio.gather(*answers, return_exceptions=True)

    async def _answer(self, core: Core, words: str, begun: asyncio.Event) -> None:
        try:
            if tail := await core.ask(words):
                self._tell("", f"never spoken, since it ends in no . ! or ?: {tail}")
        except Dropped as error:
            self._tell("", f"nothing can be spoken: {error}")
        finally:
            begun.set()

    def _speak(self, sentence: str) -> None:
        self._tell("voice", sentence)
        self._begun.set()

    def _tell(self, who: str, what: str) -> None:
        self.show(f"{time.monotonic() - self._began:6.1f}  {who:6}  {what}".rstrip())
