"""What was said in an update and is not stored with it, for the handlers that need it."""

from collections.abc import Collection
from dataclasses import dataclass

from telegram import Update

from bot.core.secrets import MARK, SecretKind
from bot.telegram.events import Dispatcher
from bot.turns.redact import Redaction


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets of the updates that a dispatcher is handling."""

    dispatcher: Dispatcher
    redaction: Redaction

    async def first(self, update: Update, kind: SecretKind) -> str:
        """The first of a kind; empty when there is none."""
        return await self.redaction.first(self.dispatcher.row(update), kind)


def said(update: Update) -> Collection[str]:
    """The kinds of secrets that an update was stored without."""
    kinds: Collection[str] = update.api_kwargs.get(MARK, ())
    return kinds
