from hypothesis import given
from hypothesis import strategies as st

from db.window import Window

seconds = st.floats(0, 100)
windows = st.builds(Window, quiet=seconds, cap=seconds, unfinished=seconds)


@given(windows, seconds, seconds, st.booleans())
def test_a_turn_is_due_within_its_cap(
    window: Window, first: float, later: float, unfinished: bool
) -> None:
    due = window.due_at(first=first, last=first + later, unfinished=unfinished)
    assert due <= first + max(window.cap, window.quiet)


@given(windows, seconds)
def test_one_message_alone_waits_for_the_quiet_window(window: Window, at: float) -> None:
    assert window.due_at(first=at, last=at, unfinished=False) == at + window.quiet


@given(windows, seconds, seconds)
def test_an_unfinished_text_waits_at_least_as_long(
    window: Window, first: float, later: float
) -> None:
    last = first + later
    whole = window.due_at(first=first, last=last, unfinished=False)
    assert window.due_at(first=first, last=last, unfinished=True) >= whole


def test_a_text_cut_by_the_application_waits_longer() -> None:
    assert Window().due_at(first=0.0, last=0.0, unfinished=True) == 1.5


def test_the_window_opens_a_minute_after_the_nth_last_turn() -> None:
    assert Window().opens_at(40.0) == 100.0


def test_with_fewer_turns_the_window_is_open() -> None:
    assert Window().opens_at(None) == 0.0


def test_without_a_limit_it_is_open_whenever_the_last_turn_was() -> None:
    assert Window(turns_per_minute=0).opens_at(40.0) == 0.0


@given(windows, st.none() | seconds, seconds, seconds, st.booleans())
def test_what_waits_began_no_later_than_now_and_is_due_once_the_chat_may_have_a_turn(
    window: Window, first: float | None, now: float, opens: float, unfinished: bool
) -> None:
    burst = window.burst(first, now=now, opens=opens, unfinished=unfinished)
    complete = window.due_at(first=burst.first, last=now, unfinished=unfinished)
    assert burst.first == (now if not first or first > now else first)
    assert burst.due == max(complete, opens)
    assert burst.is_too_fast == (opens > complete and opens > now)  # else nothing is waited for


@given(windows, seconds, seconds)
def test_what_is_awaited_waits_for_nothing_but_a_turn(
    window: Window, now: float, opens: float
) -> None:
    assert window.burst(None, now=now, opens=opens, awaited=True).due == max(now, opens)
