"""What a company's people read about its clients."""

from enum import auto

from bot.core.texts.key import Key


class Chats(Key):
    """/chats: the conversations of a company, and one of them."""

    LIST = auto()
    NOBODY = auto()
    WAITING = auto()
    DISLIKED = auto()
    RATED = auto()
    HOW_TO_FIND = auto()
    FOUND = auto()
    NOT_FOUND = auto()
    ALL = auto()
    NAMELESS = auto()
    VISITOR = auto()
    PAGE = auto()
    WITH = auto()
    GONE = auto()
    EMPTY = auto()
    OLDER = auto()
    LATEST = auto()
    SHOW = auto()
    SHOWN = auto()
    SHOWN_ELSEWHERE = auto()
    SHOWN_NOT = auto()
    FROM = auto()

    OUTCOME_ASKED = auto()
    OUTCOME_UNKNOWN = auto()
    OUTCOME_COMPLAINT = auto()
    OUTCOME_DECLINED = auto()
    OUTCOME_HANDOVER = auto()
    OUTCOME_FAILED = auto()
    PROMISED = auto()
    CLAIMED = auto()

    CALL_DONE = auto()
    CALL_FAILED = auto()
    CALL_DOUBT = auto()
    CALL_ASKED = auto()
    CALL_UNDER_WAY = auto()

    MEDIA_PHOTO = auto()
    MEDIA_VIDEO = auto()
    MEDIA_VOICE = auto()
    MEDIA_AUDIO = auto()
    MEDIA_FILE = auto()
    MEDIA_STICKER = auto()
    MEDIA_PLACE = auto()
    MEDIA_CONTACT = auto()
    MEDIA_OTHER = auto()
    MEDIA_TEXT = auto()

    UNREAD_TOO_LARGE = auto()
    UNREAD_TOO_LONG = auto()
    UNREAD_GONE = auto()
    UNREAD_NOT_PUBLIC = auto()
    UNREAD_SILENT = auto()
    UNREAD_UNSUPPORTED = auto()
    UNREAD_LOCKED = auto()
    UNREAD_NO_TEXT = auto()
    UNREAD_BROKEN = auto()
    UNREAD_TOO_MANY = auto()
    UNREAD_FAILED = auto()


class Wanted(Key):
    """What people are told when somebody could not be helped."""

    HEAD_UNKNOWN = auto()
    HEAD_COMPLAINT = auto()
    HEAD_HANDOVER = auto()
    HEAD_FAILED = auto()
    HEAD_DOUBT = auto()
    HEAD_PROMISED = auto()
    HEAD_REQUEST = auto()
    READ = auto()
    DONE = auto()
    DONE_BY = auto()
    DONE_NOW = auto()
    DONE_BEFORE = auto()
    ERASED = auto()


class Questions(Key):
    """/questions: what the assistant could not answer."""

    LIST = auto()
    NONE = auto()
    ASKED = auto()
    WRITE = auto()
    NOT_OURS = auto()
    ALL = auto()
    ASK = auto()
    SEND_TEXT = auto()
    WRITTEN = auto()
    NEXT = auto()
    SETTLED = auto()
    GONE = auto()
    ANSWERED_BEFORE = auto()


class Requests(Key):
    """/requests: what clients asked the company to do."""

    LIST = auto()
    NONE = auto()
    TAKEN = auto()
    DONE = auto()
    ALL = auto()
    GONE = auto()


class Duty(Key):
    """/duty: when somebody wants to be told."""

    CARD = auto()
    ALWAYS = auto()
    NEVER = auto()
    HOURS = auto()
    MAKE_ALWAYS = auto()
    MAKE_NEVER = auto()
    MAKE_HOURS = auto()
    ASK = auto()
    NOT_UNDERSTOOD = auto()
