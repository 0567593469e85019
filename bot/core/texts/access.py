"""What is said about access codes, to those who use them."""

from enum import auto

from bot.core.texts.key import Key


class Access(Key):
    """/unlock, /lock, and a code in a message."""

    OPENED = auto()
    REFUSED = auto()
    WAIT = auto()
    HOW = auto()
    IN_PRIVATE = auto()
    LOCKED = auto()
    NOT_OPEN = auto()
