"""What an admin's commands do, in a few words: for Telegram's menu."""

from enum import auto

from bot.core.texts.key import Key


class DeskMenu(Key):
    """One for each command of the desk."""

    CONFIGURE = auto()
    KNOWLEDGE = auto()
    PREVIEW = auto()
    DONE = auto()
    PUBLISH = auto()
    HISTORY = auto()
    ASSISTANTS = auto()
    BOTS = auto()
    ADMINS = auto()
    AUDIT = auto()
    COMPANY = auto()
    TENANTS = auto()
    CANCEL = auto()
