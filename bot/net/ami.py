"""The phone stack's AMI service as a `bot.ports.Switchboard`: one POST for each act.

`POST /hangup {uuid}` and `POST /transfer {uuid, exten, context, priority}`, answered with 200, 404
for a call that is not there, or 500 (Agent Voice Response, avr-ami).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aiohttp import ClientError, ClientTimeout, ConnectionTimeoutError

from bot.errors import ToolError
from bot.net.outside import NoReply, Unreached
from bot.net.sessions import new_session
from bot.net.words import NEVER_CONNECTED, describe_failure

SECONDS: Final = 5.0
DONE: Final = 2  # hundred, and whatever comes with it
NOT_FOUND: Final = 404
FAILED: Final = 500
_OVER: Final = "The call is over: nothing was done."
_STAYS: Final = "The phone system does not end the call: say that the caller may hang up."
_REFUSED: Final = (
    "The phone system did not do it. Say that calls cannot be passed on just now, and offer what"
    " else you can do."
)


@dataclass(frozen=True, slots=True)
class AMI:
    """`context`: of the dialplan, where extensions are looked for."""

    url: str
    context: str
    warn: Callable[..., object]  # `bot.ports.Telemetry.warn`
    seconds: float = SECONDS  # until an answer is given up

    @classmethod
    def at(cls, url: str | None, context: str, warn: Callable[..., object]) -> "AMI | None":
        """None where there is none."""
        return cls(url, context, warn) if url else None

    async def hang_up(self, call: str) -> None:
        try:
            await self._post("hangup", {"uuid": call})
        except (Unreached, NoReply):  # a caller who is still there can hang up
            raise ToolError(_STAYS) from None

    async def transfer(self, call: str, extension: str) -> None:
        where = {"exten": extension, "context": self.context, "priority": 1}
        try:
            status = await self._post("transfer", {"uuid": call, **where})
        except Unreached:
            raise ToolError(_REFUSED) from None
        if status == NOT_FOUND:
            raise ToolError(_OVER)

    async def _post(self, act: str, body: dict[str, object]) -> int:
        """What was answered to it, sent once; what went wrong is logged, without the address.

        Raises Unreached, NoReply.
        """
        try:
            status = await self._status(act, body)
        except (ConnectionTimeoutError, *NEVER_CONNECTED) as error:
            self._warn(act, describe_failure(error))
            raise Unreached from None
        except (ClientError, TimeoutError, OSError) as error:
            self._warn(act, type(error).__name__)
            raise NoReply from None
        if status // 100 != DONE and status != NOT_FOUND:
            self._warn(act, f"HTTP {status}")
            raise NoReply if status >= FAILED else Unreached
        return status

    async def _status(self, act: str, body: dict[str, object]) -> int:
        timeout = ClientTimeout(total=self.seconds, connect=self.seconds / 2)
        async with new_session(connections=1) as session:
            sending = session.post(
                f"{self.url}/{act}", json=body, timeout=timeout, allow_redirects=False
            )
            async with sending as response:
                return response.status

    def _warn(self, act: str, cause: str) -> None:
        self.warn("phone system failed", act=act, cause=cause)
