"""The ids that are tried for a bubble in doubt."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.search import FEWEST, candidates

IDS = st.integers(min_value=1, max_value=10_000)


def test_the_nearest_unknown_ids_come_first() -> None:
    assert candidates(lower=10, upper=None, known={11, 13}, in_doubt=1) == (12, 14)


def test_an_upper_bound_ends_the_search() -> None:
    assert candidates(lower=10, upper=13, known={11}, in_doubt=9) == (12,)


def test_with_nothing_known_as_many_as_are_in_doubt() -> None:
    assert candidates(lower=10, upper=None, known=(), in_doubt=3) == (11, 12, 13)


@pytest.mark.parametrize(
    ("before", "found"), [(0, (11, 12, 13, 14)), (2, (13, 12, 14, 11)), (9, (14, 13, 12, 11))]
)
def test_the_likeliest_place_comes_first(before: int, found: tuple[int, ...]) -> None:
    assert candidates(lower=10, upper=15, known=(), in_doubt=4, before=before) == found


def test_a_long_gap_is_not_searched_to_its_end() -> None:
    assert len(candidates(lower=0, upper=10_000, known=(), in_doubt=1)) == FEWEST


@given(
    lower=IDS,
    upper=st.none() | IDS,
    known=st.sets(IDS, max_size=50),
    in_doubt=IDS,
    before=st.integers(min_value=0, max_value=50),
)
def test_candidates_are_unknown_in_bounds_and_few(
    lower: int, upper: int | None, known: set[int], in_doubt: int, before: int
) -> None:
    bounds: dict[str, Any] = {"lower": lower, "upper": upper, "known": known, "in_doubt": in_doubt}
    found = candidates(**bounds, before=before)
    assert sorted(found) == list(candidates(**bounds))
    assert not known & set(found)
    assert all(lower < one and (upper is None or one < upper) for one in found)
    assert len(found) <= max(FEWEST, 2 * in_doubt)


@given(lower=IDS, old=st.sets(IDS, max_size=50), in_doubt=IDS)
def test_ids_below_the_lower_bound_change_nothing(lower: int, old: set[int], in_doubt: int) -> None:
    below = {one for one in old if one <= lower}
    alone = candidates(lower=lower, upper=None, known=(), in_doubt=in_doubt)
    assert candidates(lower=lower, upper=None, known=below, in_doubt=in_doubt) == alone
