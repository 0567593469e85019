"""Which form of a word goes with a number (Unicode CLDR, plural rules, whole numbers).

Source: https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html
Italian's "many" (whole millions) reads like "other" in our texts and is left out.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counted:
    """A sentence in each form that its language has; `few` is for Slavic languages."""

    one: str
    other: str
    few: str = ""


def choose(forms: Counted, count: int, language: str) -> str:
    """The form that goes with `count`."""
    if language == "ru":
        return _russian(forms, abs(count))
    return forms.one if abs(count) == 1 else forms.other


def _russian(forms: Counted, count: int) -> str:
    if count % 100 in range(11, 15):
        return forms.other
    if count % 10 == 1:
        return forms.one
    return forms.few if count % 10 in range(2, 5) else forms.other
