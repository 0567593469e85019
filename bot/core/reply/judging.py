"""What an answer says of itself, held against what it says to the client. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import takewhile

from bot.core.reply.promises import promises_a_person
from db.records import Outcome, Stated


def check_stated(
    stated: Stated, bubbles: Sequence[str], *, phrases: Iterable[str], sources: Iterable[str]
) -> Stated:
    """What counts of it: sources that there are, and an outcome that fits the bubbles.

    `phrases` are the company's for what it does not know: one alone in a bubble means just that.
    What it promises, the company has chosen to; its translation may follow, and promises the same.
    """
    names = {_plain(name): name for name in sources}
    known = (names.get(_plain(name)) for name in stated.sources)
    meant = {_plain(phrase) for phrase in phrases if phrase}
    own = [*takewhile(lambda bubble: _plain(bubble) not in meant, bubbles)]
    unknown = len(own) < len(bubbles)
    outcome = Outcome.UNKNOWN if unknown else stated.outcome
    return replace(
        stated,
        outcome=outcome,
        sources=tuple(dict.fromkeys(filter(None, known))),
        promised=outcome is not Outcome.HANDOVER and any(map(promises_a_person, own)),
    )


def _plain(text: str) -> str:
    """A text as it is compared: without its spacing, marks and capital letters."""
    return " ".join(text.casefold().split()).strip(" .!*_#\"'«»“”")
