"""The phone stack's AMI service as a `bot.ports.Switchboard`: one POST for each act.

`POST /hangup {uuid}` and `POST /transfer {uuid, exten, context, priority}`, answered with 200, 404
for a call that is not there, or 500 (Agent Voice Response, avr-ami).
"""

from dataclasses import dataclass
from typing import Final

from aiohttp import ClientConnectorError, ClientTimeout

from bot.errors import ToolError
from bot.net.sessions import new_session

SECONDS: Final = 5.0
NOT_FOUND: Final = 404
FAILED: Final = 500
_OVER: Final = "The call is over: nothing was done."
_REFUSED: Final = "The phone system did not do it: say that calls cannot be passed on just now."


@dataclass(frozen=True, slots=True)
class AMI:
    """`context`: of the dialplan, where extensions are looked for."""

    url: str
    context: str

    @classmethod
    def at(cls, url: str | None, context: str) -> "AMI | None":
        """None where there is none."""
        return cls(url, context) if url else None

    async def hang_up(self, call: str) -> None:
        await self._post("hangup", {"uuid": call})

    async def transfer(self, call: str, extension: str) -> None:
        where = {"exten": extension, "context": self.context, "priority": 1}
        if await self._post("transfer", {"uuid": call, **where}) == NOT_FOUND:
            raise ToolError(_OVER)

    async def _post(self, act: str, body: dict[str, object]) -> int:
        """Sent once. What else it raises leaves it unknown whether something was done."""
        async with new_session(connections=1) as session:
            sending = session.post(
                f"{self.url}/{act}",
                json=body,
                timeout=ClientTimeout(total=SECONDS),
                allow_redirects=False,
            )
            try:
                async with sending as response:
                    status = response.status
            except ClientConnectorError:
                raise ToolError(_REFUSED) from None
        if status >= FAILED:
            raise RuntimeError(f"HTTP {status}")
        if status not in (200, NOT_FOUND):
            raise ToolError(_REFUSED)
        return status
