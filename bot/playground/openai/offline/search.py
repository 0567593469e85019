"""Finding the passages nearest to a question: BM25 over terms, headings counting for less."""

import difflib
import math
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.playground.openai.offline.knowledge import Passage, read_passages
from bot.playground.openai.offline.language import detect_language
from bot.playground.openai.offline.lexicon import MODIFIERS
from bot.playground.openai.offline.words import (
    fold,
    list_concept_words,
    read_features,
    read_terms,
)

_K1 = 1.2  # how soon a repeated term stops counting
_B = 0.3  # how much a long passage is held back
_HEADING_WEIGHT = 0.4
_FIRST_BONUS = 1.15  # what a section says first is what most people want to know
_SUBJECT_BONUS = 1.15  # a sentence is about the first concept that it begins with
_UNKNOWN_SHARE = 0.4  # of the greatest idf, for a word that the knowledge does not have
_SIMILAR = 0.84
_LEAST_LETTERS = 5  # a shorter word is not taken for a misspelt one
_QUERY_TERMS = 60
_MODIFIER_WEIGHT = 0.6  # of "how much" or "when", beside what it is asked about


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage and how well it fits."""

    passage: Passage
    position: int
    score: float
    coverage: float  # 0 to 1: the share of the question's weight that the passage meets
    own: frozenset[str]  # the question's terms that it has in its own words, not in a heading


@dataclass(frozen=True, slots=True)
class Index:
    """The knowledge, ready to be asked."""

    passages: tuple[Passage, ...]
    language: str
    _impacts: Mapping[str, Mapping[int, float]]  # term -> passage -> BM25 weight
    _own: tuple[frozenset[str], ...]  # the terms in a passage's own words
    _headings: tuple[frozenset[str], ...]  # the terms in the headings above it
    _idf: Mapping[str, float]
    _spellings: Mapping[str, Mapping[str, str]]  # first two letters -> word -> its term
    _first: frozenset[int]  # the passages that open their section
    _subjects: tuple[str, ...]  # what each passage is about

    def weigh(self, text: str, language: str) -> dict[str, float]:
        """The terms of a question and what each is worth."""
        terms = [
            term
            for term in read_terms(text, language)[:_QUERY_TERMS]
            if term in self._idf or not term.isdecimal()
        ]
        query = {self._known(term): _weigh(term) for term in terms}
        if "#price" in query:  # "it is free" answers it as well
            query.setdefault("#free", 0.0)
        return query

    def find(self, query: Mapping[str, float]) -> list[Hit]:
        """The passages that meet some of the query, best first."""
        scores: dict[int, float] = defaultdict(float)
        met: dict[int, float] = defaultdict(float)
        total = 0.0
        for term, weight in query.items():
            worth = weight * self._worth(term)
            total += worth
            for position, impact in self._impacts.get(term, {}).items():
                scores[position] += weight * impact
                met[position] += worth
        for position in scores:
            scores[position] *= _FIRST_BONUS if position in self._first else 1.0
            scores[position] *= _SUBJECT_BONUS if self._subjects[position] in query else 1.0
        ranked = sorted(scores, key=lambda position: (-scores[position], position))
        return [
            Hit(
                self.passages[position],
                position,
                scores[position],
                met[position] / total,
                self._own[position] & query.keys(),
            )
            for position in ranked
        ]

    def is_headed(self, hit: Hit, query: Mapping[str, float]) -> bool:
        """Whether a heading above the passage has some term of the query."""
        return not self._headings[hit.position].isdisjoint(query)

    def is_about(self, hit: Hit, terms: Container[str]) -> bool:
        """Whether the subject of the passage is one of these."""
        return self._subjects[hit.position] in terms

    def under(self, heading: str) -> list[Hit]:
        """What stands under a heading, in its order."""
        wanted = fold(heading)
        return [
            Hit(passage, position, 1.0, 1.0, self._own[position])
            for position, passage in enumerate(self.passages)
            if fold(passage.heading) == wanted
        ]

    def knows(self, term: str) -> bool:
        """Whether some passage has this term in its own words."""
        return any(term in own for own in self._own)

    def has(self, term: str) -> bool:
        """Whether the term is anywhere in the knowledge, be it in a heading."""
        return term in self._idf

    def _worth(self, term: str) -> float:
        return self._idf.get(term, _UNKNOWN_SHARE * math.log(1 + len(self.passages) / 0.5))

    def _known(self, term: str) -> str:
        """The term itself, or the knowledge's word that it is a misspelling of."""
        if term in self._idf or term.startswith("#") or len(term) < _LEAST_LETTERS:
            return term
        candidates = self._spellings.get(term[:2], {})
        similar = difflib.get_close_matches(term, candidates, 1, _SIMILAR)
        return candidates[similar[0]] if similar else term


def _weigh(term: str) -> float:
    return _MODIFIER_WEIGHT if term in MODIFIERS or term.isdecimal() else 1.0


@lru_cache(maxsize=32)
def build_index(knowledge: str, language: str) -> Index:
    """Index a knowledge written in `language`, unless its words show another one."""
    language = detect_language(knowledge) or language
    passages = read_passages(knowledge)
    bags = [_count(passage, language) for passage in passages]
    sizes = [sum(bag.values()) for bag in bags]
    average = sum(sizes) / len(sizes) if any(sizes) else 1.0
    idf = _measure_rarity(bags)
    impacts: dict[str, dict[int, float]] = defaultdict(dict)
    for position, bag in enumerate(bags):
        held = _K1 * (1 - _B + _B * sizes[position] / average)
        for term, count in bag.items():
            impacts[term][position] = idf[term] * count * (_K1 + 1) / (count + held)
    sections = [passage.section for passage in passages]
    first = frozenset(sections.index(section) for section in sections)
    own = [_own_terms(passage, language) for passage in passages]
    return Index(
        passages=tuple(passages),
        language=language,
        _impacts=impacts,
        _own=tuple(map(frozenset, own)),
        _headings=tuple(frozenset(read_terms(p.context, language)) for p in passages),
        _idf=idf,
        _spellings=_group_spellings(idf),
        _first=first,
        _subjects=tuple(map(_subject, own)),
    )


def _count(passage: Passage, language: str) -> Mapping[str, float]:
    """The terms of a passage and their weight; a concept counts once, whatever its words."""
    counts = Counter(read_terms(passage.text, language))
    bag = {term: 1.0 if term.startswith("#") else float(n) for term, n in counts.items()}
    for term, weight in read_features(passage.text).items():
        bag[term] = max(bag.get(term, 0.0), weight)
    for term in set(read_terms(passage.context, language)):
        bag[term] = bag.get(term, 0.0) + _HEADING_WEIGHT
    return bag


def _own_terms(passage: Passage, language: str) -> list[str]:
    return [*read_terms(passage.text, language), *read_features(passage.text)]


def _subject(terms: list[str]) -> str:
    """What a sentence is about: the concept among its first words, else its first word."""
    return next((term for term in terms[:2] if term.startswith("#")), terms[0] if terms else "")


def _measure_rarity(bags: list[Mapping[str, float]]) -> dict[str, float]:
    """BM25's inverse document frequency of each term."""
    frequency = Counter(term for bag in bags for term in bag)
    total = len(bags)
    return {
        term: math.log(1 + (total - count + 0.5) / (count + 0.5))
        for term, count in frequency.items()
    }


def _group_spellings(terms: Iterable[str]) -> dict[str, dict[str, str]]:
    """Every word by which one of the terms can be meant."""
    known = set(terms)
    words = {word: concept for word, concept in list_concept_words().items() if concept in known}
    words |= {term: term for term in known if not term.startswith("#")}
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for word, term in words.items():
        if len(word) >= _LEAST_LETTERS - 1:
            groups[word[:2]][word] = term
    return groups
