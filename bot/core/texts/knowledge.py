"""What /knowledge says."""

from enum import auto

from bot.core.texts.key import Key


class Knowledge(Key):
    """About what a company's assistant knows."""

    CARD = auto()
    PASTED = auto()
    PASTED_NONE = auto()
    SOURCE = auto()
    SOURCES = auto()
    SOURCES_NONE = auto()
    PRICE = auto()
    PRICE_UNKNOWN = auto()
    DRAFTED = auto()
    SOURCE_CARD = auto()

    PASTE = auto()
    ADD = auto()
    CLEAR = auto()
    FILE = auto()
    REPLACE = auto()
    EXTEND = auto()
    DOWNLOAD = auto()
    REMOVE = auto()
    BACK = auto()
    DONE = auto()

    ASK_PASTE = auto()
    ASK_ADD = auto()
    ASK_FILE = auto()
    ASK_REPLACE = auto()
    ASK_EXTEND = auto()

    PASTED_NOW = auto()
    PASTED_CLEARED = auto()
    SOURCE_NEW = auto()
    SOURCE_NOW = auto()
    SOURCE_REMOVED = auto()
    TOTAL_NOW = auto()
    GO_ON = auto()

    GONE = auto()
    SENT = auto()
    SEND_TEXT_OR_FILE = auto()
    TOO_MUCH = auto()
    TOO_MUCH_FOR = auto()
    TOO_MANY = auto()

    UNSUPPORTED = auto()
    TOO_LARGE = auto()
    TEXT_TOO_LONG = auto()
    TOO_SLOW = auto()
    ENCRYPTED = auto()
    TEXT_MISSING = auto()
    BROKEN = auto()
    NOT_FETCHED = auto()
