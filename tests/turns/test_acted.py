"""What a conversation is told of calls that it does not hold."""

from bot.ports import Line, Speaker
from bot.turns.acted import told_of
from db.calls import CallRow, CallState

PAID = CallRow("call_1", "resp_1", "pay", '{"amount": 50}', "digest", CallState.DONE, "Paid.")
FAILED = CallRow("call_2", "resp_1", "look", "{}", "digest", CallState.FAILED, "Nothing.")
ASKED = CallRow("call_3", "resp_0", "book", "{}", "digest", CallState.ASKED, "Ask.")


def test_of_nothing_nothing_is_told() -> None:
    assert told_of([]) == ()


def test_each_is_numbered_and_what_was_said_of_it_is_a_clients() -> None:
    notes, quotes = told_of([FAILED], declined=[ASKED], earlier=[PAID])
    assert notes == Line(Speaker.DESK, notes.text)
    assert [line.split(",")[0] for line in notes.text.splitlines()[:3]] == [
        "Call 1",
        "Call 2",
        "Call 3",
    ]
    assert "`pay`, of an earlier turn, is done" in notes.text
    assert quotes == Line(
        Speaker.CLIENT,
        '⟦call 1: {"amount": 50} Paid.⟧\n⟦call 2: {}⟧\n⟦call 3: {} Nothing.⟧',
    )


def test_of_a_long_one_the_beginning_and_of_what_it_brought() -> None:
    long = CallRow("call_1", "r", "book", "a" * 501, "d", CallState.DONE, "b" * 501)
    assert told_of([long])[1].text == f"⟦call 1: {'a' * 500} {'b' * 500}⟧"
