"""A bot that has got another username: noticed when somebody calls it by that, not by a timer."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from bot.errors import SportelloError
from bot.ports import Clock
from bot.telegram.account import Account, BotIdentity, identify_again
from bot.telegram.message import calls_another_bot, message_in
from bot.telegram.route import route
from bot.telegram.wire import parse
from db.records import Incoming, UpdateKind

ASK_SECONDS: Final = 60.0  # from one question to the next: groups call other bots all the time


@dataclass(slots=True)
class Naming:
    """Routes the updates of a bot by the names that it has; `renamed` keeps a new one."""

    account: Account
    clock: Clock
    renamed: Callable[[BotIdentity], Awaitable[object]]
    _asked_at: float = -inf

    def route(self, payload: str) -> Incoming:
        """An update, as the bot is known."""
        return route(payload, me=self.account.me)

    def is_unsure(self, incoming: Incoming) -> bool:
        """Whether what is for nobody may be for this bot, and Telegram may be asked now."""
        if incoming.kind is not UpdateKind.IGNORED or "@" not in incoming.payload:
            return False
        message = message_in(parse(incoming.payload))
        is_due = self.clock.boottime() - self._asked_at >= ASK_SECONDS
        return is_due and calls_another_bot(message, self.account.me)

    async def ask(self, unsure: Sequence[Incoming]) -> list[Incoming]:
        """Ask Telegram for the bot's name, and route these by it. Raises what `renamed` raises."""
        try:
            me = await identify_again(self.account)
        except SportelloError:  # then it is asked at another time
            me = self.account.me
        if me.username != self.account.me.username:
            await self.renamed(me)
        self.account.me, self._asked_at = me, self.clock.boottime()
        return [self.route(one.payload) for one in unsure]
