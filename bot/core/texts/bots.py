"""What is said about a company's bots."""

from enum import auto

from bot.core.texts.key import Key


class Bots(Key):
    """/bots, and what a bot's people are told about its token."""

    LIST = auto()
    NONE = auto()
    ACTIVE = auto()
    REFUSED = auto()
    SHARED = auto()

    ADD = auto()
    NEW_TOKEN = auto()
    REMOVE = auto()
    BACK = auto()

    ASK_TOKEN = auto()
    ASK_NEW_TOKEN = auto()
    NO_TOKEN = auto()
    NO_KEY = auto()
    BAD_TOKEN = auto()
    AWAY = auto()
    OTHER_BOT = auto()
    HELD = auto()
    ADDED = auto()
    ROTATED = auto()

    CREATE = auto()
    ASK_CREATE = auto()
    CREATE_KEY = auto()

    WHAT_TO_CHANGE = auto()
    REALLY_REMOVE = auto()
    YES_REMOVE = auto()
    REMOVED = auto()
    GONE = auto()

    TOLD_REFUSED = auto()
    TOLD_UNREADABLE = auto()
