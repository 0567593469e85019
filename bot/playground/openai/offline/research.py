"""From a question to the bubbles that answer it, in the knowledge's own words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.playground.openai.offline.lexicon import BARE, MODIFIERS
from bot.playground.openai.offline.search import Hit, Index

_NEAR = 0.45  # coverage from which a passage answers
_ALSO = 0.88  # share of the best score from which a further passage goes along
_WHOLE = 0.75  # coverage from which a message is one question
_BEFORE_WEIGHT = 0.5  # of the terms of the client's previous message
_MOST_PARTS = 12
_MOST_SENTENCES = 3
_LONGEST_BUBBLE = 320  # characters
_MOST_TOPICS = 4
_PARTS = re.compile(
    r"[?!.;\n]+|,? (?:e|ed|and|и|inoltre|poi|also|а также|а ещё)(?= )", re.IGNORECASE
)
_LEANING = re.compile(
    r"^\W*(?:e|ed|ma|invece|and|but|what about|how about|а|и|но)\b", re.IGNORECASE
)

Query = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: the bubbles, and the concepts that were asked about."""

    bubbles: tuple[str, ...]
    concepts: frozenset[str]


def research(index: Index, question: str, language: str, *, before: str = "") -> Finding | None:
    """Answer from the knowledge; None when nothing is near enough.

    `before` is the client's previous message, for questions such as "And on Sundays?".
    """
    query = index.weigh(question, language)
    if not query:
        return None
    if before and (_LEANING.match(question) or not _topics(query)):
        context = index.weigh(before, language)
        if hits := _look_with(index, query, context):
            return _make_finding([hits], query)
    whole = _near(index, query)
    if query.keys() <= BARE:  # "Prices?" alone: only where a heading says the same
        whole = [hit for hit in whole if index.is_headed(hit, query)]
    if whole and whole[0].coverage >= _WHOLE:
        return _make_finding([whole], query)
    parts = [index.weigh(part, language) for part in _PARTS.split(question)[:_MOST_PARTS]]
    found = [hits for part in parts if _topics(part) and (hits := _near(index, part))]
    if len(found) > 1:
        return _make_finding(found, query)
    return _make_finding([whole or found[0]], query) if whole or found else None


def research_topic(index: Index, topic: str) -> Finding | None:
    """Tell what the knowledge has about a concept."""
    hits = _near(index, {topic: 1.0})
    return _make_finding([hits], {topic: 1.0}) if hits else None


def list_topics(index: Index) -> list[str]:
    """Headings of the knowledge, as examples of what can be asked."""
    headings = dict.fromkeys(passage.heading for passage in index.passages if passage.heading)
    return [fold_first(heading) for heading in list(headings)[:_MOST_TOPICS]]


def fold_first(text: str) -> str:
    """The text with a small first letter, unless it begins with an abbreviation or a name."""
    first, _, _ = text.partition(" ")
    return text[:1].lower() + text[1:] if first[1:].replace("'", "").islower() else text


def _look_with(index: Index, query: Query, context: Query) -> list[Hit]:
    """What answers the question together with the message before it.

    First as an addition to it ("And on Sundays?"); else as another topic of which the same
    is asked ("And the suite?").
    """
    hits = _near(index, {**_weaken(context), **query})
    together = [hit for hit in hits if hit.own & query.keys() and hit.own & _topics(context)]
    if together:
        return together
    if not _topics(query):
        return []
    asked = {term: weight for term, weight in context.items() if term in MODIFIERS}
    hits = _near(index, {**_weaken(asked), **query})
    return [hit for hit in hits if hit.own & _topics(query)]


def _weaken(query: Query) -> dict[str, float]:
    return {term: weight * _BEFORE_WEIGHT for term, weight in query.items()}


def _topics(query: Query) -> frozenset[str]:
    """The terms that name what is asked about."""
    return frozenset(query.keys() - MODIFIERS)


def _near(index: Index, query: Query) -> list[Hit]:
    """The passages that answer, best first: near enough, and as much to the point as the best.

    One that names a topic of the question itself goes before those whose heading does.
    """
    topics = _topics(query)
    near = [hit for hit in index.find(query) if hit.coverage >= _NEAR]
    hits = [hit for hit in near if hit.own & topics] or near
    named = hits[0].own & topics if hits else frozenset()
    return [hit for hit in hits if hit.score >= _ALSO * hits[0].score and hit.own >= named]


def _make_finding(answers: Sequence[list[Hit]], query: Query) -> Finding:
    concepts = frozenset(term for term in query if term.startswith("#"))
    if len(answers) > 1:
        bubbles = [_write(hits[:1]) for hits in answers]
    else:
        broad = len(query) == 1 and len(answers[0]) > _MOST_SENTENCES
        hits = sorted(
            answers[0][: 2 * _MOST_SENTENCES - 1 if broad else _MOST_SENTENCES], key=_place
        )
        bubbles = [_write(hits[:_MOST_SENTENCES]), _write(hits[_MOST_SENTENCES:])]
    return Finding(tuple(dict.fromkeys(filter(None, bubbles))), concepts)


def _place(hit: Hit) -> int:
    return hit.position


def _write(hits: Sequence[Hit]) -> str:
    """The passages as sentences, as many as make no more than one short message."""
    text = ""
    for hit in hits:
        longer = f"{text} {_sentence(hit)}".strip()
        if text and len(longer) > _LONGEST_BUBBLE:
            break
        text = longer
    return text


def _sentence(hit: Hit) -> str:
    """The passage as a sentence of its own; an item that its heading explains takes it along."""
    text = hit.passage.text.rstrip(";,")
    if not hit.own and hit.passage.heading:
        text = f"{hit.passage.heading.rstrip(':?')}: {fold_first(text)}"
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "…", ":", ")", "»")) else f"{text}."
