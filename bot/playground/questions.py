"""What a client could ask: examples that an empty chat of the page offers."""

from collections.abc import Mapping
from typing import Final

from tenants import presets

ANY_COMPANY: Final[Mapping[str, tuple[str, ...]]] = {
    "it": ("Buongiorno, quali sono gli orari?", "Dove vi trovate?", "Come posso pagare?"),
    "en": ("Hello, what are your opening hours?", "Where are you?", "How can I pay?"),
    "ru": ("Здравствуйте, когда вы работаете?", "Где вы находитесь?", "Как можно оплатить?"),
}


def example_questions(company: str, language: str) -> Mapping[str, tuple[str, ...]]:
    """Three questions in each language; a preset has its own, in the languages that it is in."""
    known = {name: presets.load(name) for name in presets.names()}
    names = {
        name
        for name, preset in known.items()
        if (preset.company_name, preset.language) == (company, language)
    }
    if names & set(presets.SISTERS):
        names |= set(presets.SISTERS)
    return {**ANY_COMPANY, **{known[name].language: presets.questions(name) for name in names}}
