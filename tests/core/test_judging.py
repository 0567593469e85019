"""What an answer says of itself, against what it says to the client."""

import pytest

from bot.core.reply.judging import check_stated
from db.records import Outcome, Stated

PHRASE = "Mi dispiace, questo non lo so: ci chiami allo 0432 110293."
PHRASE_EN = "I am sorry, I do not know."
PROMISE = "La richiameremo noi."


def judged(stated: Stated, *bubbles: str, phrase: str = PHRASE) -> Stated:
    return check_stated(
        stated, bubbles, phrases=[PHRASE_EN, phrase], sources=("Listino 2026", "menu.pdf")
    )


@pytest.mark.parametrize(
    "bubbles",
    [
        (PHRASE,),
        (PHRASE_EN,),
        ("Buongiorno!", PHRASE, "Sorry, I do not know: please call us."),
        (f" **{PHRASE.upper()}**",),
        (PHRASE.rstrip("."),),
    ],
)
@pytest.mark.parametrize("outcome", [None, *Outcome])
def test_the_phrase_alone_in_a_bubble_means_unknown(
    bubbles: tuple[str, ...], outcome: Outcome | None
) -> None:
    assert judged(Stated(outcome), *bubbles).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("bubble", [f"{PHRASE} Altro?", "Dalle 14:00.", ""])
def test_any_other_bubble_leaves_the_outcome_as_it_is(bubble: str) -> None:
    assert judged(Stated(Outcome.ANSWERED), bubble) == Stated(Outcome.ANSWERED)
    assert judged(Stated(), bubble, phrase="") == Stated()


@pytest.mark.parametrize("outcome", [None, *Outcome])
def test_a_promise_is_noted_where_nobody_is_handed_over(outcome: Outcome | None) -> None:
    stated = judged(Stated(outcome), "Capisco.", PROMISE)

    assert stated == Stated(outcome, promised=outcome is not Outcome.HANDOVER)


def test_what_the_company_promises_in_its_phrase_is_not_the_answers_promise() -> None:
    assert not judged(Stated(), PROMISE, "We will call you.", phrase=PROMISE).promised
    assert judged(Stated(), "La contatteremo.", PROMISE, phrase=PROMISE).promised


def test_a_source_that_there_is_not_is_dropped_and_the_others_are_named_as_they_are() -> None:
    stated = judged(Stated(sources=("# listino  2026", "Internet", "menu.pdf", "MENU.PDF")))

    assert stated.sources == ("Listino 2026", "menu.pdf")
