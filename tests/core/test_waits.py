"""Waiting for a moment that was written down."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.waits import seconds_until

SECONDS = st.floats(min_value=0, max_value=1e7)
MOMENTS = st.floats(min_value=1e9, max_value=3e9)


@given(moment=MOMENTS, now=MOMENTS, at_most=SECONDS)
def test_whatever_the_clock_says_it_is_no_longer_than_it_can_be(
    moment: float, now: float, at_most: float
) -> None:
    assert 0 <= seconds_until(moment, now=now, at_most=at_most) <= at_most


@given(now=MOMENTS, wait=SECONDS, more=SECONDS)
def test_a_clock_that_runs_on_changes_nothing(now: float, wait: float, more: float) -> None:
    moment = now + wait
    assert seconds_until(moment, now=now, at_most=moment - now + more) == moment - now
