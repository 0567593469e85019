"""Time, telemetry, secrets, other channels: what is needed of the process around."""

from collections.abc import Callable
from typing import Protocol


class Timer(Protocol):
    """Something that will happen."""

    def cancel(self) -> None:
        """It will not happen; harmless once it did."""


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> float:
        """Seconds since the epoch (UTC)."""

    def boottime(self) -> float:
        """Seconds on a clock that never jumps and also counts suspension."""

    async def sleep(self, seconds: float) -> None:
        """Wait; zero or less returns at the next turn of the loop."""

    def call_later(self, seconds: float, callback: Callable[[], object]) -> Timer:
        """Call `callback` once, in the loop, after `seconds`."""


class Telemetry(Protocol):
    """Where the engine tells what happened: logs, counts."""

    def record(self, event: str, **fields: object) -> None:
        """Something worth counting; `event` is a constant, no field holds a client's text."""

    def warn(self, event: str, **fields: object) -> None:
        """Something that the host should know."""


class Vault(Protocol):
    """What locks secrets away: encrypted, or known by a keyed hash alone."""

    @property
    def sealed(self) -> bool:
        """Whether there is a key, so that secrets can be kept."""

    def encrypt(self, secret: str) -> str:
        """The secret, unreadable without the key. Raises GiveUp when there is no key."""

    def decrypt(self, ciphertext: str) -> str:
        """What was encrypted. Raises SecretLost when no key opens it."""

    def digests(self, secret: str, *, purpose: str) -> tuple[str, ...]:
        """The secret's keyed hash under each key: the first is stored, all are looked for."""


class Onward(Protocol):
    """Another channel, in which a client can go on with what was said in this one."""

    async def link(self, tenant: int, token: str) -> str | None:
        """The address that leads there and brings a token along; None: the company is not there.

        The other channel takes in whoever opens it, by `db.onward.go_on`.
        """

    async def leads(self, tenant: int) -> bool:
        """Whether there would be such an address."""
