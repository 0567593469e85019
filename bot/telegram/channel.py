"""Telegram as a `bot.ports.Channel`."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.errors import InDoubt, RetryLater
from bot.ports import ClientMessage, Clock, Outgoing, Rendered
from bot.telegram.account import Account, BotIdentity, TelegramBot
from bot.telegram.errors import pause_seconds, repeatable, translate
from bot.telegram.limiter import Limiter
from bot.telegram.read import read
from bot.telegram.render import render
from bot.telegram.request import READ_SECONDS, Fields, call
from bot.telegram.wire import integer, mapping
from db.records import Address

TYPING_SECONDS: Final = 3.0  # an answer to a typing call is not worth a longer wait
ABSENT_SECONDS: Final = 60.0  # until a bot that does not run here is asked for again

_NOT_THERE: Final = (
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message to edit",
    "message_id_invalid",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramChannel:
    """The chats of all bots that run here; an address tells which bot speaks.

    Reading and rendering are pure; sending keeps to each chat's budget. While that is spent or
    Telegram has asked for a pause, nothing is called and RetryLater says how long. The same for
    a bot that does not run here.
    """

    accounts: Mapping[int, Account]
    limiter: Limiter
    clock: Clock

    def read(self, payload: str, *, bot_id: int) -> ClientMessage:
        account = self.accounts.get(bot_id)
        return read(payload, me=account.me if account else BotIdentity(bot_id, "", ""))

    def render(self, markdown: str, *, mark: str = "") -> tuple[Rendered, ...]:
        return render(markdown, mark=mark)

    def delay(self, address: Address) -> float:
        return self.limiter.delay(address, now=self.clock.boottime())

    async def send(self, message: Outgoing) -> int:
        self._admit(message.address)
        fields = {**_where(message.address), **_what(message), **_reply(message)}
        try:
            result = await self._call(message.address, "sendMessage", fields)
        except TelegramError as error:
            raise translate(error) from None
        message_id = integer(mapping(result).get("message_id"))
        if message_id is None:
            raise InDoubt("the answer to sendMessage names no message")
        return message_id

    async def typing(self, address: Address) -> None:
        if not self.limiter.take_typing(address, now=self.clock.boottime()):
            return
        fields = {**_where(address), "action": "typing"}
        with suppress(TelegramError, RetryLater):  # best effort; _call has noted a penalty
            await self._call(address, "sendChatAction", fields, seconds=TYPING_SECONDS)

    async def is_delivered(self, message: Outgoing, message_id: int) -> bool:
        """Ask by editing the message to what it should say already.

        "message is not modified" says that it does; an edit that succeeds has made it so.
        """
        self._admit(message.address)
        chat_id = message.address.chat_id
        fields = {"chat_id": chat_id, "message_id": message_id, **_what(message)}
        with repeatable():
            try:
                await self._call(message.address, "editMessageText", fields)
            except BadRequest as error:
                reason = str(error).lower()
                if any(text in reason for text in _NOT_THERE):
                    return False
                if "message is not modified" not in reason:
                    raise
        return True

    def _bot(self, bot_id: int) -> TelegramBot:
        if account := self.accounts.get(bot_id):
            return account.bot
        raise RetryLater(ABSENT_SECONDS, "the bot does not run here")

    def _admit(self, address: Address) -> None:
        if delay := self.limiter.take(address, now=self.clock.boottime()):
            raise RetryLater(delay, "the chat's budget is spent")

    async def _call(
        self,
        address: Address,
        method: str,
        fields: Fields,
        *,
        seconds: float = READ_SECONDS,
    ) -> Any:
        bot = self._bot(address.bot_id)
        url = f"{bot.base_url}/{method}"
        try:
            return await call(bot.request, url, fields, read_seconds=seconds)
        except RetryAfter as error:
            now = self.clock.boottime()
            self.limiter.penalize(address, seconds=pause_seconds(error), now=now)
            raise


def _where(address: Address) -> Fields:
    if not address.topic_id:
        return {"chat_id": address.chat_id}
    return {"chat_id": address.chat_id, "message_thread_id": address.topic_id}


def _what(message: Outgoing) -> Fields:
    fields: Fields = {"text": message.text}
    if message.entities:
        fields["entities"] = message.entities
    if message.markup:
        fields["reply_markup"] = message.markup
    return fields


def _reply(message: Outgoing) -> Fields:
    if message.reply_to is None:
        return {}
    reply = {"message_id": message.reply_to, "allow_sending_without_reply": True}
    return {"reply_parameters": json.dumps(reply)}
