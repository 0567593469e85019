"""Numbers and amounts as admins read them."""

from typing import Final

from babel.numbers import format_currency, format_decimal

from bot.core.texts import LANGUAGES

_FALLBACK: Final = "en"


def number(value: int, language: str) -> str:
    """A whole number, its thousands apart."""
    return str(format_decimal(value, locale=_locale(language)))


def roughly(value: int, language: str) -> str:
    """An estimate: two figures of it, never closer than to ten, and nothing for nothing alone."""
    rounded = round(value, -max(1, len(str(value)) - 2))
    return number(rounded or min(value, 1) * 10, language)


def dollars(value: float, language: str) -> str:
    """An amount in US dollars, to the cent."""
    return str(format_currency(value, "USD", locale=_locale(language)))


def _locale(language: str) -> str:
    return language if language in LANGUAGES else _FALLBACK


# Read while importing: later, reading a locale's file would hold up the event loop.
_WARM: Final = [dollars(0.0, language) for language in LANGUAGES]
