"""How numbers and amounts are written."""

from enum import auto

from bot.core.texts.key import Key


class Figures(Key):
    """What stands between the digits, and beside them."""

    THOUSANDS = auto()
    DECIMALS = auto()
    DOLLARS = auto()
