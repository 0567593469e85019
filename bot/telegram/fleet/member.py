"""A bot that this process speaks for."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.errors import Unauthorized
from bot.ports import Telemetry
from bot.telegram.account import Account
from bot.telegram.polling import Poller
from bot.turns.lease import Holding


@dataclass(slots=True)
class Member:
    """What runs for one bot. `token` is the encrypted one; the host's bot has none."""

    account: Account
    token: str | None = field(repr=False)
    holding: Holding
    poller: Poller
    telemetry: Telemetry
    ended: Callable[[], object]  # called when it hears nothing any more
    revoked: bool = False  # Telegram no longer accepts the token
    polling: asyncio.Task[None] | None = None
    keeping: asyncio.Task[None] | None = None

    @property
    def id(self) -> int:
        """Telegram's number of the bot."""
        return self.account.me.id

    @property
    def deaf(self) -> bool:
        """Whether nothing of the bot comes in any more."""
        return self.polling is None or self.polling.done()

    def start(self) -> None:
        """Listen, as long as the right to poll is this process's."""
        self.polling = asyncio.create_task(self._poll())
        self.keeping = asyncio.create_task(self.holding.keep())

    async def stop(self) -> None:
        """Listen no more; a long poll ends at once."""
        tasks = [task for task in (self.polling, self.keeping) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _poll(self) -> None:
        try:
            await self.poller.run()
        except Unauthorized:
            self.revoked = True
        except Exception as error:
            self.telemetry.warn("poller broken", bot=self.id, exc_info=error)
        self.ended()
