from typing import Any

import pytest
from hypothesis import given

from tenants.difference import LONGEST_DIFF, Difference, differences
from tenants.profile import Profile
from tests.tenants.strategies import profiles

HOTEL = Profile(
    company_name="Hotel Aurora",
    knowledge="Check-in: 14:00\nCheck-out: 11:00\nCani: no",
    sources=[{"name": "menu.txt", "text": "Pasta"}],
    assistants={"staff": {"knowledge": "Per pochi."}},
)


def changed(**changes: Any) -> tuple[Difference, ...]:
    return differences(HOTEL, HOTEL.changed(changes))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"company_name": "Hotel Boreale"},
            ("company_name", "", "Hotel Aurora", "Hotel Boreale"),
        ),
        ({"sector": "hotel"}, ("sector", "", None, "hotel")),
        ({"company_name": None}, ("company_name", "", "Hotel Aurora", None)),
        ({"waiting_seconds": 7}, ("waiting_seconds", "", None, "7")),
        ({"test_questions": ["A?", "B?"]}, ("test_questions", "", None, "A?\nB?")),
        ({"sources": None}, ("sources", "menu.txt", "Pasta", None)),
        (
            {"assistants": {"staff": {"knowledge": "Per pochissimi."}}},
            ("assistants", "staff.knowledge", "Per pochi.", "Per pochissimi."),
        ),
        (
            {"assistants": {"staff": {"knowledge": "Per pochi."}, "board": {}}},
            ("assistants", "board", None, ""),
        ),
    ],
)
def test_one_change_is_one_difference(changes: dict[str, Any], expected: tuple[Any, ...]) -> None:
    assert changed(**changes) == (Difference(*expected),)


def test_differences_stand_in_the_order_of_the_profile() -> None:
    found = changed(pause_message="Chiuso.", knowledge="Nuovo.", sector="hotel")
    assert [one.field for one in found] == ["sector", "knowledge", "pause_message"]


def test_long_texts_are_compared_line_by_line() -> None:
    (found,) = changed(knowledge="Check-in: 15:00\nCheck-out: 11:00\nCani: no\nGatti: sì")
    assert not found.is_short
    assert found.lines().split("\n") == [
        "-Check-in: 14:00",
        "+Check-in: 15:00",
        " Check-out: 11:00",
        " Cani: no",
        "+Gatti: sì",
    ]


def test_excerpts_differ_in_the_same_lines() -> None:
    knowledge = "\n".join(f"Riga {n}" for n in range(99))
    shifted = knowledge.replace("Riga 7\n", "Riga sette\n").replace("Riga 90\n", "")
    (found,) = differences(Profile(knowledge=knowledge), Profile(knowledge=shifted))
    old, new = found.excerpts()
    assert old == "…\nRiga 7\nRiga 8\n…\nRiga 89\nRiga 90"
    assert new == "…\nRiga sette\nRiga 8\n…\nRiga 89"
    assert Difference("knowledge", "", old, new).lines() == found.lines()


@pytest.mark.parametrize(("old", "new"), [(None, "a\nb"), ("a\nb", None)])
def test_what_came_or_went_has_one_excerpt(old: str | None, new: str | None) -> None:
    assert Difference("knowledge", "", old, new).excerpts() == (old, new)


def test_what_looks_like_the_head_of_a_diff_is_kept() -> None:
    found = Difference("knowledge", "", "-- a\nb", "++ a\nb\n")
    assert "--- a" in found.lines()
    assert "+++ a" in found.lines()


def test_texts_that_nobody_can_compare_in_time_are_shown_whole() -> None:
    old, new = ("\n".join(f"{word} {n}" for n in range(4_000)) for word in ("uno", "due"))
    lines = Difference("knowledge", "", old, new).lines()
    assert len(lines) == LONGEST_DIFF
    assert lines.startswith("-uno 0\n-uno 1\n")


@given(profiles, profiles)
def test_equal_profiles_do_not_differ_and_others_do(one: Profile, other: Profile) -> None:
    assert differences(one, one) == ()
    same = one.model_dump(mode="json") == other.model_dump(mode="json")
    assert (differences(one, other) == ()) == same
