"""Which of the three languages a text is in."""

import re

from bot.playground.openai.offline.lexicon import LANGUAGES
from bot.playground.openai.offline.words import count_stop_words

_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)
_TYPICAL = {
    "it": re.compile(
        r"\b(?:buon\w*|grazie|ciao|salve|quanto|quanti|quando|dove|come|avete|sono|che|della?"
        r"|camer[ae]|colazione|prezz[oi]|parcheggio|orari[oi]?|ora|domenica|animali|prenot\w+"
        r"|perch[eé]|c'[eè]|cos'[eè]|può|puoi|posso|perfetto)\b|[àèìòù]",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:hello|hi|hey|good|thanks?|thank|how|what|when|where|why|which|the|is|are|do|does"
        r"|you|your|rooms?|breakfast|prices?|time|sunday|pets?|book|please|can|bye)\b",
        re.IGNORECASE,
    ),
}
_LONGEST = 2_000  # characters that are looked at


def detect_language(text: str) -> str | None:
    """`it`, `en` or `ru`; None when the text gives nothing away."""
    sample = text[:_LONGEST]
    if len(_CYRILLIC.findall(sample)) > len(_LATIN.findall(sample)):
        return "ru"
    scores = {
        language: 2 * len(pattern.findall(sample)) + count_stop_words(sample, language)
        for language, pattern in _TYPICAL.items()
    }
    best = max(scores, key=lambda language: scores[language])
    other = min(scores.values())
    return best if scores[best] > other else None


def known_language(tag: str) -> str | None:
    """The language of a tag such as `en-GB`, if it is one of the three."""
    primary = tag.partition("-")[0].lower()
    return primary if primary in LANGUAGES else None
