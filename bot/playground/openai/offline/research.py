"""From a question to the bubbles that answer it, in the knowledge's own words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.playground.openai.offline.language import detect_language
from bot.playground.openai.offline.lexicon import (
    BARE,
    BOOKED,
    DAYS,
    LODGING,
    MODIFIERS,
    OF_MANY_KINDS,
    WHEREABOUTS,
)
from bot.playground.openai.offline.search import Hit, Index

_NEAR = 0.45  # coverage from which a passage answers
_ALSO = 0.88  # share of the best score from which a further passage goes along
_BEFORE_WEIGHT = 0.5  # of the terms of the client's previous message
_MOST_PARTS = 12
_MOST_SENTENCES = 3
_LONGEST_BUBBLE = 320  # characters
_MOST_TOPICS = 4
_BOOKING = "#booking"
_CANCEL = "#cancel"
_PRICE = "#price"
_MOST_PRICES = 2
_AMOUNT = re.compile(r"[€$£₽] ?\d|\d ?(?:[€$£₽]|(?:euros?|eur|евро|руб\w*)\b)", re.IGNORECASE)
_SENTENCE = re.compile(r"[^?!.;\n]+[?!.;\n]*")
_JOINT = re.compile(r",? (?:e|ed|and|и|inoltre|poi|also|а также|а ещё)(?= )", re.IGNORECASE)
# A room that is free costs something; what is asked is when one can be had.
_VACANT = re.compile(
    r"\brooms?(?: is| are)?(?: still)? free\b(?! of)|\bfree rooms?\b", re.IGNORECASE
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
    sources: tuple[str, ...] = ()  # the headings under which it stands
    missed: bool = False  # a further question of the same message has no answer


def research(index: Index, question: str, language: str, *, before: str = "") -> Finding | None:
    """Answer from the knowledge; None when nothing is near enough.

    `before` is the client's previous message, for questions such as "And on Sundays?".
    """
    question = _VACANT.sub("available room", _asked(index, question, language))
    query = index.weigh(question, language)
    if not query:
        return None
    context = index.weigh(before, language)
    leans = before and (_LEANING.match(question) or not _topics(query))
    if leans and (hits := _look_with(index, query, context)):
        return _make_finding([hits], query)
    if _BOOKING in query and _topics(query) <= LODGING:
        return research_topic(index, _BOOKING)
    found, missed = _answer_parts(index, question, language)
    if len(found) > 1 or (found and missed):
        return _make_finding(found, query, missed=missed)
    whole = _near(index, query)
    if query.keys() <= BARE:  # "Time?" alone: only where a heading says the same
        whole = [hit for hit in whole if index.is_headed(hit, query)]
        if _PRICE in query and _topics(context) <= WHEREABOUTS:  # of nothing named before
            whole = _list_prices(index) or whole
    return _make_finding([whole or found[0]], query) if whole or found else None


def _answer_parts(index: Index, question: str, language: str) -> tuple[list[list[Hit]], bool]:
    """An answer for each question of a message, in their order; whether one of them has none."""
    found: dict[int, list[Hit]] = {}
    missed, before = False, dict[str, float]()
    parts = [
        (part, "?" in sentence)
        for sentence in _SENTENCE.findall(question)
        for part in _JOINT.split(sentence)
    ]
    for text, is_asked in parts[:_MOST_PARTS]:
        part = index.weigh(text, language)
        hits = _look_with(index, part, before) if before and part else []
        if not hits and _topics(part):
            hits = _near(index, part)
        if hits:
            found.setdefault(hits[0].position, hits)
        missed |= not hits and bool(_topics(part)) and is_asked
        before = part if _topics(part) else before
    return list(found.values()), missed


def _asked(index: Index, question: str, language: str) -> str:
    """The message without the sentences that only tell something, if it says what it asks."""
    sentences = [one.strip() for one in _SENTENCE.findall(question)]
    if not any(one.endswith("?") for one in sentences):
        return question
    asked = "\n".join(one for one in sentences if not one.endswith((".", "!")))
    return asked if _topics(index.weigh(asked, language)) else question


def research_topic(index: Index, topic: str) -> Finding | None:
    """Tell what the knowledge has about a concept."""
    hits = _near(index, {topic: 1.0})
    return _make_finding([hits], {topic: 1.0}) if hits else None


def research_heading(index: Index, heading: str) -> Finding | None:
    """Tell what stands under a heading, if the knowledge has it: as it begins there."""
    hits = index.under(heading)[: 2 * _MOST_SENTENCES - 1]
    bubbles = (_write(hits[:_MOST_SENTENCES]), _write(hits[_MOST_SENTENCES:]))
    sources = tuple(dict.fromkeys(hit.passage.source for hit in hits if hit.passage.source))
    return Finding(tuple(filter(None, bubbles)), frozenset(), sources) if hits else None


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
    named = _topics(query) or query.keys()
    together = [hit for hit in hits if hit.own & named and hit.own & _topics(context)]
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
    return frozenset(term for term in query.keys() - MODIFIERS if not term.isdecimal())


def _near(index: Index, query: Query) -> list[Hit]:
    """The passages that answer, best first: near enough, and as much to the point as the best.

    One that names a topic of the question itself goes before those whose heading does. How to book
    something else than a stay is told to those alone who name it. Nothing answers a question most
    of whose topics are unknown here.
    """
    topics = _topics(query)
    unknown = frozenset(topic for topic in topics if not index.has(topic))
    if 2 * len(unknown) > len(topics) or (unknown and topics - unknown <= OF_MANY_KINDS):
        return []  # to rent a boat is not to rent a bicycle, nor is a helicopter tour any other
    near = [hit for hit in index.find(query) if hit.coverage >= _NEAR]
    if _BOOKING in query:
        subjects = BOOKED | query.keys()  # not the sentence that a car park cannot be booked
        near = [hit for hit in near if _BOOKING in hit.own and index.is_about(hit, subjects)]
    near = [hit for hit in near if hit.own & query.keys() & DAYS] or near
    hits = [hit for hit in near if hit.own & topics] or near
    named = hits[0].own & topics if hits else frozenset()
    equal = [hit for hit in hits if hit.score >= _ALSO * hits[0].score and hit.own >= named]
    return [hit for hit in equal if _language(hit) in {None, _language(hits[0])}]


def _list_prices(index: Index) -> list[Hit]:
    """The first sentences that are about a price, for a question that does not say of what."""
    priced = [
        hit
        for hit in index.find({_PRICE: 1.0, _CANCEL: 0.0})
        if _AMOUNT.search(hit.passage.text) and _CANCEL not in hit.own
    ]
    plain = [hit for hit in priced if hit.score >= _ALSO * priced[0].score]
    beside = [hit for hit in priced if hit not in plain]
    return [*sorted(plain, key=_place), *beside][:_MOST_PRICES]


def _language(hit: Hit) -> str | None:
    return detect_language(hit.passage.text)


def _make_finding(answers: Sequence[list[Hit]], query: Query, *, missed: bool = False) -> Finding:
    concepts = frozenset(term for term in query if term.startswith("#"))
    if len(answers) > 1 or missed:
        bubbles = [_write(hits[:1]) for hits in answers]
    else:
        broad = len(query) == 1 and len(answers[0]) > _MOST_SENTENCES
        hits = sorted(
            answers[0][: 2 * _MOST_SENTENCES - 1 if broad else _MOST_SENTENCES], key=_place
        )
        bubbles = [_write(hits[:_MOST_SENTENCES]), _write(hits[_MOST_SENTENCES:])]
    told = [hit.passage.source for hits in answers for hit in hits[:_MOST_SENTENCES]]
    sources = tuple(dict.fromkeys(filter(None, told)))
    return Finding(tuple(dict.fromkeys(filter(None, bubbles))), concepts, sources, missed)


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
