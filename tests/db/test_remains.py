"""Rows without words go later, whole."""

import pytest

from db.models import chats, outbox, threads, turns
from db.retention import Retention
from db.tenants import find_tenant
from tests.databases import TENANT
from tests.db.aging import Aging
from tests.db.desk import ANNA, BRUNO, Desk, bubble, sent


@pytest.fixture
def aging(desk: Desk) -> Aging:
    return Aging(desk)


async def test_rows_go_when_their_time_is_over_too(desk: Desk, aging: Aging) -> None:
    aging.host = Retention(words=10, records=20)
    old = await aging.answered(message_id=9)
    await desk.do_to_chat("start_over")
    aging.days_later(15)
    await aging.prune()
    assert len(await desk.stored(turns)) == 1
    await aging.answered("Eccoci", message_id=5000)
    aging.days_later(6)
    await aging.prune()
    assert [turn.id for turn in await desk.stored(turns)] != [old.fence.turn]
    assert len(await desk.stored(turns)) == len(await desk.stored(threads)) == 1
    assert [row.message_id for row in await desk.stored(outbox)] == [5000]
    assert (await desk.row(chats)).chat_id == ANNA


async def test_ids_that_a_doubt_may_ask_for_stay(desk: Desk, aging: Aging) -> None:
    aging.host = Retention(words=10, records=20)
    for message_id in (9, 1500, 2000):
        await aging.answered(message_id=message_id)
    aging.days_later(31)
    await aging.prune()
    assert [row.message_id for row in await desk.stored(outbox)] == [1500, 2000]

    turn = await desk.open_turn()
    await desk.post(turn, bubble("Forse."), intend_first=True, lower_id=2000)
    await aging.answered(client=BRUNO, message_id=9000)
    aging.days_later(29)
    await aging.prune()
    assert [row.message_id for row in await desk.stored(outbox)] == [1500, 2000, None, 9000]


async def test_a_row_with_words_is_never_deleted(desk: Desk, aging: Aging) -> None:
    """What is said of an answer that goes on is in use, however old it is."""
    aging.host = Retention(words=1, records=1)
    turn = await desk.open_turn()
    (row,) = (await desk.post(turn, bubble("Vi aspettiamo."), intend_first=True)).rows
    await desk.post(turn, settled=(sent(row, 9),))
    await aging.answered(client=BRUNO, message_id=5000)
    aging.days_later(3)
    await aging.prune()
    assert [row.text for row in await desk.stored(outbox)] == ["Vi aspettiamo.", ""]


async def test_the_company_stays(desk: Desk, aging: Aging) -> None:
    aging.days_later(10_000)
    await aging.prune()
    found = await desk.database.read(lambda c: find_tenant(c, TENANT))
    assert found is not None
    assert found.body == "{}"
