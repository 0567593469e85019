"""Calls of the Bot API about a chat, within its budget."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from telegram.error import RetryAfter

from bot.errors import RetryLater
from bot.ports import Clock, Outgoing
from bot.telegram.account import Account, TelegramBot
from bot.telegram.errors import asked_seconds
from bot.telegram.limiter import Limiter
from bot.telegram.request import READ_SECONDS, Fields, call
from db.records import Address

LAST_LINE: Final = "{last line}"  # in a button: of the message under which it stands
ABSENT_SECONDS: Final = 60.0  # until a bot that does not run here is asked for again


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """The chats of all bots that run here; an address tells which bot speaks.

    While a chat's budget is spent or Telegram has asked for a pause, nothing is called and
    RetryLater says how long.
    """

    accounts: Mapping[int, Account]
    limiter: Limiter
    clock: Clock

    def admit(self, address: Address) -> None:
        """Take a message's part of the chat's budget. Raises RetryLater."""
        if delay := self.limiter.take(address, now=self.clock.boottime()):
            raise RetryLater(delay, "the chat's budget is spent")

    def bot(self, bot_id: int) -> TelegramBot:
        """One that runs here. Raises RetryLater."""
        if (account := self.accounts.get(bot_id)) is None:
            raise RetryLater(ABSENT_SECONDS, "the bot does not run here")
        return account.bot

    async def make(
        self,
        address: Address,
        method: str,
        fields: Fields,
        *,
        seconds: float = READ_SECONDS,
    ) -> Any:
        """What the method returns; a pause that it asks for is kept.

        Raises TelegramError, and RetryLater for a bot that does not run here.
        """
        bot = self.bot(address.bot_id)
        url = f"{bot.base_url}/{method}"
        try:
            return await call(bot.request, url, fields, read_seconds=seconds)
        except RetryAfter as error:
            now = self.clock.boottime()
            self.limiter.penalize(address, seconds=asked_seconds(error), now=now)
            raise


def content(message: Outgoing) -> Fields:
    """What a message says, as sendMessage and editMessageText take it."""
    fields: Fields = {"text": message.text}
    if message.entities:
        fields["entities"] = message.entities
    if message.markup:
        last = json.dumps(message.text.rpartition("\n")[2])[1:-1]
        fields["reply_markup"] = message.markup.replace(LAST_LINE, last)
    return fields
