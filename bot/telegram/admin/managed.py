"""Bots that are created inside Telegram and managed by the host's (Bot API 9.6, managed bots).

Source: core.telegram.org/bots/api#managedbotupdated. The user presses a key, Telegram asks for the
new bot's name, and the manager may fetch its token; it is told when that changes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from telegram import (
    Bot,
    KeyboardButton,
    KeyboardButtonRequestManagedBot,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.ext import ManagedBotUpdatedHandler

from bot.core.texts import say
from bot.core.texts.desk import Bots as Say
from bot.core.waits import Retry
from bot.ports import Clock
from bot.telegram.admin.tokens import Token, TokenRefused, Tokens
from bot.telegram.admin.visit import Visit
from bot.telegram.events import Dispatcher, TelegramApplication
from bot.telegram.person import full_name
from db.bots import AddBot, managed_bot
from db.chats import ChatWork
from db.engine import Database
from db.records import Actor, Draft

REQUEST: Final = 1  # which key was pressed: there is one
AWAY: Final = Retry(first_seconds=1.0, attempts=5)  # for half a minute: the chat waits


def creation_key(visit: Visit) -> str:
    """The key that has Telegram ask for a new bot's name."""
    request = KeyboardButtonRequestManagedBot(REQUEST, suggested_name=visit.company[:64])
    key = KeyboardButton(say(Say.CREATE_KEY, visit.language), request_managed_bot=request)
    markup = ReplyKeyboardMarkup([[key]], resize_keyboard=True, one_time_keyboard=True)
    return markup.to_json()


@dataclass(frozen=True, slots=True)
class ManagedBots:
    """Keeps up with what happens to managed bots elsewhere: a new token is fetched."""

    dispatcher: Dispatcher
    database: Database
    clock: Clock
    tokens: Tokens
    changed: Callable[[], object]

    def register(self, application: TelegramApplication) -> None:
        """Add the handler."""
        application.add_handler(ManagedBotUpdatedHandler(self.updated))

    async def updated(self, update: Update, _: Any) -> None:
        """A managed bot was created, or has a new token or owner."""
        rotation = await self._rotation(update)

        def work(chat: ChatWork) -> Sequence[Draft]:
            held = chat.read(managed_bot, rotation.bot_id) if rotation else None
            if rotation and held and held.tenant == rotation.tenant:  # and not removed meanwhile
                chat.do(rotation)
            return ()

        await self.dispatcher.handle(update, work)
        self.changed()

    async def _rotation(self, update: Update) -> AddBot | None:
        """The new token of a bot that a tenant holds; None when nothing changed."""
        told = update.managed_bot
        bot_id = told.bot.id if told else 0
        known = await self.database.read(managed_bot, bot_id)
        if told is None or known is None:
            return None
        token = await self._fetched(update.get_bot(), bot_id)
        if token is None or self.tokens.is_known(token, known.token or ""):
            return None
        return AddBot(
            bot_id,
            token.bot.username,
            known.tenant,
            token.ciphertext,
            actor=Actor(told.user.id, full_name(told.user)),
            now=self.clock.now(),
            managed=True,
        )

    async def _fetched(self, manager: Bot, bot_id: int) -> Token | None:
        """The bot's token, asked for again while Telegram is away: nobody tells of it twice."""
        attempt = 0
        while True:
            try:
                return await self.tokens.of_managed(manager, bot_id)
            except TokenRefused as refused:
                delay = AWAY.delay(attempt) if refused.text is Say.AWAY else None
            if delay is None:
                return None
            await self.clock.sleep(delay)
            attempt += 1
