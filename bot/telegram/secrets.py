"""What was said in an update and is not stored with it, for the handlers that need it."""

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import Update

from bot.core.secrets import FoundSecret, SecretKind
from bot.errors import SecretLost
from bot.telegram.events import Dispatcher
from bot.turns.redact import Redaction


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets of the updates that a dispatcher is handling."""

    dispatcher: Dispatcher
    redaction: Redaction

    async def of(self, update: Update) -> Sequence[FoundSecret]:
        """All of them, in the order of their kinds; none where they could not be kept."""
        try:
            return await self.redaction.secrets(self.dispatcher.row(update))
        except SecretLost:
            return ()

    async def first(self, update: Update, kind: SecretKind) -> str:
        """The first of a kind; empty when there is none."""
        return next((one.text for one in await self.of(update) if one.kind is kind), "")
