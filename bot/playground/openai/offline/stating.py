"""What the offline model says of its own answer, behind the bubbles."""

from collections.abc import Sequence

from bot.playground.openai.api_error import Json
from bot.playground.openai.offline.errand_words import WAITS, read_ask
from bot.playground.openai.offline.phrases import YES_NO
from bot.playground.openai.offline.research import list_topics
from bot.playground.openai.offline.speaker import UNCLEAR, Speaker

_ABOUT_CHARACTERS = 120


def state(speaker: Speaker, bubbles: Sequence[str]) -> Json:
    """All that can be said of an answer, in the order of the reply's keys."""
    return {
        "buttons": _buttons(speaker, bubbles),
        "outcome": _outcome(speaker, bubbles),
        "about": " ".join(speaker.situation.question.split())[:_ABOUT_CHARACTERS],
        "sources": _sources(speaker, bubbles),
    }


def _outcome(speaker: Speaker, bubbles: Sequence[str]) -> str:
    phrases, company = speaker.phrases, speaker.company
    if {speaker.briefing.escalation or phrases.escalate, phrases.escalate} & {*bubbles}:
        return "unknown"
    refusals = {one.format(company=company) for one in (phrases.refuse_meta, phrases.refuse_topic)}
    if any(refusal in bubble for refusal in refusals for bubble in bubbles):
        return "declined"
    asks = UNCLEAR & {*bubbles} or read_ask(bubbles[-1]) or bubbles[-1] in WAITS
    return "asked" if asks else "answered"


def _buttons(speaker: Speaker, bubbles: Sequence[str]) -> list[str]:
    """Yes and no to an offer; the topics that there are, where the question was unclear."""
    if bubbles[-1] in (offer for _, offer in speaker.offers()):
        return [*YES_NO[speaker.language]]
    topics = list_topics(speaker.index)
    named = len(topics) > 1 and all(any(one in bubble for bubble in bubbles) for one in topics)
    return [topic[:1].upper() + topic[1:] for topic in topics] if named else []


def _sources(speaker: Speaker, bubbles: Sequence[str]) -> list[str]:
    finding = speaker.look_up()
    told = " ".join(bubbles)
    return [*finding.sources] if finding and any(one in told for one in finding.bubbles) else []
