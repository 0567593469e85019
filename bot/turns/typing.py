"""Showing that someone types, while the client waits and no longer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.ports import Channel, Clock, Timer
from bot.turns.tasks import Tasks
from db.records import Address

RENEW_SECONDS = 4.5  # Telegram shows it for 5 s


@dataclass(slots=True)
class Typing:
    """The chats where someone waits. Best effort: nothing here delays a bubble."""

    channels: Mapping[str, Channel]
    clock: Clock
    tasks: Tasks
    _timers: dict[int, Timer] = field(default_factory=dict)
    _shown: set[int] = field(default_factory=set)  # of the chats with a timer
    _bots: dict[int, int] = field(default_factory=dict)  # of those chats

    def start(self, chat: int, address: Address, *, after: float = 0.0) -> None:
        """Show it, now or in a moment, and renew it until stopped; harmless when it is on."""
        if chat in self._shown or (after and chat in self._timers):
            return
        self.stop(chat)
        self._bots[chat] = address.bot_id
        if after:
            self._timers[chat] = self.clock.call_later(after, lambda: self._show(chat, address))
        else:
            self._show(chat, address)

    def stop(self, chat: int) -> None:
        """A bubble goes out, or the turn is over."""
        if timer := self._timers.pop(chat, None):
            timer.cancel()
            self._shown.discard(chat)
            del self._bots[chat]

    def leave(self, bot_id: int) -> None:
        """The bot is gone, and perhaps the rows of its chats."""
        for chat in [chat for chat, bot in self._bots.items() if bot == bot_id]:
            self.stop(chat)

    def stop_all(self) -> None:
        """The process ends."""
        for chat in tuple(self._timers):
            self.stop(chat)

    def _show(self, chat: int, address: Address) -> None:
        self._shown.add(chat)
        self._timers[chat] = self.clock.call_later(RENEW_SECONDS, lambda: self._show(chat, address))
        self.tasks.start(self.channels[address.channel].typing(address))
