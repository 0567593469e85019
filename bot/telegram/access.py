"""Access codes as Telegram brings them; the message that held one is deleted."""

from dataclasses import dataclass
from typing import Any

from telegram import Update
from telegram.ext import CommandHandler

from bot.core.secrets import MARK, SecretKind
from bot.front.access import AccessCodes
from bot.telegram.captions import Handler, command_handlers
from bot.telegram.events import Dispatcher, TelegramApplication
from bot.telegram.presses import best_effort


@dataclass(frozen=True, slots=True)
class Codes:
    """Handlers for everybody. `otherwise` takes a message in which there is no code."""

    dispatcher: Dispatcher
    access: AccessCodes
    otherwise: Handler

    def register(self, application: TelegramApplication) -> None:
        """Add the handlers of the commands; messages come through the desk."""
        application.add_handler(CommandHandler("unlock", self.unlock))
        application.add_handlers(command_handlers("lock", self.lock))

    async def message(self, update: Update, context: Any) -> None:
        """A message that answers nothing that was asked."""
        if not update.message or SecretKind.CODE not in update.api_kwargs.get(MARK, ()):
            await self.otherwise(update, context)
        elif await self.access.code(self.dispatcher.client_event(update)):
            await best_effort(update.message.delete)

    async def unlock(self, update: Update, _: Any) -> None:
        """`/unlock CODE`."""
        is_secret = await self.access.unlock(self.dispatcher.client_event(update))
        if is_secret and update.effective_message:
            await best_effort(update.effective_message.delete)

    async def lock(self, update: Update, _: Any) -> None:
        """Back to the assistant that everybody may talk to."""
        await self.access.lock(self.dispatcher.client_event(update))
