"""Numbers and amounts as admins read them. Pure."""

from bot.core.texts import say
from bot.core.texts.desk import Figures


def number(value: int, language: str) -> str:
    """A whole number, its thousands apart."""
    return _written(f"{value:,}", language)


def to_a_tenth(value: float, language: str) -> str:
    """A mean."""
    return _written(f"{value:,.1f}", language)


def roughly(value: int, language: str) -> str:
    """An estimate: two figures of it, never closer than to ten, and nothing for nothing alone."""
    rounded = round(value, -max(1, len(str(value)) - 2))
    return number(rounded or min(value, 1) * 10, language)


def dollars(value: float, language: str) -> str:
    """An amount in US dollars, to the cent."""
    return say(Figures.DOLLARS, language, amount=_written(f"{value:,.2f}", language))


def euros(value: float, language: str) -> str:
    """An estimate in euros: two figures of it, no cents, and 1 for whatever is less."""
    whole = max(1, round(value))
    rounded = round(whole, min(0, 2 - len(str(whole))))
    return say(Figures.EUROS, language, amount=number(rounded, language))


def _written(figures: str, language: str) -> str:
    signs = say(Figures.THOUSANDS, language) + say(Figures.DECIMALS, language)
    return figures.translate(str.maketrans(",.", signs))
