"""Which questions ask the same: by the words that say something, whatever their endings. Pure.

English, Italian and Russian are told apart by nothing: a word is cut by the rules of each language
that has its letters, so that a short question needs no guess at its language.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

from bot.core.stop_words import STOP_WORDS

LONGEST: Final = 300  # characters of a question that count
ALIKE: Final = 0.5  # of the words of two questions, how many both have
_WORD: Final = re.compile(r"[^\W_]+")
_FOLD: Final = str.maketrans("àáâäèéêëìíîïòóôöùúûüçñё", "aaaaeeeeiiiioooouuuucnе")
_CYRILLIC: Final = re.compile("[а-я]")
_AMOUNTS: Final = "quanto quanta quanti quante many much сколько"  # of whatever is asked about
_STOPS: Final = frozenset(
    " ".join((*STOP_WORDS.values(), _AMOUNTS)).casefold().translate(_FOLD).split()
)
Terms = frozenset[str]


def group_alike(questions: Sequence[str]) -> list[tuple[int, ...]]:
    """The numbers of those that ask the same, each number in one group; the lowest comes first.

    Which belong together does not depend on the order. The frequent ones are looked at first:
    others join them, or make a group of their own.
    """
    terms_of = _reader()
    members: dict[Terms, list[int]] = {}
    for number, question in enumerate(questions):
        members.setdefault(terms_of(question), []).append(number)
    frequent = sorted(members, key=lambda terms: (-len(members[terms]), sorted(terms)))
    groups: dict[Terms, list[int]] = {}
    for terms in frequent:
        leader = next((known for known in groups if _likeness(known, terms) >= ALIKE), terms)
        groups.setdefault(leader, []).extend(members[terms])
    return sorted(tuple(sorted(numbers)) for numbers in groups.values())


def _likeness(one: Terms, other: Terms) -> float:
    """Jaccard's: 0 for nothing in common, 1 for the same."""
    return len(one & other) / len(one | other)


def _reader() -> Callable[[str], Terms]:
    """Reads the terms of questions. Made for each use: a stemmer is not for two threads."""
    # Its 30 languages take 4 MB: only who is asked for questions needs them.
    import snowballstemmer  # type: ignore[import-untyped] # noqa: PLC0415 # ships no types

    english, italian, russian = map(snowballstemmer.stemmer, ("english", "italian", "russian"))
    known: dict[str, str] = {}

    def stem(word: str) -> str:
        if _CYRILLIC.search(word):
            return str(russian.stemWord(word))
        return str(italian.stemWord(english.stemWord(word)))

    def terms_of(question: str) -> Terms:
        text = question[:LONGEST].casefold().translate(_FOLD)
        words = _WORD.findall(text)
        telling = [word for word in words if word not in _STOPS] or words or [text]
        return frozenset(known.get(word) or known.setdefault(word, stem(word)) for word in telling)

    return terms_of
