"""One budget per chat: messages first, typing and keys from what they leave.

Telegram counts every call of a chat, typing included, and lengthens a penalty with each call
made during it; it publishes about one message a second for a private chat (short bursts
allowed) and twenty a minute for a group. There is no common budget for all chats: the thirty
messages a second are about broadcasts, not answers (docs/reference/telegram.md).

Each budget is a token bucket in the form of the generic cell rate algorithm (ITU-T I.371):
what was spent is kept as the moment when the bucket is full again.
"""

from dataclasses import dataclass
from typing import Final

from bot.telegram.route import is_private
from db.records import Address

_SWEEP_CHATS: Final = 1024
_ROUNDING_SECONDS: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Budget:
    """What one chat may spend.

    In any window of t seconds: at most burst + t / refill_seconds messages, and at most
    burst - reserve calls more: typing, and keys for messages that are there.
    """

    burst: int  # messages at once after a rest
    refill_seconds: float  # time to earn one more
    reserve: int  # what is no message must leave this many calls


PRIVATE: Final = Budget(burst=5, refill_seconds=1.0, reserve=3)
# 5 at once, 2 of typing, and 13 a minute: never more than Telegram's 20 in any minute.
GROUP: Final = Budget(burst=5, refill_seconds=60 / 13, reserve=3)


@dataclass(slots=True)
class _Spent:
    """When the budget will be whole again: for messages, and (never earlier) for all calls."""

    messages: float = 0.0
    calls: float = 0.0


class Limiter:
    """The budgets of all chats. `now` is any clock that never jumps, in seconds."""

    def __init__(self, *, private: Budget = PRIVATE, group: Budget = GROUP) -> None:
        self._private = private
        self._group = group
        self._chats: dict[tuple[int, str], _Spent] = {}
        self._sweep_above = _SWEEP_CHATS

    def delay(self, address: Address, *, now: float) -> float:
        """Seconds until a message may go; what is none has no part in it."""
        spent = self._chats.get((address.bot_id, address.chat_id))
        if spent is None:
            return 0.0
        return _wait(self._budget(address), spent.messages, now=now)

    def take(self, address: Address, *, now: float) -> float:
        """Spend one message and return 0, or spend nothing and return the delay."""
        if delay := self.delay(address, now=now):
            return delay
        spent, refill = self._spent(address, now=now), self._budget(address).refill_seconds
        spent.messages = max(spent.messages, now) + refill
        spent.calls = max(spent.calls, now) + refill
        return 0.0

    def take_spare(self, address: Address, *, now: float) -> float:
        """Spend one call and return 0 if that leaves the reserve for messages, else the delay."""
        spent, budget = self._spent(address, now=now), self._budget(address)
        if delay := _wait(budget, spent.calls, now=now, leave=budget.reserve):
            return delay
        spent.calls = max(spent.calls, now) + budget.refill_seconds
        return 0.0

    def penalize(self, address: Address, *, seconds: float, now: float) -> None:
        """Let nothing pass for so long, and only one message at once after it."""
        spent, budget = self._spent(address, now=now), self._budget(address)
        until = now + seconds + (budget.burst - 1) * budget.refill_seconds
        spent.messages = max(spent.messages, until)
        spent.calls = max(spent.calls, until)

    def __len__(self) -> int:
        return len(self._chats)

    def _budget(self, address: Address) -> Budget:
        return self._private if is_private(address) else self._group

    def _spent(self, address: Address, *, now: float) -> _Spent:
        if len(self._chats) > self._sweep_above:
            self._forget_idle(now=now)
        return self._chats.setdefault((address.bot_id, address.chat_id), _Spent())

    def _forget_idle(self, *, now: float) -> None:
        """A chat whose budget is whole again is the same as a chat never seen."""
        self._chats = {key: spent for key, spent in self._chats.items() if spent.calls > now}
        self._sweep_above = max(_SWEEP_CHATS, 2 * len(self._chats))


def _wait(budget: Budget, whole_at: float, *, now: float, leave: int = 0) -> float:
    """Seconds until one call fits and `leave` more still do."""
    wait = whole_at - now - (budget.burst - 1 - leave) * budget.refill_seconds
    return wait if wait > _ROUNDING_SECONDS else 0.0
