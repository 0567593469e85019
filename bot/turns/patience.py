"""How long a turn waits for the model, over all that is tried to get its answer."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from typing import Final, TypeVar

from bot.core.calls import Output
from bot.errors import OutOfPatience
from bot.ports import Answer, Clock, Item, Line, Model, ModelEvent, Question, Timer

T = TypeVar("T")

SECONDS: Final = 90.0
STOPPED_SECONDS: Final = 10.0  # for an answer that nobody wants any more to come to its end
GROWTH: Final[Mapping[str, float]] = {"low": 1.5, "medium": 2, "high": 3, "xhigh": 4, "max": 6}
_NOTHING_SECONDS: Final = 0.001  # below what a clock near 2**31 seconds tells apart safely


def lengthened(seconds: float, *, effort: str) -> float:
    """A time that is meant for a model that does not think, for one that does."""
    return seconds * GROWTH.get(effort, 1.0)


@dataclass(slots=True)
class Patience:
    """A deadline of one turn that moves only while the model is waited for.

    Neither the pace nor a pause that Telegram asks for uses it up. A sign of life that the client
    sees renews it, and a turn that is taken over begins with another one.
    """

    clock: Clock
    seconds: float = SECONDS
    stopped: bool = False  # the client wants no more of the turn
    _spent: float = 0.0  # by waits that are over
    _since: float | None = None  # when the present wait began
    _timer: Timer | None = field(default=None)
    _limit: asyncio.Timeout | None = None  # of the present wait

    @property
    def left(self) -> float:
        """Seconds."""
        waited = 0.0 if self._since is None else self.clock.boottime() - self._since
        return self.seconds - self._spent - waited

    def stop(self) -> None:
        """The client wants no more of the turn: what is left is short, and is not renewed."""
        self.stopped = True
        self.seconds -= max(0.0, self.left - STOPPED_SECONDS)
        if self._timer and self._limit:
            self._timer.cancel()
            self._look(self._limit)

    def renew(self) -> None:
        """The client has seen something: it is whole again."""
        if self.stopped:
            return
        self._spent = 0.0
        if self._since is not None:
            self._since = self.clock.boottime()

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Use it up meanwhile, without an end; nothing else may wait with it."""
        self._since = self.clock.boottime()
        try:
            yield
        finally:
            self._spent, self._since = self.seconds - self.left, None

    async def of(self, waiting: Awaitable[T]) -> T:
        """Wait for something of the model's. Raises OutOfPatience, and ends it, when it is over."""
        self._limit = limit = asyncio.timeout(None)
        try:
            with self.counting():
                async with limit:
                    self._look(limit)
                    return await waiting
        except TimeoutError:
            if limit.expired():
                raise OutOfPatience from None
            raise
        finally:
            if self._timer:
                self._timer.cancel()
            self._timer = self._limit = None

    async def sleep(self, seconds: float) -> None:
        """Let the model rest. Raises OutOfPatience at once where that takes too long."""
        if seconds >= self.left:
            raise OutOfPatience
        await self.of(self.clock.sleep(seconds))

    def _look(self, limit: asyncio.Timeout) -> None:
        """End the wait if it is time to: it may have been renewed since the timer was set."""
        if (left := self.left) > _NOTHING_SECONDS:
            self._timer = self.clock.call_later(left, lambda: self._look(limit))
        else:
            limit.reschedule(0.0)


@dataclass(frozen=True, slots=True)
class PatientModel:
    """A model that is waited for with patience; every method raises OutOfPatience as well."""

    model: Model
    patience: Patience

    async def create_conversation(self) -> str:
        return await self.patience.of(self.model.create_conversation())

    async def seed(self, conversation_id: str, lines: Sequence[Line], *, model: str) -> str | None:
        return await self.patience.of(self.model.seed(conversation_id, lines, model=model))

    async def ask(self, question: Question) -> AsyncGenerator[ModelEvent, None]:
        async with aclosing(self.model.ask(question)) as events:
            while (event := await self.patience.of(anext(events, None))) is not None:
                yield event

    async def retrieve(self, response_id: str) -> Answer:
        return await self.patience.of(self.model.retrieve(response_id))

    async def items_after(self, conversation_id: str, item_id: str | None) -> tuple[Item, ...]:
        return await self.patience.of(self.model.items_after(conversation_id, item_id))

    async def answer_calls(self, conversation_id: str, outputs: Sequence[Output]) -> None:
        await self.patience.of(self.model.answer_calls(conversation_id, outputs))

    async def erase(self, conversation_id: str) -> None:
        await self.patience.of(self.model.erase(conversation_id))

    async def erase_response(self, response_id: str) -> None:
        await self.patience.of(self.model.erase_response(response_id))
