"""What the desk itself says to admins."""

from enum import auto

from bot.core.texts.key import Key


class Desk(Key):
    """About who may do what, and for which tenant."""

    IN_PRIVATE = auto()
    NOT_ALLOWED = auto()
    NOT_YOURS = auto()
    GONE = auto()
    CHOOSE_TENANT = auto()
    FILE_UNASKED = auto()
    FILE_KNOWLEDGE = auto()
    FILE_CONFIGURE = auto()
    NO_TENANT = auto()
    IN_HAND = auto()
    ANOTHER_TENANT = auto()
    ONLY_TENANT = auto()
    CANCELLED = auto()
    NOTHING_TO_CANCEL = auto()
