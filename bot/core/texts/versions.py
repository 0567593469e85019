"""What is said about drafts and versions: trying, publishing, going back."""

from enum import auto

from bot.core.texts.key import Key


class Versions(Key):
    """/preview, /done, /publish, /history, and what clients of a closed tenant hear."""

    ARCHIVED = auto()

    PREVIEW_DRAFT = auto()
    PREVIEW_PUBLISHED = auto()
    PREVIEW_QUESTIONS = auto()
    PREVIEW_UNKNOWN = auto()
    PREVIEW_OVER = auto()
    NO_PREVIEW = auto()

    BY_DEFAULT = auto()
    NOTHING = auto()
    SIDES = auto()
    IS_NEW = auto()
    IS_GONE = auto()
    CHANGE_SHORT = auto()
    CHANGE_LONG = auto()
    CHANGE_ADDED = auto()
    CHANGE_REMOVED = auto()
    MORE_CHANGES = auto()
    CHANGED_BY = auto()

    NOTHING_TO_PUBLISH = auto()
    NOT_FITTING = auto()
    ASK_PUBLISH = auto()
    PUBLISH = auto()
    PUBLISH_WITH_NOTE = auto()
    TRY_QUESTIONS = auto()
    BACK = auto()
    ASK_NOTE = auto()
    BAD_NOTE = auto()
    CHANGED_MEANWHILE = auto()
    PUBLISHED = auto()
    LEFT = auto()
    TOLD_PUBLISHED = auto()
    TOLD_ROLLED_BACK = auto()
    TOLD_NOTE = auto()

    TRYING = auto()
    TRYING_ALREADY = auto()
    TRIED = auto()
    TRIED_PUBLISHED = auto()
    TRIED_DRAFT = auto()
    TRIED_NOTHING = auto()
    TRIED_ALL = auto()

    HISTORY = auto()
    VERSION_LINE = auto()
    VERSION_NOW = auto()
    OLDER = auto()
    ALL_VERSIONS = auto()
    VERSION = auto()
    VERSION_NOTE = auto()
    VERSION_FIRST = auto()
    VERSION_SAME = auto()
    NO_VERSION = auto()
    UNREADABLE = auto()
    ROLL_BACK = auto()
    ASK_ROLL_BACK = auto()
    YES_ROLL_BACK = auto()
    NO_ROLL_BACK = auto()
    ROLLED_BACK = auto()
    ROLL_BACK_NOTE = auto()

    SHOW_OFFER = auto()
    SHOW_NAME = auto()
    SHOW_DESCRIPTION = auto()
    SHOW_SHORT_DESCRIPTION = auto()
    SHOW_MENU = auto()
    SHOW = auto()
    SHOWN = auto()
    SHOWN_ALREADY = auto()
    SHOW_WAIT = auto()
    SHOW_REFUSED = auto()
