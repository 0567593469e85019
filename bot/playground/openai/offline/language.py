"""Which of the three languages a text is in, or which of some others that are told apart."""

import re
from collections.abc import Mapping

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
_FOREIGN = {  # little words that none of the three has, nor one of the others
    "de": re.compile(
        r"\b(?:guten|hallo|ich|sie|wir|und|oder|ist|sind|haben|gibt|kann|können|möchte|wie|wo|wann"
        r"|viel|kostet|der|das|ein|eine|einen|bei|für|mit|bitte|danke|zimmer|frühstück)\b|ß",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"\b(?:bonjour|bonsoir|salut|je|vous|nous|est-ce|avez|êtes|où|quand|combien|quelle?|les|des"
        r"|une|pour|avec|chambre|petit[- ]déjeuner|merci|voudrais|coûte)\b|\b[cdjlnqs]['’]\w+ez\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(?:hola|buenos|buenas|tienen|hay|dónde|donde|cuánto|cuanto|cuándo|cuando|cuesta|el|los"
        r"|las|una?|habitación|desayuno|gracias|quiero|quisiera|puedo|está|aparcamiento)\b|[¿¡ñ]",
        re.IGNORECASE,
    ),
}
_LONGEST = 2_000  # characters that are looked at


def detect_language(text: str) -> str | None:
    """`it`, `en` or `ru`; None when the text gives nothing away."""
    sample = text[:_LONGEST]
    if len(_CYRILLIC.findall(sample)) > len(_LATIN.findall(sample)):
        return "ru"
    scores = _scores(sample)
    best = max(scores, key=lambda language: scores[language])
    other = min(scores.values())
    return best if scores[best] > other else None


def detect_foreign(text: str) -> str | None:
    """`de`, `fr` or `es`, where the text shows it more clearly than any of the three."""
    sample = text[:_LONGEST]
    scores = {name: 2 * len(pattern.findall(sample)) for name, pattern in _FOREIGN.items()}
    best = max(scores, key=lambda language: scores[language])
    return best if scores[best] > max(_scores(sample).values()) else None


def _scores(sample: str) -> Mapping[str, int]:
    """How much of the text is Italian, and English."""
    return {
        language: 2 * len(pattern.findall(sample)) + count_stop_words(sample, language)
        for language, pattern in _TYPICAL.items()
    }


def known_language(tag: str) -> str | None:
    """The language of a tag such as `en-GB`, if it is one of the three."""
    primary = tag.partition("-")[0].lower()
    return primary if primary in LANGUAGES else None
