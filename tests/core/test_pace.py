import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.waits import CEILING_SECONDS, FLOOR_SECONDS, pause_seconds
from tenants.profile import Pace

texts = st.text(max_size=5000)
seconds = st.floats(min_value=0, max_value=100)


@pytest.mark.parametrize(
    ("length", "pause"), [(0, 0.6), (10, 0.6), (56, 2.0), (98, 3.5), (4000, 3.5)]
)
def test_a_person_types_for_as_long_as_the_text_is(length: int, pause: float) -> None:
    assert pause_seconds("a" * length, pace=Pace.HUMAN, already_spent=0) == pytest.approx(pause)


def test_time_spent_generating_counts_as_typing() -> None:
    assert pause_seconds("a" * 56, pace=Pace.HUMAN, already_spent=1.5) == pytest.approx(0.5)


def test_a_clock_that_went_back_does_not_lengthen_the_pause() -> None:
    assert pause_seconds("a" * 56, pace=Pace.HUMAN, already_spent=-60) == pytest.approx(2.0)


@given(texts, seconds)
def test_off_never_waits(text: str, spent: float) -> None:
    assert pause_seconds(text, pace=Pace.OFF, already_spent=spent) == 0


@given(texts)
def test_brisk_takes_half_of_human(text: str) -> None:
    brisk = pause_seconds(text, pace=Pace.BRISK, already_spent=0)
    assert 2 * brisk == pytest.approx(pause_seconds(text, pace=Pace.HUMAN, already_spent=0))


@given(texts, seconds)
def test_pause_and_time_spent_stay_between_floor_and_ceiling(text: str, spent: float) -> None:
    pause = pause_seconds(text, pace=Pace.HUMAN, already_spent=spent)
    assert 0 <= pause <= CEILING_SECONDS
    assert pause + spent >= FLOOR_SECONDS


@given(texts, texts, st.sampled_from(Pace), seconds)
def test_a_longer_text_never_waits_less(text: str, more: str, pace: Pace, spent: float) -> None:
    short = pause_seconds(text, pace=pace, already_spent=spent)
    assert pause_seconds(text + more, pace=pace, already_spent=spent) >= short
