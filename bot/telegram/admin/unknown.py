"""A command that there is not, typed by one who holds a role: what they may have meant."""

from dataclasses import dataclass
from typing import Final

from telegram import Update

from bot.core.texts import say
from bot.core.texts.desk import Desk as Say
from bot.telegram.admin.visit import answer, leading_home
from bot.telegram.admin.visitors import Visitors
from bot.telegram.events import Dispatcher

# The guide sends to BotFather for them; whoever writes them here is in the wrong chat.
_OF_BOTFATHER: Final = frozenset(
    ("newbot", "mybots", "token", "revoke", "deletebot", "setname", "setuserpic", "setcommands")
)


@dataclass(frozen=True, slots=True)
class UnknownCommand:
    """Clients are told that they may simply ask; whoever sets a company up is told otherwise."""

    dispatcher: Dispatcher
    visitors: Visitors

    async def answered(self, update: Update) -> bool:
        """Whether it came from one who holds a role, who is told; what is asked stays open."""
        visitor, chat = await self.visitors.who(update), update.effective_chat
        message = update.message
        if not visitor.roles or message is None or chat is None or chat.type != "private":
            return False
        name = (message.text or "").split()[0].removeprefix("/").partition("@")[0].lower()
        text = Say.COMMAND_OF_BOTFATHER if name in _OF_BOTFATHER else Say.UNKNOWN_COMMAND
        told = answer(say(text, visitor.language, command=f"/{name}"))
        await self.dispatcher.handle(update, leading_home(told, visitor.language).work)
        return True
