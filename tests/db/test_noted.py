"""What the assistant notes of a client, beside what others know."""

import pytest
from sqlalchemy import Connection

from db.errors import Stale
from db.facts import LINK, MOST, TOOL, Fact, NoteFact, facts_of, keep_fact
from db.models import client_facts
from tests.db.desk import Desk, doing


async def note_fact(desk: Desk) -> NoteFact:
    turn = await desk.open_turn()
    return NoteFact(turn.fence.turn, "table", "by the window", desk.now)


async def known(desk: Desk) -> dict[str, str]:
    found = await desk.database.read(facts_of, chat=1, tenant=1)
    return {fact.name: fact.value for fact in found}


async def knows(desk: Desk, *facts: Fact) -> None:
    def keep(connection: Connection) -> None:
        for fact in facts:
            keep_fact(connection, fact, chat=1, tenant=1, now=desk.now)

    await desk.database.write(keep)


async def test_it_is_noted_changed_and_forgotten(desk: Desk) -> None:
    noting = await note_fact(desk)
    turn = noting.turn
    assert await desk.journal.do(noting)
    assert (await desk.row(client_facts)).added_by == TOOL
    assert await desk.journal.do(NoteFact(turn, "table", "outside", desk.now))
    assert await known(desk) == {"table": "outside"}
    for _ in range(2):
        assert await desk.journal.do(NoteFact(turn, "table", None, desk.now))
    assert await known(desk) == {}


@pytest.mark.parametrize("by", [LINK, "Ada"])
@pytest.mark.parametrize("value", ["yes", None])
async def test_what_others_noted_stays(desk: Desk, by: str, value: str | None) -> None:
    turn = (await note_fact(desk)).turn
    await knows(desk, Fact("regular", "no", by))
    assert not await desk.journal.do(NoteFact(turn, "regular", value, desk.now))
    assert await known(desk) == {"regular": "no"}


async def test_no_more_is_noted_than_is_told(desk: Desk) -> None:
    turn = (await note_fact(desk)).turn
    await knows(desk, *(Fact(f"fact {number}", "x", TOOL) for number in range(MOST)))
    assert not await desk.journal.do(NoteFact(turn, "one more", "x", desk.now))
    assert await desk.journal.do(NoteFact(turn, "fact 3", "y", desk.now))


async def test_nothing_is_noted_once_all_is_forgotten(desk: Desk) -> None:
    noting = await note_fact(desk)
    await desk.journal.do(noting)
    await desk.handle(await desk.event(), doing("forget"))
    assert await desk.stored(client_facts) == []
    with pytest.raises(Stale):
        await desk.journal.do(noting)
