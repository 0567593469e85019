"""Who did something, as a person who may hold a role and be written down."""

from typing import Final

from telegram import Update, User
from telegram.constants import ChatID

from bot.telegram.message import name_of

# Telegram's own, which everybody shares who writes in the name of a group or a channel.
_MASKS: Final = frozenset({ChatID.ANONYMOUS_ADMIN, ChatID.FAKE_CHANNEL, ChatID.SERVICE_CHAT})


def person(update: Update) -> User | None:
    """Whom an update is from; None when they do not show who they are."""
    user, message = update.effective_user, update.message
    is_hidden = message is not None and message.sender_chat is not None
    return None if is_hidden or user is None or user.id in _MASKS else user


def full_name(user: User) -> str:
    """As Telegram shows it, in one line: it stands in lists. The library's may be None."""
    return name_of(user.to_dict())
