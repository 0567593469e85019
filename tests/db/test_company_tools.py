"""What companies let their assistants call, in the tables."""

from dataclasses import replace

import pytest

from db.audit import trail
from db.companies import DeleteTenant
from db.company_tools import (
    MOST,
    AddTool,
    ChangeTool,
    CompanyTool,
    RemoveTool,
    SetToolSecret,
    tools_of,
)
from db.errors import Gone
from db.records import Actor
from db.sealed import Reencrypt, Sealed
from db.tenants import SaveProfile
from tests.databases import seed_tenant
from tests.db.desk import Desk

ADA = Actor(1, "Ada")
DECLARED, ANEW = '{"does":"x"}', '{"does":"y"}'


async def added(desk: Desk, name: str = "free_tables", tenant: int = 1) -> int | None:
    return await desk.journal.do(AddTool(tenant, name, DECLARED, ADA, desk.now))


async def listed(desk: Desk, tenant: int | None = 1) -> list[CompanyTool]:
    return list(await desk.database.read(tools_of, tenant))


async def one_with_a_secret(desk: Desk) -> int:
    row = await added(desk) or 0
    assert await desk.journal.do(SetToolSecret(1, row, DECLARED, "sealed", ADA, desk.now))
    return row


async def deeds(desk: Desk) -> list[tuple[str, str | None, str | None]]:
    found = await desk.database.read(lambda c: trail(c, tenant=1, limit=20))
    return [(one.action, one.subject, one.new) for one in reversed(found)]


async def test_one_is_added_changed_and_removed_and_the_trail_knows_by_whom(desk: Desk) -> None:
    row = await one_with_a_secret(desk)
    assert await listed(desk) == [CompanyTool(row, 1, "free_tables", DECLARED, "sealed")]
    change = ChangeTool(1, row, DECLARED, ANEW, keeps_secret=True, actor=ADA, now=desk.now)
    assert await desk.journal.do(change)
    assert await listed(desk) == [CompanyTool(row, 1, "free_tables", ANEW, "sealed")]
    assert await desk.journal.do(RemoveTool(1, row, ADA, desk.now))
    assert await listed(desk) == []
    assert not await desk.journal.do(RemoveTool(1, row, ADA, desk.now))
    assert await deeds(desk) == [
        ("tool added", "free_tables", None),
        ("tool secret set", "free_tables", None),
        ("tool changed", "free_tables", None),
        ("tool removed", "free_tables", None),
    ]


async def test_a_secret_is_not_sent_where_it_was_not_given_for(desk: Desk) -> None:
    row = await one_with_a_secret(desk)
    change = ChangeTool(1, row, DECLARED, ANEW, keeps_secret=False, actor=ADA, now=desk.now)
    assert await desk.journal.do(change)
    assert [one.secret for one in await listed(desk)] == [None]
    late = SetToolSecret(1, row, DECLARED, "for the address before", ADA, desk.now)
    assert not await desk.journal.do(late)
    assert not await desk.journal.do(change)  # it was declared anew meanwhile
    assert [one.secret for one in await listed(desk)] == [None]


async def test_names_are_a_companys_own_and_there_are_not_too_many(desk: Desk) -> None:
    await seed_tenant(desk.journal, bot_id=9, name="bank")
    assert await added(desk)
    assert await added(desk) is None
    assert await added(desk, tenant=2)
    for number in range(1, MOST):
        assert await added(desk, f"tool_{number}")
    assert await added(desk, "one_more") is None
    assert len(await listed(desk, None)) == MOST + 1


async def test_a_company_that_is_gone_gets_none(desk: Desk) -> None:
    await desk.journal.do(SaveProfile(name="bank", body="{}", author="test", now=desk.now))
    assert await desk.journal.do(DeleteTenant(2, ADA, desk.now)) == ()
    with pytest.raises(Gone):
        await added(desk, tenant=2)
    assert await listed(desk, None) == []


async def test_another_companys_is_out_of_reach(desk: Desk) -> None:
    await seed_tenant(desk.journal, bot_id=9, name="bank")
    row = await one_with_a_secret(desk)
    before = await listed(desk)
    for deed in (
        RemoveTool(2, row, ADA, desk.now),
        SetToolSecret(2, row, DECLARED, "theirs", ADA, desk.now),
        ChangeTool(2, row, DECLARED, ANEW, keeps_secret=True, actor=ADA, now=desk.now),
    ):
        assert not await desk.journal.do(deed)
    assert await listed(desk) == before


async def test_a_secret_gets_under_another_key_unless_it_was_changed(desk: Desk) -> None:
    row = await one_with_a_secret(desk)
    await desk.journal.do(Reencrypt(Sealed.TOOL, row, "another", "lost"))
    (kept,) = await listed(desk)
    await desk.journal.do(Reencrypt(Sealed.TOOL, row, "sealed", "sealed anew"))
    assert await listed(desk) == [replace(kept, secret="sealed anew")]
