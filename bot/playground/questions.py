"""What a client could ask: examples that an empty chat of the page offers."""

from collections.abc import Mapping
from typing import Final

from tenants import presets

ANY_COMPANY: Final[Mapping[str, tuple[str, ...]]] = {
    "it": ("Buongiorno, quali sono gli orari?", "Dove vi trovate?", "Come posso pagare?"),
    "en": ("Hello, what are your opening hours?", "Where are you?", "How can I pay?"),
    "ru": ("Здравствуйте, когда вы работаете?", "Где вы находитесь?", "Как можно оплатить?"),
}
FALLBACK_LANGUAGE: Final = "en"


def example_questions(company: str, language: str) -> tuple[str, ...]:
    """Three questions in the company's language: its own if it is one of the presets."""
    for name in presets.names():
        preset = presets.load(name)
        if (preset.company_name, preset.language) == (company, language):
            return presets.questions(name)
    return ANY_COMPANY.get(language, ANY_COMPANY[FALLBACK_LANGUAGE])
