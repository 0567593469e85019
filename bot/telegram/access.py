"""Access codes, tokens and keys as Telegram brings them; what held one is deleted."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from telegram import Update
from telegram.ext import CommandHandler, MessageHandler, filters

from bot.core.secrets import LEAKS, SecretKind
from bot.front.access import AccessCodes
from bot.front.leaks import Leaks
from bot.telegram.captions import Handler, command_handlers
from bot.telegram.events import Dispatcher, TelegramApplication
from bot.telegram.presses import best_effort
from bot.telegram.secrets import said

_LAST: Final = 1  # a group of handlers: after the one that answers


class _Telling(filters.UpdateFilter):
    """What was said with one of these in it."""

    def __init__(self, kinds: Collection[SecretKind]) -> None:
        super().__init__()
        self._kinds = frozenset(kinds)

    def filter(self, update: Update) -> bool:
        return not self._kinds.isdisjoint(said(update))


@dataclass(frozen=True, slots=True)
class Codes:
    """Handlers for everybody. `otherwise` takes a message in which there is no secret."""

    dispatcher: Dispatcher
    access: AccessCodes
    leaks: Leaks
    otherwise: Handler

    def register(self, application: TelegramApplication) -> None:
        """Add the handlers of the commands; messages of private chats come through the desk."""
        application.add_handler(CommandHandler("unlock", self.unlock))
        application.add_handlers(command_handlers("lock", self.lock))
        elsewhere = _Telling(LEAKS) & ~filters.COMMAND & ~filters.ChatType.PRIVATE
        application.add_handler(MessageHandler(elsewhere, self.message))
        secret = _Telling({SecretKind.ARGUMENT, SecretKind.SECRET, *LEAKS})
        application.add_handler(MessageHandler(secret, self.told), _LAST)

    async def message(self, update: Update, context: Any) -> None:
        """A message that answers nothing that was asked."""
        secrets = said(update)
        if update.message and SecretKind.CODE in secrets:
            if await self.access.code(self.dispatcher.client_event(update)):
                await best_effort(update.message.delete)
        elif LEAKS.isdisjoint(secrets):
            await self.otherwise(update, context)
        else:
            await self.leaks.told(self.dispatcher.client_event(update))

    async def told(self, update: Update, _: Any) -> None:
        """However it was answered, it must not stay where it can be read."""
        if update.effective_message:
            await best_effort(update.effective_message.delete)

    async def unlock(self, update: Update, _: Any) -> None:
        """`/unlock CODE`."""
        await self.access.unlock(self.dispatcher.client_event(update))

    async def lock(self, update: Update, _: Any) -> None:
        """Back to the assistant that everybody may talk to."""
        await self.access.lock(self.dispatcher.client_event(update))
