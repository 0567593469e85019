"""What those read who set a company up: about its profile, assistants and versions."""

from collections.abc import Iterator
from enum import auto

from bot.core.texts.key import Key
from tenants.fields import FIELDS
from tenants.profile import Profile, Source


class CompanyCard(Key):
    """The card of a company, and what stands behind it."""

    GROUP_COMPANY = auto()
    GROUP_ASSISTANT = auto()
    GROUP_NOTICES = auto()
    GROUP_TOOLS = auto()
    GROUP_EXPERTS = auto()
    KNOWLEDGE = auto()
    TRY = auto()
    MORE = auto()
    MORE_ABOUT = auto()
    BOTS = auto()
    SITES = auto()
    PEOPLE = auto()
    PRIVATE = auto()
    VERSIONS = auto()
    TRAIL = auto()
    PAGES = auto()
    KNOWS = auto()
    KNOWS_NOTHING = auto()
    WRITTEN = auto()
    SOURCE = auto()
    MORE_SOURCES = auto()
    PUBLISHED = auto()
    LINK = auto()
    COST = auto()


class Configure(Key):
    """The questions about a company's fields, and what became of the answers."""

    LINE = auto()
    LINE_CHANGED = auto()
    DRAFTED_BY = auto()
    LEFT_OUT = auto()
    HINT = auto()
    SIZE = auto()
    COST = auto()
    NOT_SET = auto()
    BY_DEFAULT = auto()
    SECONDS = auto()
    DAYS = auto()
    BUTTON_NEXT = auto()
    BUTTON_PUBLISH = auto()
    BUTTON_DISCARD = auto()
    BUTTON_EXPORT = auto()
    BUTTON_IMPORT = auto()
    BUTTON_BACK = auto()
    BUTTON_DEFAULT = auto()
    BUTTON_EMPTY = auto()
    BUTTON_DISCARD_YES = auto()
    CHOSEN = auto()
    QUESTION = auto()
    SEND_VALUE = auto()
    TAP_VALUE = auto()
    SEND_SEVERAL = auto()
    CHANGED = auto()
    DRAFTED = auto()
    UNCHANGED = auto()
    MODEL_UNSURE = auto()
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


def _texts() -> Iterator[str]:
    for name in Profile.model_fields | Source.model_fields:
        yield f"label_{name}"
    for name, field in FIELDS.items():
        yield f"expect_{name}"
        if field.host:
            yield f"host_{name}"
        for choice in field.choices:
            yield f"choice_{choice}"


class Fields(Key):
    """The texts that the declared fields need: `Fields("label_welcome")` is one."""

    _ignore_ = "texts one"
    texts = vars()
    for one in _texts():
        texts[one.upper()] = one


class Tools(Key):
    """What the assistant can look up or do, each to be switched on or off."""

    HOW = auto()
    LINE = auto()
    READS = auto()
    CHANGES = auto()
    GONE = auto()
    OPENING_HOURS = auto()
    OPENING_HOURS_DOES = auto()
    RECALL = auto()
    RECALL_DOES = auto()
    REMEMBER = auto()
    REMEMBER_DOES = auto()
    REQUEST_FIELDS = auto()
    REQUEST_FIELDS_DOES = auto()
    TAKE_REQUEST = auto()
    TAKE_REQUEST_DOES = auto()


class Knowledge(Key):
    """About what a company's assistant knows."""

    CARD = auto()
    PASTED = auto()
    PASTED_NONE = auto()
    SOURCE = auto()
    SOURCES = auto()
    SOURCES_NONE = auto()
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
    YES_REMOVE = auto()
    REALLY_REMOVE = auto()
    REALLY_CLEAR = auto()
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


class Assistants(Key):
    """/assistants."""

    LIST = auto()
    LIST_EMPTY = auto()
    ASK_NAME = auto()
    BAD_NAME = auto()
    NAME_TAKEN = auto()
    CREATED = auto()
    CARD = auto()
    OWN_NOTHING = auto()
    WHICH_FIELD = auto()
    SAME_BUTTON = auto()
    IN_PLACE = auto()
    ADD_BUTTON = auto()
    ASK_MORE = auto()
    KNOWS_ALONE = auto()
    UNPUBLISHED = auto()
    ASK_FIELDS = auto()
    NOT_OWN = auto()
    CHANGED = auto()
    REALLY_DELETE = auto()
    DELETED = auto()
    GONE = auto()
    NO_KEY = auto()

    NO_CODES = auto()
    CODES = auto()
    CODE = auto()
    GENERATED = auto()
    CHOSEN = auto()
    SINGLE_USE = auto()
    PER_PERSON = auto()
    TAKEN = auto()
    UNTIL = auto()
    EXPIRED = auto()
    USED = auto()

    NEW_CODE = auto()
    HOW_TO_CHOOSE = auto()
    CODE_ADDED = auto()
    CODE_IN_USE = auto()
    CODE_BAD = auto()
    CODE_REVOKED = auto()

    NEW_BUTTON = auto()
    GENERATE_BUTTON = auto()
    CHOOSE_BUTTON = auto()
    EDIT_BUTTON = auto()
    DELETE_BUTTON = auto()
    YES_BUTTON = auto()
    BACK_BUTTON = auto()
    CODE_BUTTON = auto()
    ROTATE_BUTTON = auto()
    ONCE_BUTTON = auto()
    OFTEN_BUTTON = auto()
    PERSON_BUTTON = auto()
    ANYBODY_BUTTON = auto()
    WEEK_BUTTON = auto()
    MONTH_BUTTON = auto()
    ALWAYS_BUTTON = auto()
    REVOKE_BUTTON = auto()
    CUT = auto()


class Versions(Key):
    """/preview, /done, /publish, /history, and what clients of a closed tenant hear."""

    ARCHIVED = auto()

    PREVIEW_DRAFT = auto()
    PREVIEW_PUBLISHED = auto()
    PREVIEW_QUESTIONS = auto()
    PREVIEW_UNKNOWN = auto()
    PREVIEW_OVER = auto()
    NO_PREVIEW = auto()

    NOTHING_THERE = auto()
    NOTHING = auto()
    SIDES = auto()
    IS_NEW = auto()
    IS_GONE = auto()
    TEXT_NEW = auto()
    TEXT_GONE = auto()
    SENTENCE_NEW = auto()
    SENTENCE_GONE = auto()
    MORE_SENTENCES = auto()
    ORDER_ONLY = auto()
    MORE_CHANGES = auto()
    CHANGED_BY = auto()

    NOTHING_TO_PUBLISH = auto()
    NOT_FITTING = auto()
    ASK_PUBLISH = auto()
    NOTHING_NOTICED = auto()
    PUBLISH = auto()
    PUBLISH_ANYWAY = auto()
    NO_CONTACT = auto()
    KNOWS_ALONE = auto()
    SET_CONTACT = auto()
    PUBLISH_WITH_NOTE = auto()
    TRY_QUESTIONS = auto()
    BACK = auto()
    ASK_NOTE = auto()
    BAD_NOTE = auto()
    CHANGED_MEANWHILE = auto()
    LOOK_AGAIN = auto()
    PUBLISHED = auto()
    LEFT = auto()
    TOLD_PUBLISHED = auto()
    TOLD_ROLLED_BACK = auto()
    TOLD_NOTE = auto()

    TRYING = auto()
    TRYING_ALREADY = auto()
    TRYING_BROKEN_OFF = auto()
    TRY_ANEW = auto()
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
    TOO_OLD = auto()
    AFTER_TOO_OLD = auto()
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
