"""How much of a backlog a turn takes, and what it reads of it."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from db.portions import Portion, choose, take
from db.records import Gap

LIMITS = Portion(messages=4, characters=10_000, turns=3)


@dataclass(frozen=True)
class Row:
    id: int
    message_id: int | None
    album: str | None = None
    size: int = 10
    written_at: float | None = 0.0


def rows(number: int, **fields: object) -> list[Row]:
    return [Row(one, one, **fields) for one in range(1, number + 1)]  # type: ignore[arg-type]  # fields by name


def ids(taken: list[Row]) -> list[int]:
    return [row.id for row in taken]


def turns(waiting: list[Row], limits: Portion = LIMITS) -> list[list[int]]:
    """What turn after turn takes."""
    found = []
    while waiting:
        taken = take(waiting, limits)
        found.append(ids(taken))
        waiting = [row for row in waiting if row not in taken]
    return found


def test_what_fits_is_one_turn_read_as_it_is() -> None:
    assert turns(rows(4)) == [[1, 2, 3, 4]]
    assert choose(rows(4), LIMITS) == (rows(4), None)


def test_what_is_too_much_becomes_the_next_turn() -> None:
    assert turns(rows(6)) == [[1, 2, 3, 4], [5, 6]]


def test_characters_are_counted_too() -> None:
    assert turns(rows(4, size=3_500)) == [[1, 2], [3, 4]]


def test_a_backlog_is_so_many_turns_and_its_oldest_part_is_in_the_first() -> None:
    assert turns(rows(21)) == [list(range(1, 17)), [17, 18, 19, 20], [21]]


def test_no_turn_ends_inside_an_album() -> None:
    waiting = [*rows(2), *(Row(one, one, album="a") for one in range(3, 6))]
    assert turns(waiting) == [[1, 2], [3, 4, 5]]


def test_no_turn_ends_inside_a_text_that_was_cut() -> None:
    cut = [Row(4, 4, size=4_096), Row(5, 5, size=900, written_at=1.0)]
    assert turns([*rows(3), *cut]) == [[1, 2, 3], [4, 5]]


def test_two_long_texts_with_time_between_them_are_no_text_that_was_cut() -> None:
    apart = [Row(4, 4, size=4_096), Row(5, 5, size=900, written_at=60.0)]
    assert turns([*rows(3), *apart]) == [[1, 2, 3, 4], [5]]


def test_what_belongs_together_and_is_too_much_for_a_turn_is_cut_all_the_same() -> None:
    assert turns(rows(6, album="a")) == [[1, 2, 3, 4], [5, 6]]


def test_an_edit_goes_with_its_message() -> None:
    assert turns([*rows(6), Row(7, 2)]) == [[1, 2, 3, 4, 7], [5, 6]]


def test_of_many_edits_the_last_is_read() -> None:
    edits = [Row(one, 1) for one in range(1, 1_000)]
    assert turns(edits) == [ids(edits)]
    assert choose(edits, LIMITS) == ([edits[0], edits[-1]], None)


def test_too_much_is_read_from_both_its_ends() -> None:
    read, gap = choose(rows(100, size=980), LIMITS)
    assert ids(read) == [1, 2, 3, 4, 5, 96, 97, 98, 99, 100]
    assert gap == Gap(after=5, left_out=90)


def test_many_short_messages_may_be_read_whole() -> None:
    read, gap = choose(rows(100), LIMITS)
    assert ids(read) == list(range(1, 101))
    assert gap == Gap(after=100, left_out=0)


def test_one_message_is_read_whatever_its_size() -> None:
    assert choose(rows(1, size=20_000), LIMITS) == (rows(1, size=20_000), None)


waiting = st.lists(
    st.builds(
        lambda size, album, moment: (size, album, moment),
        st.sampled_from([1, 10, 900, 4_000, 4_096]),
        st.sampled_from([None, None, "a", "b"]),
        st.sampled_from([0.0, 1.0, 5.0]),
    ),
    max_size=60,
).map(
    lambda made: [
        Row(number, number, album, size, moment)
        for number, (size, album, moment) in enumerate(made, 1)
    ]
)


@given(waiting)
def test_each_message_is_in_one_turn_in_order_and_there_are_few(waiting: list[Row]) -> None:
    found = turns(waiting)
    assert [one for turn in found for one in turn] == ids(waiting)
    assert len(found) <= LIMITS.turns


@given(waiting)
def test_what_is_read_is_bounded(waiting: list[Row]) -> None:
    read, gap = choose(waiting, LIMITS)
    assert sum(row.size for row in read) <= max(LIMITS.characters, *(r.size for r in read), 0, 0)
    assert (gap.left_out if gap else 0) == len(waiting) - len(read)
