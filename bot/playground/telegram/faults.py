"""What can go wrong between a bot and Telegram, on demand."""

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus
from typing import Final, Self, assert_never

from bot.playground.telegram.errors import ApiError, too_many_requests

ANY: Final = "*"
DOWNLOAD: Final = "download"  # the method of a fault that strikes who fetches a file's content


class ConnectionLost(Exception):
    """Close the connection without an answer."""


class Garbled(Exception):
    """Answer with something that is not JSON, as a broken proxy does."""


class Kind(StrEnum):
    """The ways to fail."""

    ERROR = "error"  # an HTTP error
    LOSE = "lose"  # the connection closes without an answer
    GARBLE = "garble"  # the answer is not JSON
    CUT = "cut"  # of a download: the connection closes when half of it has come
    DELAY = "delay"  # the answer is late
    HOLD = "hold"  # the answer waits for a release


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail; `is_accepted`: the call is carried out before that."""

    kind: Kind
    method: str = ANY
    chat_id: int | None = None  # None: any
    is_accepted: bool = False
    code: int = 500
    description: str = ""
    retry_after_seconds: int = 1
    delay_seconds: float = 1.0

    @classmethod
    def named(
        cls,
        name: str,
        *,
        method: str = ANY,
        chat_id: int | None = None,
        description: str = "",
        retry_after_seconds: int = 1,
        delay_seconds: float = 1.0,
    ) -> Self:
        """A fault by its short name, such as "429", "lose_after" or "hold".

        The name is an HTTP status, lose, garble, cut, delay or hold, then "_before" or "_after":
        after means that the call is carried out first. Without it, a delay comes after and
        everything else before. Raises ValueError.
        """
        base, _, when = name.partition("_")
        if when not in ("", "before", "after"):
            raise ValueError(f"a fault strikes before or after, not {when!r}")
        is_code = base.isdecimal() and 400 <= int(base) < 600  # noqa: PLR2004 - HTTP's errors
        kind = Kind.ERROR if is_code else Kind(base)
        return cls(
            kind=kind,
            method=method.lower(),
            chat_id=chat_id,
            is_accepted=when == "after" or (not when and kind is Kind.DELAY),
            code=int(base) if is_code else 500,
            description=description,
            retry_after_seconds=retry_after_seconds,
            delay_seconds=delay_seconds,
        )

    def strikes(self, method: str, chat_id: int | None) -> bool:
        return self.method in (ANY, method) and self.chat_id in (None, chat_id)

    def refusal(self) -> ApiError:
        """What an error of this code says."""
        if self.code == HTTPStatus.TOO_MANY_REQUESTS:
            return too_many_requests(self.retry_after_seconds)
        if self.code == HTTPStatus.FORBIDDEN:
            return ApiError(403, self.description or "Forbidden: bot was blocked by the user")
        return ApiError(self.code, self.description or HTTPStatus(self.code).phrase)


@dataclass(slots=True)
class Planned:
    """A fault and how often it strikes yet; None: until cleared."""

    fault: Fault
    left: int | None


@dataclass(slots=True)
class Faults:
    """The faults that wait for a call, the first that fits strikes; and the calls held."""

    planned: list[Planned] = field(default_factory=list)
    _held: list[asyncio.Future[None]] = field(default_factory=list)

    def add(self, fault: Fault, *, count: int | None = 1) -> None:
        self.planned.append(Planned(fault, count))

    def clear(self) -> None:
        self.planned.clear()

    @property
    def held(self) -> int:
        """How many calls wait for a release."""
        return len(self._held)

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault that strikes this call, if any; it is used up by one."""
        for planned in self.planned:
            if planned.fault.strikes(method, chat_id):
                if planned.left is not None:
                    planned.left -= 1
                    if planned.left == 0:
                        self.planned.remove(planned)
                return planned.fault
        return None

    async def strike(self, fault: Fault) -> None:
        """Fail; returns when the call may go on. Raises ApiError, ConnectionLost or Garbled."""
        match fault.kind:
            case Kind.ERROR:
                raise fault.refusal()
            case Kind.LOSE | Kind.CUT:
                raise ConnectionLost
            case Kind.GARBLE:
                raise Garbled
            case Kind.DELAY:
                await asyncio.sleep(fault.delay_seconds)
            case Kind.HOLD:
                await self._hold()
            case _:
                assert_never(fault.kind)

    def release(self, *, lose: bool = False) -> int:
        """Let the held calls go on, or lose their connections; returns how many there were."""
        held, self._held = self._held, []
        for future in held:
            if lose:
                future.set_exception(ConnectionLost())
            else:
                future.set_result(None)
        return len(held)

    async def _hold(self) -> None:
        future = asyncio.get_running_loop().create_future()
        self._held.append(future)
        try:
            await future
        finally:
            if future in self._held:
                self._held.remove(future)
