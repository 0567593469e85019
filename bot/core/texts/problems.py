"""What those read whose words for a profile cannot be kept: what to do about each."""

from enum import auto

from bot.core.texts.key import Key


class Problems(Key):
    """A sentence that says what to do, for each kind of problem."""

    LINE = auto()
    TOO_LONG = auto()
    MESSAGE_TOO_LONG = auto()
    NOT_TEXT = auto()
    NO_CHOICE = auto()
    NOT_A_NUMBER = auto()
    TOO_SMALL = auto()
    TOO_LARGE = auto()
    BLANK = auto()
    NO_ZONE = auto()
    HOURS_UNREAD = auto()
    NOT_TYPED = auto()
    NO_MODEL = auto()
    NO_TOOL = auto()
    MISSING = auto()
    TOO_MANY = auto()
    NOT_A_LIST = auto()
    NOT_A_TABLE = auto()
    BAD_NAME = auto()
    NAME_TAKEN = auto()
    PUBLIC_NAME = auto()
    KNOWLEDGE_TOO_LONG = auto()
    UNKNOWN = auto()
    UNKNOWN_LIKE = auto()
    NO_TABLE = auto()
    TOML_SYNTAX = auto()
    TOML_NESTING = auto()
    OTHER = auto()
