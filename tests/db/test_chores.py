from db.chores import (
    Alert,
    ClearAlert,
    ClearUpdateNumbers,
    Erased,
    Erasure,
    QueueErasure,
    addresses,
    due_erasures,
    told_alerts,
)
from db.models import outbox, updates
from db.records import OutboxKind, OutboxState
from db.rows import UNOWNED
from tests.addresses import chat_at
from tests.databases import BOT
from tests.db.desk import ANNA, BRUNO, Desk, bubble, incoming

HOURS = 3600.0


def alerting(
    desk: Desk,
    key: str = "out of credit",
    *hosts: int,
    bots: frozenset[int] = frozenset({BOT}),
) -> Alert:
    return Alert(
        key=key,
        owner=desk.owner,
        now=desk.now,
        bot_id=BOT,
        hosts=hosts or (ANNA,),
        bots=bots,
        drafts_in_commit=lambda _, language: [
            bubble(f"Credito? {language}", kind=OutboxKind.NOTICE)
        ],
    )


# ----------------------------------------------------------------------- alerts


async def test_hosts_are_told_once(desk: Desk) -> None:
    chat = await desk.hear(client=ANNA, language="it")
    (row,) = await desk.journal.do(alerting(desk))
    assert (row.chat, row.text, row.state) == (chat, "Credito? it", OutboxState.QUEUED)
    assert await desk.journal.do(alerting(desk)) == ()
    assert len(await desk.stored(outbox)) == 1


async def test_hosts_are_told_once_within_one_commit_too(desk: Desk) -> None:
    await desk.hear(client=ANNA)
    told = await desk.together(alerting(desk), alerting(desk))
    assert [len(rows) for rows in told] == [1, 0]


async def test_each_host_with_a_chat_is_told(desk: Desk) -> None:
    chats = [await desk.hear(client=client) for client in (ANNA, BRUNO)]
    rows = await desk.journal.do(alerting(desk, "cap", ANNA, BRUNO, 999))
    assert [row.chat for row in rows] == chats


async def test_hosts_are_told_each_thing(desk: Desk) -> None:
    await desk.hear()
    for key in ("out of credit", "key refused"):
        rows = await desk.journal.do(alerting(desk, key))
        assert [row.kind for row in rows] == [OutboxKind.NOTICE]
    assert set(await desk.database.read(told_alerts)) == {"out of credit", "key refused"}


async def test_what_another_processs_bot_says_is_left_to_that_process(desk: Desk) -> None:
    await desk.hear()
    assert await desk.journal.do(alerting(desk, bots=frozenset())) == ()
    (row,) = await desk.stored(outbox)
    assert (row.owner, row.state) == (UNOWNED, OutboxState.QUEUED)


async def test_when_it_comes_back_it_is_told_again(desk: Desk) -> None:
    await desk.hear()
    await desk.journal.do(alerting(desk))
    await desk.journal.do(ClearAlert("out of credit"))
    rows = await desk.journal.do(alerting(desk))
    assert [row.kind for row in rows] == [OutboxKind.NOTICE]


# --------------------------------------------------------------------- erasures


async def due(desk: Desk, now: float) -> tuple[Erasure, ...]:
    return await desk.database.read(
        lambda connection: due_erasures(connection, now=now, longest_wait=HOURS)
    )


async def test_a_conversation_is_erased_when_its_time_has_come(desk: Desk) -> None:
    await desk.journal.do(QueueErasure("conv_1", not_before=100.0))
    assert await due(desk, 99.0) == ()
    assert await due(desk, 100.0) == (Erasure("conv_1", 0, of_response=False),)


async def test_those_that_wait_longest_come_first(desk: Desk) -> None:
    for name, when in (("conv_2", 20.0), ("conv_1", 10.0)):
        await desk.journal.do(QueueErasure(name, not_before=when))
    assert [one.id for one in await due(desk, 100.0)] == ["conv_1", "conv_2"]


async def test_conversations_come_before_responses(desk: Desk) -> None:
    await desk.journal.do(QueueErasure("resp_1", not_before=10.0, of_response=True))
    await desk.journal.do(QueueErasure("conv_1", not_before=20.0))
    found = [(one.id, one.of_response) for one in await due(desk, 100.0)]
    assert found == [("conv_1", False), ("resp_1", True)]


async def test_an_erasure_that_failed_is_tried_later(desk: Desk) -> None:
    await desk.journal.do(QueueErasure("conv_1", not_before=100.0))
    await desk.journal.do(QueueErasure("conv_1", not_before=200.0, attempt=1))
    assert await due(desk, 199.0) == ()
    assert await due(desk, 200.0) == (Erasure("conv_1", 1, of_response=False),)


async def test_what_is_erased_is_done(desk: Desk) -> None:
    await desk.journal.do(QueueErasure("conv_1", not_before=100.0))
    await desk.journal.do(Erased("conv_1"))
    assert await due(desk, 1000.0) == ()


# --------------------------------------------------------------- update numbers


async def test_after_48_hours_a_number_may_come_again(desk: Desk) -> None:
    await desk.accept(incoming(1, "vecchio"))
    desk.now += 48 * HOURS + 1
    await desk.journal.do(ClearUpdateNumbers(desk.now))
    accepted = await desk.accept(incoming(1, "nuovo"))
    assert len(accepted.due) == 1
    assert [row.update_id for row in await desk.stored(updates)] == [None, 1]


async def test_before_48_hours_it_may_not(desk: Desk) -> None:
    await desk.accept(incoming(1))
    desk.now += 48 * HOURS - 1
    await desk.journal.do(ClearUpdateNumbers(desk.now))
    assert (await desk.accept(incoming(1))).due == {}


async def test_any_number_of_updates_may_be_without_one(desk: Desk) -> None:
    await desk.accept(incoming(1), incoming(2))
    await desk.journal.do(ClearUpdateNumbers(desk.now + 49 * HOURS))
    assert [row.update_id for row in await desk.stored(updates)] == [None, None]


# -------------------------------------------------------------------- addresses


async def test_chats_have_addresses(desk: Desk) -> None:
    anna, bruno = await desk.hear(client=ANNA), await desk.hear(client=BRUNO, topic=3)
    found = await desk.database.read(lambda connection: addresses(connection, [anna, bruno]))
    assert found == {anna: chat_at(BOT, ANNA), bruno: chat_at(BOT, BRUNO, 3)}
