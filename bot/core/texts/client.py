"""What is said to clients, and to the hosts about them."""

from enum import auto

from bot.core.texts.key import Key


class Text(Key):
    """One of the sentences for clients. HOST_ texts are for the people in ADMIN_IDS."""

    FAILURE = auto()
    EMPTY_REPLY = auto()
    TOO_FAST = auto()
    DAILY_CAP = auto()

    HELP = auto()
    NEW = auto()
    PRIVACY = auto()
    PRIVACY_DAYS = auto()
    PRIVACY_FOR_EVER = auto()
    FORGET_ASK = auto()
    FORGET_YES = auto()
    FORGET_NO = auto()
    FORGOTTEN = auto()
    FORGET_CANCELLED = auto()
    LANGUAGE_ASK = auto()
    LANGUAGE_UNKNOWN = auto()
    LANGUAGE_NAME = auto()
    LANGUAGE_AS_TELEGRAM = auto()
    LANGUAGE_CHOSEN = auto()
    LANGUAGE_FOLLOWED = auto()
    UNKNOWN_COMMAND = auto()
    ONLY_TEXT = auto()
    BUTTON_EXPIRED = auto()
    GROUP_BOUND = auto()
    GROUP_BOUND_ANONYMOUS = auto()
    GROUP_BOUND_UNKNOWN = auto()

    HOST_REFUSED = auto()
    HOST_DAILY_CAP = auto()
    HOST_DISK_FULL = auto()
    HOST_UPDATE_UNREADABLE = auto()
