"""Finding an answer among the items of a conversation: all of it, and nothing that is before it."""

from collections.abc import Sequence
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.calls import Call, RemoteCall
from bot.ports import Item, Speaker
from bot.turns.found import Found, find_after, find_answer
from db.records import NOTHING_STATED, Outcome, Stated

A, B = Call("call_a", "book", "{}"), Call("call_b", "look", "{}")
STATED = Stated(Outcome.ANSWERED)
REMOTE = RemoteCall(B, "{}")
NUMBERS = count()


def item(role: Speaker | None, *bubbles: str, **fields: object) -> Item:
    return Item(f"item_{next(NUMBERS)}", role, bubbles, **fields)  # type: ignore[arg-type]  # a test's shorthand


def heard(*words: str) -> Item:
    return item(Speaker.CLIENT, *words)


def said(*bubbles: str, stated: Stated = NOTHING_STATED) -> Item:
    return item(Speaker.ASSISTANT, *bubbles, stated=stated)


def called(call: Call) -> Item:
    return item(None, call=call)


def output(call: Call) -> Item:
    return item(None, answers=call.call_id)


def note(text: str = "…") -> Item:
    return item(Speaker.DESK, text)


def answer(items: Sequence[Item], *words: str) -> Found:
    found = find_answer(items, words)
    assert found is not None
    assert found.last_item_id == items[-1].item_id
    return found


def after(items: Sequence[Item], *calls: Call) -> Found | None:
    return find_after(items, [call.call_id for call in calls])


# ------------------------------------------------------------------------- our words


@pytest.mark.parametrize(
    "items",
    [
        [],
        [said("a")],
        [heard("b")],
        [heard("a")],  # the last of our words are not there
        [heard("a"), said("b")],
        [heard("b"), heard("a")],
        [heard("a"), said("…"), heard("b")],
    ],
)
def test_words_that_are_not_there_as_they_were_said_have_no_answer(items: Sequence[Item]) -> None:
    assert find_answer(items, ["a", "b"]) is None


def test_who_said_nothing_is_answered_nothing() -> None:
    assert find_answer([heard("a"), said("Uno.")], []) is None


@given(before=st.lists(st.sampled_from("ab")), behind=st.lists(st.sampled_from("xy"), max_size=3))
def test_what_stands_behind_the_last_such_words_is_their_answer(
    before: Sequence[str], behind: Sequence[str]
) -> None:
    items = [*map(heard, before), heard("a", "a"), heard("b"), *map(said, behind)]
    found = answer(items, "a a", "b")
    assert (found.bubbles, found.seen) == (tuple(behind), 0)


def test_it_says_of_itself_what_its_last_message_does() -> None:
    other = Stated(Outcome.UNKNOWN)
    items = [heard("?"), said("Uno.", stated=other), said("Due.", "Tre.", stated=STATED)]
    found = answer([*items, item(None, remote=REMOTE)], "?")
    assert (found.bubbles, found.stated) == (("Uno.", "Due.", "Tre."), STATED)
    assert found.remote == (REMOTE,)
    assert answer([heard("?")], "?").stated == NOTHING_STATED


# ----------------------------------------------------------------------------- calls


@pytest.mark.parametrize(
    ("behind", "open_ones"),
    [
        ([called(A)], (A,)),
        ([called(A), output(A)], ()),
        ([called(A), called(B), output(A), said("Fatto.")], (B,)),
        ([called(A), output(B)], (A,)),
        ([output(A), called(A)], (A,)),
    ],
)
def test_calls_that_have_no_output_yet_are_to_be_made(
    behind: Sequence[Item], open_ones: tuple[Call, ...]
) -> None:
    found = answer([heard("?"), *behind], "?")
    assert found.calls == open_ones
    known_as = "resp_1" if not open_ones else found.last_item_id
    assert found.as_answer("resp_1", "gpt-6-luna").response_id == known_as


def test_what_stands_behind_the_outputs_is_the_answer_to_them() -> None:
    items = [called(A), called(B), said("Un attimo."), output(A), output(B), said("Fatto.")]
    found = after(items, A, B)
    assert found is not None
    assert (found.bubbles, found.calls, found.seen) == (("Fatto.",), (), 0)


@pytest.mark.parametrize("items", [[], [called(A)], [output(A), called(A)], [output(B)]])
def test_outputs_that_did_not_arrive_have_none(items: Sequence[Item]) -> None:
    assert after(items, A) is None


def test_the_next_calls_are_behind_the_outputs_of_those_before() -> None:
    found = after([called(A), output(A), called(B)], A)
    assert found is not None
    assert found.calls == (B,)


# ---------------------------------------------------------------- requests to go on


@pytest.mark.parametrize(
    ("behind", "bubbles", "seen"),
    [
        ([said("Uno."), note(), said("Due.")], ("Due.",), 1),
        ([said("Uno.", "Due."), said("Tre."), note()], (), 3),
        ([note(), said("Uno.")], ("Uno.",), 0),
        ([said("Uno."), note(), said("Uno."), said("Due."), note(), said("Tre.")], ("Tre.",), 2),
        ([said("Uno."), note(), heard("Uno."), note(), said("Due.")], ("Due.",), 0),
    ],
)
def test_what_went_along_with_the_last_request_to_go_on_was_seen(
    behind: Sequence[Item], bubbles: tuple[str, ...], seen: int
) -> None:
    found = answer([heard("?"), *behind], "?")
    assert (found.bubbles, found.seen) == (bubbles, seen)
