"""What was asked and answered, for other programs: in portions, without what was erased."""

from collections.abc import Sequence

from db.exchanges import Exchange, chats_with_turns, exchanges
from db.words import EraseWords
from tests.db.desk import Desk
from tests.db.test_log import HERE, logged, opened, say


async def found(desk: Desk, *, after: int = 0, limit: int = 9) -> Sequence[Exchange]:
    return await desk.database.read(exchanges, 1, chat=1, after=after, limit=limit)


def told(one: Exchange) -> tuple[list[str], Sequence[str]]:
    return [message.message_id or "" for message in one.heard], one.said


async def test_each_turn_is_an_exchange(desk: Desk) -> None:
    for number in (1, 2):
        turn = await opened(desk, logged(number))
        await say(desk, turn, f"{number}.", "E poi?")
        await desk.complete(turn)
    first, second = await found(desk)
    assert [told(one) for one in (first, second)] == [
        (["m1"], ["1.", "E poi?"]),
        (["m2"], ["2.", "E poi?"]),
    ]
    assert await found(desk, limit=1) == (first,)
    assert await found(desk, after=first.turn) == (second,)
    assert await desk.database.read(chats_with_turns, 1, after=0, limit=9) == ((1, HERE),)
    assert await desk.database.read(chats_with_turns, None, after=1, limit=9) == ()
    assert await desk.database.read(chats_with_turns, 2, after=0, limit=9) == ()


async def test_what_was_erased_is_not_in_it(desk: Desk) -> None:
    turn = await opened(desk, logged(1))
    await say(desk, turn, "Uno.")
    await desk.complete(turn)
    for table in ("updates", "outbox"):
        await desk.journal.do(EraseWords(table, (1,), patience=desk.now + 1))
    (one,) = await found(desk)
    assert told(one) == ([], [])
