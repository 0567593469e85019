"""What a backlog of thousands of messages costs: little in each commit, whatever it holds."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert

from db.models import updates
from db.portions import PIECE, Portion
from db.records import Turn, UpdateState
from tests.db.desk import Desk

LONG = 4_100
LIMITS = Portion(messages=10, characters=5_000, turns=3)


@pytest.fixture
def work() -> Iterator[list[tuple[str, int]]]:
    """Of each statement about messages, whether it reads words, and how many rows it is about."""
    seen: list[tuple[str, int]] = []

    def note(_: Any, cursor: Any, statement: str, parameters: Any, *__: Any) -> None:
        if statement.startswith("UPDATE updates"):
            seen.append(("changed", cursor.rowcount))
        elif "updates.payload" in statement:
            seen.append(("words", len(parameters)))

    event.listen(Engine, "after_cursor_execute", note)
    yield seen
    event.remove(Engine, "after_cursor_execute", note)


async def fill(desk: Desk, number: int, *, size: int = LONG) -> int:
    """So many messages that wait; the words of all but the size are short, for the test's sake."""
    desk.portion = LIMITS
    chat = await desk.hear("0")
    (first,) = await desk.stored(updates)
    like = {name: value for name, value in first._mapping.items() if name != "id"}
    rows = [
        like
        | {"update_id": 1_000 + n, "message_id": 10_000 + n, "size": size, "written_at": 60.0 * n}
        | {"payload": json.dumps({"text": str(n)})}
        for n in range(1, number)
    ]
    await desk.database.write(lambda connection: connection.execute(insert(updates), rows))
    desk.now += 10
    return chat


async def claim(desk: Desk, chat: int, work: list[tuple[str, int]]) -> tuple[Turn, list[int]]:
    """The turn, and how many rows each step before it changed."""
    steps = []
    work.clear()
    while not isinstance(claimed := await desk.claim(chat), Turn):
        assert claimed == desk.now
        steps.append(sum(rows for what, rows in work if what == "changed"))
        assert not [rows for what, rows in work if what == "words"]
        work.clear()
    return claimed, steps


def words(turn: Turn) -> list[int]:
    return [int(json.loads(message.payload)["text"]) for message in turn.messages]


@pytest.mark.parametrize("size", [10, LONG])
async def test_a_commit_is_about_a_piece_of_a_backlog(
    desk: Desk, work: list[tuple[str, int]], size: int
) -> None:
    chat = await fill(desk, 1_600, size=size)
    turn, steps = await claim(desk, chat, work)
    assert len(steps) > 4
    assert max(steps) == PIECE
    assert sum(rows for what, rows in work if what == "changed") <= 2 * PIECE + len(turn.messages)
    assert [rows for what, rows in work if what == "words"] == [len(turn.messages)]


async def test_both_ends_are_read_and_the_rest_is_said_to_be_left_out(
    desk: Desk, work: list[tuple[str, int]]
) -> None:
    chat = await fill(desk, 1_600)
    turn, _ = await claim(desk, chat, work)
    read, gap = words(turn), turn.gap
    assert gap is not None
    assert read[: gap.after] == [*range(gap.after)]
    last = read[gap.after :]
    assert last == [*range(last[0], last[-1] + 1)]
    assert last[0] - gap.after == gap.left_out
    await desk.complete(turn)
    following = []
    while isinstance(then := await desk.claim(chat), Turn):
        following.append(words(then))
        await desk.complete(then)
    assert [one for part in following for one in part] == [*range(last[-1] + 1, 1_600)]
    assert len(following) == LIMITS.turns - 1
    assert await desk.stored(updates, state=UpdateState.ACCEPTED) == []


async def test_who_takes_the_turn_over_reads_the_same(
    desk: Desk, work: list[tuple[str, int]]
) -> None:
    turn, steps = await claim(desk, await fill(desk, 1_600), work)
    assert steps
    desk.owner = "second"
    (adopted,) = (await desk.journal.do(desk.adopting())).turns
    assert (adopted.messages, adopted.gap) == (turn.messages, turn.gap)
