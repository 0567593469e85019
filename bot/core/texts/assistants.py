"""What is said to admins about private assistants and their access codes."""

from enum import auto

from bot.core.texts.key import Key


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
