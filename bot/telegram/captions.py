"""Commands behind which one may say something, typed, or in the caption of what is sent."""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Message, Update
from telegram.ext import BaseHandler, CommandHandler, MessageHandler, filters

from bot.telegram.message import WITH_WORDS

Handler = Callable[[Update, Any], Coroutine[Any, Any, None]]


class Captioned(filters.MessageFilter):
    """Messages whose caption begins with one of these commands."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        self._names = names

    def filter(self, message: Message) -> bool:
        """Whether this is one."""
        return WITH_WORDS.command_in(message.caption or "") in self._names


def command_handlers(name: str, handler: Handler) -> tuple[BaseHandler[Any, Any, Any], ...]:
    """The handlers of such a command."""
    captioned = filters.UpdateType.MESSAGE & Captioned(name)
    return CommandHandler(name, handler), MessageHandler(captioned, handler)
