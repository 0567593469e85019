"""Telegram as a `bot.ports.Channel`."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, TelegramError

from bot.core.attachments import Attachment, Extract
from bot.errors import InDoubt, RetryLater
from bot.ports import AnswerKey, ClientMessage, Outgoing, Reaction, Rendered, Written
from bot.telegram.account import BotIdentity
from bot.telegram.calls import Calls, content
from bot.telegram.downloads import fetch
from bot.telegram.errors import is_absent, is_unmodified, repeatable, translate
from bot.telegram.points import UNTRUSTED
from bot.telegram.read import keep, reaction_in, read, say_instead, words_in
from bot.telegram.render import render
from bot.telegram.request import Fields
from bot.telegram.route import is_private
from bot.telegram.search import TelegramSearch
from bot.telegram.wire import integer, mapping
from db.records import Address

# What is no message holds the next one up no longer, and is not worth a longer wait.
SPARE_SECONDS: Final = 3.0


@dataclass(frozen=True, slots=True)
class TelegramChannel:
    """The chats of all bots that run here. Reading and rendering are pure."""

    calls: Calls
    search: TelegramSearch

    @property
    def logged(self) -> bool:
        return False

    @property
    def untrusted(self) -> Sequence[str]:
        return UNTRUSTED

    @property
    def has_keys(self) -> bool:
        return True

    def read(self, payload: str, *, bot_id: int) -> ClientMessage:
        account = self.calls.accounts.get(bot_id)
        return read(payload, me=account.me if account else BotIdentity(bot_id, "", ""))

    def render(self, markdown: str, *, mark: str = "") -> tuple[Rendered, ...]:
        return render(markdown, mark=mark)

    def keys(self, rows: Sequence[Sequence[AnswerKey]]) -> str:
        buttons = [
            [InlineKeyboardButton(k.label, callback_data=k.data) for k in row] for row in rows
        ]
        return InlineKeyboardMarkup(buttons).to_json()

    def is_private(self, address: Address) -> bool:
        return is_private(address)

    def phone_call(self, address: Address) -> str | None:
        return None

    def is_awaited(self, address: Address) -> bool:
        return False

    def reaction(self, payload: str) -> Reaction | None:
        return reaction_in(payload)

    def words(self, payload: str) -> Written:
        return words_in(payload)

    def say_instead(self, payload: str, words: str) -> str:
        return say_instead(payload, words)

    def keep(self, payload: str, extract: Extract) -> str:
        return keep(payload, extract)

    async def fetch(self, attachment: Attachment, *, bot_id: int, max_bytes: int) -> bytes:
        return await fetch(self.calls.bot(bot_id), attachment.file_id, max_bytes=max_bytes)

    def delay(self, address: Address) -> float:
        return self.calls.limiter.delay(address, now=self.calls.clock.boottime())

    async def send(self, message: Outgoing) -> str:
        self.calls.admit(message.address)
        fields = {**_where(message.address), **content(message)}
        if message.reply_to is not None:
            reply = {"message_id": int(message.reply_to), "allow_sending_without_reply": True}
            fields["reply_parameters"] = json.dumps(reply)
        try:
            result = await self.calls.make(message.address, "sendMessage", fields)
        except TelegramError as error:
            raise translate(error) from None
        message_id = integer(mapping(result).get("message_id"))
        if message_id is None:
            raise InDoubt("the answer to sendMessage names no message")
        self.search.ids.saw(message.address, str(message_id))
        return str(message_id)

    async def show_keys(self, address: Address, message_id: str, keys: str) -> None:
        calls, method = self.calls, "editMessageReplyMarkup"
        if delay := calls.limiter.take_spare(address, now=calls.clock.boottime()):
            raise RetryLater(delay, "the chat's budget is spent")
        fields: Fields = {"chat_id": int(address.chat_id), "message_id": int(message_id)}
        fields["reply_markup"] = keys
        with repeatable():
            try:
                await calls.make(address, method, fields, seconds=SPARE_SECONDS)
            except BadRequest as error:
                if not is_unmodified(error) and not is_absent(error):
                    raise

    async def rewrite(self, message: Outgoing, message_id: str) -> None:
        if message.text:
            await self.search.is_delivered(message, message_id)  # an edit is how it asks
            return
        self.calls.admit(message.address)
        fields: Fields = {"chat_id": int(message.address.chat_id), "message_id": int(message_id)}
        with repeatable():
            try:
                await self.calls.make(message.address, "deleteMessage", fields)
            except BadRequest as error:
                if not is_absent(error):
                    raise

    async def typing(self, address: Address) -> None:
        calls = self.calls
        if calls.limiter.take_spare(address, now=calls.clock.boottime()):
            return
        fields = {**_where(address), "action": "typing"}
        with suppress(TelegramError, RetryLater):  # best effort; a penalty is noted
            await calls.make(address, "sendChatAction", fields, seconds=SPARE_SECONDS)


def _where(address: Address) -> Fields:
    if not address.topic_id:
        return {"chat_id": int(address.chat_id)}
    return {"chat_id": int(address.chat_id), "message_thread_id": address.topic_id}
