"""From text to terms: folded, joined, stemmed, and replaced by concepts where one is known."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

import snowballstemmer  # type: ignore[import-untyped]  # the package ships no types

from bot.core.stop_words import STOP_WORDS
from bot.playground.openai.offline.lexicon import CONCEPTS, LANGUAGES

_WORD = re.compile(r"[^\W_]+")
_FOLD = str.maketrans("àáâäèéêëìíîïòóôöùúûüçñё", "aaaaeeeeiiiioooouuuucnе")
_JOINED = (
    (
        re.compile(
            r"\bcheck(?:ing)?[\s-]?in\b|\bчек[\s-]?ин\b"
            r"|\b(?:entrare in|avere la) (?:camera|stanza)\b"
            r"|\bget into (?:the|our|my) room\b|\bзайти в номер\b"
        ),
        "checkin",
    ),
    (re.compile(r"\bcheck(?:ing)?[\s-]?out\b|\bчек[\s-]?аут\b"), "checkout"),
    (
        re.compile(
            r"\bsenza (?:pagare|penal\w+|costi)\b|\bwithout paying\b|\bбез (?:оплаты|штраф\w*)"
        ),
        "gratis",
    ),
    (re.compile(r"\bwi[\s-]?fi\b|\bвай[\s-]?фай\b"), "wifi"),
    (re.compile(r"\be-mail\b"), "email"),
    (re.compile(r"\b(?:a|da|fino a) che ora\b|\bwhat time\b|\b(?:в|до|со|с) сколько\b"), "time"),
    (re.compile(r"\b(?:how long|quanto tempo|quanto dura)\b"), "time"),
    (re.compile(r"\b(?:how far|quanto dista|quanto distate|как далеко)\b"), "place"),
    (re.compile(r"\b(?:by car|in auto|d'auto|в машине|на машине)\b"), " "),  # no place to park
    (re.compile(r"\b(?:portar|mandar|buttar)e? via\b"), " "),  # no name of a street
    (re.compile(r"\bmini[\s-]bar\b|\bмини[\s-]бар\b"), "minibar"),
    (re.compile(r"\bcome si chiama\b|\bwhat is the name of\b|\bкак называется\b"), " "),
    (re.compile(r"\bper night\b|\ba notte\b|\bза ночь\b"), " "),
    (re.compile(r"\bhow many\b|\bquanti\b|\bquante\b"), " "),
    (re.compile(r"\bamex\b"), "american express"),
    (
        re.compile(
            r"\blasciare (?:libera )?la (?:camera|stanza)\b|\bleave (?:the|our|my) room\b"
            r"|\bосвободить номер\b|\b(?:andar(?:e|cene|sene|mene)?|vado|andiamo) via\b"
        ),
        "checkout",
    ),
    (
        re.compile(
            r"\bquanto costa una notte\b|\bhow much (?:is|for) (?:a|one) night\b"
            r"|\bсколько стоит (?:одна )?ночь\b"
        ),
        "price room",
    ),
    (
        re.compile(
            r"\b(?:dove (?:siete|vi trovate|si trova|e l'?hotel|e il negozio)"
            r"|where (?:are you|is the (?:hotel|shop|store)|is it)(?: located)?"
            r"|где (?:вы|находится|расположен|ваш)\b(?: находитесь| отель| магазин)?)"
        ),
        "address",
    ),
    (
        re.compile(
            r"\b(?:prenotare (?:una|la) (?:camera|stanza)|book a room|забронировать номер)\b"
        ),
        "booking",
    ),
    (
        re.compile(
            r"\bcome (?:posso |si |faccio ad? )?(?:arriv|raggiung)\w+"
            r"|\bhow (?:do|can) (?:i|we) (?:get|reach|arrive)\b|как (?:добраться|доехать|проехать)"
        ),
        "directions",
    ),
    (
        re.compile(
            r"\b(?:che|quali|vostri|gli) orari\b|\borari(?:o)? (?:di apertura|fate|avete)\b"
            r"|\bopening hours\b|\bчасы работы\b|\bграфик(?: работы)?\b"
        ),
        "open hours",
    ),
)
_FEATURES = (
    ("#price", 0.6, re.compile(r"[€$£₽]|\b(?:euro|eur|евро|руб\w*)\b|%", re.IGNORECASE)),
    ("#time", 0.6, re.compile(r"\b\d{1,2}[:.]\d{2}\b|\b(?:24|h24)\b")),
    ("#phone", 2.0, re.compile(r"\+?\d[\d\s./-]{7,}\d")),
    ("#email", 2.0, re.compile(r"\S@\S")),
    (
        "#address",
        2.0,
        re.compile(
            r"\b(?:via|viale|piazza|corso|улица|ул\.|проспект)\s(?:[\w.'’-]+,?\s){0,3}\d"
            r"|\d\s(?:\w+\s){1,2}(?:street|road|avenue)\b"
            r"|\b(?:next to|opposite|accanto a\w*|di fronte a\w*|рядом с|напротив)\b",
            re.IGNORECASE,
        ),
    ),
)
_SHORTEST = 2


def fold(text: str) -> str:
    """Lower case, without the accents that people leave out."""
    return text.casefold().translate(_FOLD)


def read_terms(text: str, language: str) -> list[str]:
    """The terms of a text in their order: `#concept`, or the stem of a word that says something."""
    return [term for word in _words(text) if (term := _term(word, language))]


def read_features(text: str) -> dict[str, float]:
    """The concepts that figures and symbols give away (a price, an address), and their weight."""
    return {concept: weight for concept, weight, pattern in _FEATURES if pattern.search(text)}


def count_stop_words(text: str, language: str) -> int:
    """How many words of the text are typical little words of the language."""
    stops = _stop_words(language)
    return sum(word in stops for word in _words(text))


def list_concept_words() -> Mapping[str, str]:
    """The concept of each word that has one."""
    return {word: concept for word, concept in _concepts().items() if ":" not in word}


def _words(text: str) -> Iterator[str]:
    folded = fold(text)
    for pattern, replacement in _JOINED:
        folded = pattern.sub(replacement, folded)
    return (match.group() for match in _WORD.finditer(folded))


@lru_cache(maxsize=50_000)
def _term(word: str, language: str) -> str:
    if word in _stop_words(language) or (len(word) < _SHORTEST and not word.isdecimal()):
        return ""
    stem = stem_word(word, language)
    concepts = _concepts()
    return concepts.get(word) or concepts.get(f"{language}:{stem}") or stem


@lru_cache(maxsize=50_000)
def stem_word(word: str, language: str) -> str:
    """The stem by the language's Snowball algorithm."""
    return str(_stemmer(language).stemWord(word))


@cache
def _stemmer(language: str) -> snowballstemmer.stemmer:
    names = {"it": "italian", "en": "english", "ru": "russian"}
    return snowballstemmer.stemmer(names[language])


@cache
def _stop_words(language: str) -> frozenset[str]:
    return frozenset(fold(STOP_WORDS[language]).split())


@cache
def _concepts() -> dict[str, str]:
    """Concepts by word, and by `language:stem`; of two claims to a word the first counts."""
    table: dict[str, str] = {}
    for concept, columns in CONCEPTS.items():
        for language, words in zip(LANGUAGES, columns, strict=True):
            for word in fold(words).split():
                table.setdefault(word, f"#{concept}")
                table.setdefault(f"{language}:{stem_word(word, language)}", f"#{concept}")
    return table
