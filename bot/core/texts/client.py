"""What clients read: the answers to their commands, the notices, the menu."""

from enum import auto

from bot.core.texts.key import Key


class Text(Key):
    """One of the sentences for clients. HOST_ texts are for the people in ADMIN_IDS."""

    @property
    def area(self) -> str:
        """It is called otherwise."""
        return "client"

    FAILURE = auto()
    EMPTY_REPLY = auto()
    LINK_LEFT_OUT = auto()
    AI_NOTICE_SPOKEN = auto()
    DOT_SPOKEN = auto()
    TOO_FAST = auto()
    DAILY_CAP = auto()

    HELP = auto()
    HELP_WEB = auto()
    NEW = auto()
    STOPPED = auto()
    STOPPED_DONE = auto()
    STOPPED_DOUBT = auto()
    NOTHING_TO_STOP = auto()
    PRIVACY = auto()
    PRIVACY_BESIDE = auto()
    PRIVACY_BESIDE_WEB = auto()
    PRIVACY_COMPANY = auto()
    PRIVACY_CONTACT = auto()
    PRIVACY_OTHER = auto()
    PRIVACY_HERE = auto()
    PRIVACY_COPIES = auto()
    PRIVACY_FILES = auto()
    PRIVACY_PEOPLE = auto()
    PRIVACY_TOOLS = auto()
    PRIVACY_SERVERS = auto()
    PRIVACY_DAYS = auto()
    PRIVACY_FOR_EVER = auto()
    FORGET_ASK = auto()
    FORGET_YES = auto()
    FORGET_NO = auto()
    FORGOTTEN = auto()
    FORGOTTEN_WEB = auto()
    FORGOTTEN_BUT = auto()
    FORGET_CANCELLED = auto()
    LANGUAGE_ASK = auto()
    LANGUAGE_UNKNOWN = auto()
    LANGUAGE_NAME = auto()
    LANGUAGE_AS_TOLD = auto()
    LANGUAGE_CHOSEN = auto()
    LANGUAGE_FOLLOWED = auto()
    WENT_ON_HERE = auto()
    WENT_ON_IN_TELEGRAM = auto()
    UNKNOWN_COMMAND = auto()
    NOT_UNDERSTOOD = auto()
    BUTTON_EXPIRED = auto()
    KEY_TAKEN = auto()
    KEY_OLD = auto()
    KEY_NOT_YOURS = auto()
    CONFIRM = auto()
    CONFIRM_REQUEST = auto()
    DONE_REQUEST = auto()
    CONFIRM_IN_WORDS = auto()
    CONFIRM_YES = auto()
    CONFIRM_NO = auto()
    GROUP_BOUND = auto()
    GROUP_BOUND_ANONYMOUS = auto()
    GROUP_BOUND_UNKNOWN = auto()

    HOST_REFUSED = auto()
    HOST_DEAF = auto()
    HOST_BLIND = auto()
    HOST_DAILY_CAP = auto()
    SITE_DAILY_CAP = auto()
    KEY_DAILY_CAP = auto()
    HOST_DISK_FULL = auto()
    HOST_UPDATE_UNREADABLE = auto()
    HOST_NOBODY_TOLD = auto()


class Days(Key):
    """A day: of which month, then of which week. Monday is the first."""

    WEEKDAY_1 = auto()
    WEEKDAY_2 = auto()
    WEEKDAY_3 = auto()
    WEEKDAY_4 = auto()
    WEEKDAY_5 = auto()
    WEEKDAY_6 = auto()
    WEEKDAY_7 = auto()
    MONTH_1 = auto()
    MONTH_2 = auto()
    MONTH_3 = auto()
    MONTH_4 = auto()
    MONTH_5 = auto()
    MONTH_6 = auto()
    MONTH_7 = auto()
    MONTH_8 = auto()
    MONTH_9 = auto()
    MONTH_10 = auto()
    MONTH_11 = auto()
    MONTH_12 = auto()


class Menu(Key):
    """A client's command, in the order of the menu."""

    START = auto()
    NEW = auto()
    STOP = auto()
    HELP = auto()
    LANGUAGE = auto()
    PRIVACY = auto()
    FORGET = auto()


class Access(Key):
    """/unlock, /lock, and a code or another secret in a message."""

    OPENED = auto()
    REFUSED = auto()
    WAIT = auto()
    HOW = auto()
    IN_PRIVATE = auto()
    LOCKED = auto()
    NOT_OPEN = auto()
    SECRET = auto()
