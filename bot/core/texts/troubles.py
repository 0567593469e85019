"""What hosts are told when the model cannot answer, and what they are to do."""

from enum import auto

from bot.core.texts.key import Key


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
