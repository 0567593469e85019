"""What hosts read: about the companies, and about what only they can mend."""

from enum import auto

from bot.core.texts.key import Key


class Tenants(Key):
    """About companies as a whole."""

    LIST = auto()
    LIST_EMPTY = auto()
    NEW = auto()
    NEW_FROM = auto()
    BLANK = auto()
    ASK_NAME = auto()
    ASK_LINK = auto()
    EXAMPLES = auto()
    BAD_NAME = auto()
    NAME_TAKEN = auto()
    CREATED = auto()
    CARD = auto()
    STATE_ACTIVE = auto()
    STATE_PAUSED = auto()
    STATE_ARCHIVED = auto()
    TAKE = auto()
    PAUSE = auto()
    RESUME = auto()
    ARCHIVE = auto()
    RENAME = auto()
    SPEAK = auto()
    DELETE = auto()
    BACK = auto()
    PAUSED = auto()
    RESUMED = auto()
    ARCHIVED = auto()
    RENAMED = auto()
    SPEAKS = auto()
    ASK_DELETE = auto()
    NOT_DELETED = auto()
    DELETED = auto()
    DELETE_SPEAKS = auto()
    DELETE_ELSEWHERE = auto()
    GONE = auto()


class Troubles(Key):
    """A text for each bot.errors.Trouble, and named as that is."""

    OUT_OF_CREDIT = auto()
    KEY_REFUSED = auto()
    KEY_LIMITED = auto()
    FORBIDDEN = auto()
    COUNTRY = auto()
    ORGANIZATION = auto()
    MODEL_UNKNOWN = auto()
    MODEL_DENIED = auto()
    NO_API = auto()
    NO_CONVERSATIONS = auto()
    UNREACHABLE = auto()
