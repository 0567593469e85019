"""What a company's people read of its web sites, and of the keys of its programs."""

from enum import auto

from bot.core.texts.key import Key


class Sites(Key):
    """/sites: where the assistant answers on the web."""

    OFF = auto()
    NONE = auto()
    LIST = auto()
    LINE_ON = auto()
    LINE_OFF = auto()
    ADD = auto()
    KEYS = auto()
    BACK = auto()

    ASK = auto()
    ASK_WHERE = auto()
    NO_ADDRESS = auto()
    UNREAD = auto()
    UNREAD_BESIDE = auto()
    INSECURE = auto()
    TOO_MANY_ADDRESSES = auto()
    TAKEN = auto()
    TOO_MANY = auto()

    ON = auto()
    STANDS_STILL = auto()
    ADDRESSES = auto()
    LOOKS = auto()
    PACE_USUAL = auto()
    PACE = auto()
    DAY_FREE = auto()
    DAY = auto()
    PASTE = auto()
    WITHOUT_SCRIPTS = auto()
    COPY = auto()
    ALSO = auto()
    WHERE = auto()
    LOOK = auto()
    LIMITS = auto()
    ACCOUNTS = auto()
    SWITCH_OFF = auto()
    SWITCH_ON = auto()
    REMOVE = auto()

    ASK_LOOK = auto()
    BLUE = auto()
    GREEN = auto()
    VIOLET = auto()
    RED = auto()
    BROWN = auto()
    BLACK = auto()
    OTHER_COLOUR = auto()
    LEFT = auto()
    RIGHT = auto()

    ASK_LIMITS = auto()
    CHOOSE_PACE_USUAL = auto()
    CHOOSE_PACE = auto()
    CHOOSE_DAY_FREE = auto()
    CHOOSE_DAY = auto()

    REALLY_REMOVE = auto()
    YES_REMOVE = auto()
    REMOVED = auto()
    GONE = auto()


class Accounts(Key):
    """/sites, a site's visitors who are logged in there: how the company proves who they are."""

    ABOUT = auto()
    EVERYBODY = auto()
    ONLY_KNOWN = auto()
    SECRET = auto()
    NO_SECRET = auto()

    MAKE = auto()
    SHOWN = auto()
    HIDE = auto()
    HIDDEN = auto()
    TOO_MANY = auto()

    RETIRE = auto()
    REALLY_RETIRE = auto()
    YES_RETIRE = auto()

    TO_ONLY_KNOWN = auto()
    TO_EVERYBODY = auto()


class ProgramKeys(Key):
    """/keys: with which a company's programs talk to its assistant."""

    NONE = auto()
    LIST = auto()
    ADD = auto()
    NO_KEY = auto()
    BACK = auto()

    ASK_SCOPES = auto()
    CHAT = auto()
    CHAT_READ = auto()
    ALL = auto()
    ASK_NAME = auto()
    BAD_NAME = auto()
    TOO_MANY = auto()
    SHOWN = auto()
    COPY = auto()
    HIDE = auto()
    HIDDEN = auto()

    PACE_USUAL = auto()
    PACE = auto()
    ASK_LIMITS = auto()
    CHOOSE_PACE_USUAL = auto()

    MADE = auto()
    USED = auto()
    NEVER_USED = auto()
    REVOKE = auto()
    REALLY_REVOKE = auto()
    YES_REVOKE = auto()
    REVOKED = auto()
    GONE = auto()
