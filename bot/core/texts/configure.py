"""What /configure says."""

from enum import auto

from bot.core.texts.key import Key


class Configure(Key):
    """The card of a tenant, its questions and what became of the answers."""

    VERSION = auto()
    LINE = auto()
    LINE_CHANGED = auto()
    NO_DRAFT = auto()
    DRAFT = auto()
    LEFT_OUT = auto()
    HINT = auto()
    SIZE = auto()
    COST = auto()
    NOT_SET = auto()
    BY_DEFAULT = auto()
    SECONDS = auto()
    HOST_MODEL = auto()
    CHARACTERS = auto()
    BUTTON_PREVIEW = auto()
    BUTTON_PUBLISH = auto()
    BUTTON_DISCARD = auto()
    BUTTON_HISTORY = auto()
    BUTTON_EXPORT = auto()
    BUTTON_IMPORT = auto()
    BUTTON_BACK = auto()
    BUTTON_DEFAULT = auto()
    BUTTON_DISCARD_YES = auto()
    CHOSEN = auto()
    QUESTION = auto()
    SEND_VALUE = auto()
    TAP_VALUE = auto()
    SEND_SEVERAL = auto()
    CHANGED = auto()
    DRAFTED = auto()
    UNCHANGED = auto()
    REFUSED = auto()
    TRY_AGAIN = auto()
    MORE_PROBLEMS = auto()
    DISCARD_ASK = auto()
    DISCARDED = auto()
    NOTHING_DRAFTED = auto()
    EXPORTED = auto()
    EXPORTED_FILE = auto()
    CUT = auto()
    NO_TEXT = auto()
    FILE_NOT_TOML = auto()
    FILE_TOO_LARGE = auto()
    FILE_NOT_UTF8 = auto()
