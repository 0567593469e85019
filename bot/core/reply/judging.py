"""What an answer says of itself, held against what it says to the client. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.core.reply.promises import promises_a_person
from db.records import Outcome, Stated


def check_stated(
    stated: Stated, bubbles: Sequence[str], *, phrase: str, sources: Iterable[str]
) -> Stated:
    """What counts of it: sources that there are, and an outcome that fits the bubbles.

    `phrase` is the company's for what it does not know: alone in a bubble it means just that. What
    it promises, the company has chosen to; its translation may follow, and promises the same.
    """
    names = {_plain(name): name for name in sources}
    known = (names.get(_plain(name)) for name in stated.sources)
    plain = [_plain(bubble) for bubble in bubbles]
    unknown = bool(phrase) and _plain(phrase) in plain
    own = bubbles[: plain.index(_plain(phrase))] if unknown else bubbles
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
