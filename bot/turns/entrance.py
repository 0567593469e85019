"""A channel beside Telegram in the same process."""

from typing import Protocol

from bot.ports import Channel
from bot.turns.engine import Engine
from db.records import Event


class Entrance(Protocol):
    """What the composition root needs of one."""

    @property
    def name(self) -> str:
        """The channel's name in addresses."""

    @property
    def channel(self) -> Channel:
        """How the engine speaks and reads there."""

    async def handle(self, event: Event) -> None:
        """Carry out an event of a chat of its; it calls `engine.events.handle`."""

    async def serve(self, engine: Engine) -> None:
        """Join the engine with the bots that speak there, and accept what comes in."""

    async def stop(self) -> None:
        """Accept nothing more; harmless where nothing was begun."""
