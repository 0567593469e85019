"""A company's MCP servers: added, replaced, removed, left out for a while; and what failed."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from db.audit import trail
from db.calls import CallRow, CallState, ProposeCalls, called_others
from db.companies import DeleteTenant
from db.errors import Gone
from db.mcp import (
    FIRST_SECONDS,
    LONGEST_SECONDS,
    MOST,
    AddServer,
    FailedCall,
    NoteServers,
    RemoveServer,
    ServerAdded,
    ServerFailure,
    ServerRow,
    failed_calls,
    servers_of,
)
from db.models import mcp_servers
from db.records import Actor, Turn
from db.sealed import Reencrypt, Sealed
from db.tenants import SaveProfile
from db.transaction import Operation
from tests.db.desk import Desk

HOTEL, BANK = 1, 2
MARCO = Actor(77, "Marco")
CALL = CallRow("call_1", "resp_1", "book", "{}", "a", CallState.FAILED, "No.")


@pytest.fixture(autouse=True)
async def bank(desk: Desk) -> None:
    await desk.journal.do(SaveProfile("bank", "{}", "test", desk.now))


async def add(desk: Desk, label: str = "rooms", tenant: int = HOTEL, **fields: Any) -> ServerAdded:
    values: dict[str, Any] = {"host": "rooms.example", "sealed": "gAAAAA-one", **fields}
    return await desk.journal.do(AddServer(tenant, label, actor=MARCO, now=desk.now, **values))


async def held(desk: Desk, tenant: int | None = HOTEL) -> tuple[ServerRow, ...]:
    return await desk.database.read(servers_of, tenant)


async def fails(desk: Desk, why: ServerFailure | None = ServerFailure.AWAY) -> ServerRow:
    servers = tuple(one.id for one in await held(desk))
    await desk.journal.do(NoteServers(servers, why, desk.now))
    return (await held(desk))[0]


async def note_servers(desk: Desk) -> Operation[Any]:
    """For tests/db/repeated."""
    await add(desk)
    return NoteServers(((await held(desk))[0].id,), ServerFailure.AWAY, desk.now)


async def test_one_of_a_label_takes_the_place_of_the_other_and_begins_afresh(desk: Desk) -> None:
    assert await add(desk) is ServerAdded.NEW
    await fails(desk)
    assert await add(desk, host="new.example", sealed="gAAAAA-two") is ServerAdded.CHANGED

    (one,) = await held(desk)
    assert (one.host, one.sealed, one.failures, one.failure) == (
        "new.example",
        "gAAAAA-two",
        0,
        None,
    )
    told = await desk.database.read(lambda c: trail(c, tenant=HOTEL, limit=10))
    assert [(entry.action, entry.subject, entry.new) for entry in told] == [
        ("server added", "rooms", "new.example"),
        ("server added", "rooms", "rooms.example"),
    ]


async def test_a_tenant_has_its_own_alone_and_not_too_many(desk: Desk) -> None:
    added = [await add(desk, f"rooms-{number}") for number in range(MOST + 1)]
    assert added == [ServerAdded.NEW] * MOST + [ServerAdded.TOO_MANY]
    assert await add(desk, "rooms-1", BANK) is ServerAdded.NEW

    assert len(await held(desk)) == MOST
    assert [one.tenant for one in await held(desk, BANK)] == [BANK]
    assert len(await held(desk, None)) == MOST + 1


async def test_one_that_is_removed_leaves_nothing_but_a_line_of_the_trail(desk: Desk) -> None:
    await add(desk)
    assert not await desk.journal.do(RemoveServer(BANK, "rooms", MARCO, desk.now))
    assert await desk.journal.do(RemoveServer(HOTEL, "rooms", MARCO, desk.now))
    assert not await desk.journal.do(RemoveServer(HOTEL, "rooms", MARCO, desk.now))

    assert await held(desk) == ()
    (last, *_) = await desk.database.read(lambda c: trail(c, tenant=HOTEL, limit=10))
    assert (last.action, last.subject, last.old) == ("server removed", "rooms", "rooms.example")


async def test_it_is_left_out_for_a_while_that_grows_to_an_end(desk: Desk) -> None:
    await add(desk)
    spans = []
    for _ in range(9):
        one = await fails(desk)
        assert one.retry_at is not None
        spans.append(one.retry_at - desk.now)
        assert await fails(desk) == one  # at once, in another turn
        desk.now = one.retry_at
    assert spans[:3] == [FIRST_SECONDS, 2 * FIRST_SECONDS, 4 * FIRST_SECONDS]
    assert spans[-2:] == [LONGEST_SECONDS, LONGEST_SECONDS]

    well = await fails(desk, None)
    assert (well.failures, well.retry_at, well.failure) == (0, None, ServerFailure.AWAY)
    again = await fails(desk, ServerFailure.BROKE)
    assert again.retry_at == desk.now + FIRST_SECONDS
    assert again.failed_at == desk.now


async def test_another_key_replaces_what_it_was_made_for_alone(desk: Desk) -> None:
    await add(desk)
    (one,) = await held(desk)
    await desk.journal.do(Reencrypt(Sealed.SERVER, one.id, "gAAAAA-old", "gAAAAA-new"))
    assert await held(desk) == (one,)
    await desk.journal.do(Reencrypt(Sealed.SERVER, one.id, "gAAAAA-one", "gAAAAA-new"))
    assert await held(desk) == (replace(one, sealed="gAAAAA-new"),)


async def test_a_deleted_tenant_has_none_and_gets_none(desk: Desk) -> None:
    await add(desk, tenant=BANK)
    await desk.journal.do(DeleteTenant(BANK, MARCO, desk.now))

    rows = await desk.database.read(lambda c: c.execute(select(mcp_servers)).all())
    assert rows == []
    with pytest.raises(Gone):
        await add(desk, tenant=BANK)


async def others_were_asked(desk: Desk, turn: Turn, before: int) -> bool:
    """Where every tool of a name is trusted."""
    return await desk.database.read(called_others, {CALL.tool}, thread=turn.thread, before=before)


async def test_a_thread_knows_whether_a_server_said_something_in_it(desk: Desk) -> None:
    turn = await desk.open_turn()
    await desk.journal.do(ProposeCalls(turn.fence, (CALL,), desk.now))
    assert not await others_were_asked(desk, turn, turn.fence.turn + 1)

    there = replace(CALL, call_id="mcp_1", server="rooms")
    await desk.journal.do(ProposeCalls(turn.fence, (there,), desk.now))
    assert await others_were_asked(desk, turn, turn.fence.turn + 1)
    assert not await others_were_asked(desk, turn, turn.fence.turn)  # its own it knows
    assert not await others_were_asked(
        desk, replace(turn, thread=turn.thread + 1), turn.fence.turn + 1
    )


async def test_of_each_tool_the_last_failure_is_known(desk: Desk) -> None:
    turn = await desk.open_turn()
    done = replace(CALL, call_id="call_2", state=CallState.DONE)
    doubt = replace(CALL, call_id="call_3", state=CallState.DOUBT, output="?")
    other = replace(CALL, call_id="call_4", tool="look")
    await desk.journal.do(ProposeCalls(turn.fence, (CALL, doubt, done, other), desk.now))

    async def failed(tenant: int, since: float) -> Any:
        read = await desk.database.read(failed_calls, tenant, ["book", "fly"], since=since)
        return list(read)

    assert await failed(HOTEL, 0.0) == [FailedCall("book", "doubt", "?", desk.now)]
    assert await failed(BANK, 0.0) == []
    assert await failed(HOTEL, desk.now + 1) == []
