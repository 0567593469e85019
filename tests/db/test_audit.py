from db.audit import Deed, Entry, Signature, note, trail
from db.records import Actor
from tests.databases import TENANT
from tests.db.desk import Desk
from tests.fakes.clock import NOON

ANNA = Actor(1001, "Anna")


async def change(desk: Desk, tenant: int | None, subject: str) -> None:
    await desk.database.write(
        lambda connection: note(
            connection,
            Signature(tenant, ANNA, NOON),
            Deed.DRAFT_CHANGED,
            subject=subject,
            old="before",
            new="after",
        )
    )


async def read(desk: Desk, tenant: int | None, before: int | None = None) -> list[Entry]:
    found = await desk.database.read(
        lambda connection: trail(connection, tenant=tenant, before=before, limit=2)
    )
    return list(found)


async def test_a_change_is_told_with_its_author_and_both_values(desk: Desk) -> None:
    await change(desk, 1, "sector")
    (entry,) = await read(desk, 1)
    assert entry == Entry(
        row=entry.row,
        at=NOON,
        tenant=TENANT,
        actor=ANNA,
        action="draft changed",
        subject="sector",
        old="before",
        new="after",
    )


async def test_the_newest_come_first_page_by_page(desk: Desk) -> None:
    for subject in ("one", "two", "three"):
        await change(desk, 1, subject)
    first = await read(desk, 1)
    assert [entry.subject for entry in first] == ["three", "two"]
    assert [entry.subject for entry in await read(desk, 1, first[-1].row)] == ["one"]


async def test_each_tenant_has_its_own_and_so_has_the_process(desk: Desk) -> None:
    await change(desk, 1, "hers")
    await change(desk, 99, "of one that is gone")
    await change(desk, None, "the process's")
    assert [entry.subject for entry in await read(desk, 1)] == ["hers"]
    (gone,) = await read(desk, 99)
    assert gone.tenant is None
    assert [entry.subject for entry in await read(desk, None)] == ["the process's"]
