import asyncio
import json
from typing import Any

import pytest

from db.audit import Deed, trail
from db.drafts import (
    Change,
    Discard,
    Drafted,
    Publish,
    PublishAnew,
    RollBack,
    draft_of,
    versions_of,
)
from db.errors import Gone
from db.models import drafts
from db.records import Actor
from db.tenants import SaveProfile, TenantRow, find_tenant
from db.transaction import Operation
from db.window import Window
from tests.databases import SEEDED_AT, TENANT
from tests.db.desk import Desk
from tests.db.processes import two_desks

ANNA, BRUNO = Actor(1, "Anna"), Actor(2, "Bruno")
NOW = SEEDED_AT + 60


async def tenant(desk: Desk) -> TenantRow:
    found = await desk.database.read(lambda connection: find_tenant(connection, TENANT))
    assert found is not None
    return found


async def drafted(desk: Desk) -> Drafted | None:
    mine = (await tenant(desk)).id
    return await desk.database.read(lambda connection: draft_of(connection, mine))


async def change(desk: Desk, actor: Actor = ANNA, now: float = NOW, **changes: Any) -> int | None:
    return await desk.journal.do(Change((await tenant(desk)).id, changes, actor, now, ()))


async def publish_anew(desk: Desk) -> PublishAnew:
    """What a program publishes that has read what there is now."""
    mine, changed = await tenant(desk), (("sector", None, "Banca"),)
    body = '{"sector": "Banca"}'
    return PublishAnew(mine.id, mine.name, body, changed, ANNA, NOW, made_of=mine.version)


async def publishing(desk: Desk, actor: Actor = ANNA, note: str | None = None) -> Publish:
    """What somebody publishes who looks at the draft as it is now."""
    mine, draft = await tenant(desk), await drafted(desk)
    said = {**json.loads(mine.body), **(draft.changes if draft else {})}
    return Publish(
        tenant=mine.id,
        version=mine.version,
        revision=draft.revision if draft else 1,
        body=json.dumps({field: value for field, value in said.items() if value is not None}),
        trail=tuple((field, None, str(said[field])) for field in (draft.changes if draft else ())),
        actor=actor,
        now=NOW,
        note=note,
    )


async def publish(desk: Desk, actor: Actor = ANNA, note: str | None = None) -> int | None:
    return await desk.journal.do(await publishing(desk, actor, note))


def going_back(mine: TenantRow, version: int) -> RollBack:
    return RollBack(
        tenant=mine.id,
        version=version,
        current=mine.version,
        trail=(("sector", "Banca", "Hotel"),),
        actor=BRUNO,
        now=NOW,
        note="again",
    )


async def roll_back(desk: Desk, version: int) -> int | None:
    return await desk.journal.do(going_back(await tenant(desk), version))


async def noted(desk: Desk) -> list[tuple[str, str | None]]:
    """What was done to the tenant, and to which field, the last first."""
    found = await desk.database.read(trail, tenant=(await tenant(desk)).id, limit=9)
    return [(entry.action, entry.subject or entry.old) for entry in found]


async def save(desk: Desk, **body: Any) -> None:
    await desk.journal.do(SaveProfile(TENANT, json.dumps(body), "host", SEEDED_AT))


async def body(desk: Desk) -> Any:
    return json.loads((await tenant(desk)).body)


async def test_a_tenant_begins_without_a_draft(desk: Desk) -> None:
    assert await drafted(desk) is None


async def test_two_admins_share_a_draft_that_knows_who_changed_what(desk: Desk) -> None:
    assert await change(desk, company_name="Aurora", sector="Hotel") == 1
    assert await change(desk, BRUNO, NOW + 1, sector="Ospitalità") == 2
    draft = await drafted(desk)
    assert draft is not None
    assert (draft.revision, draft.base_version) == (2, 1)
    assert draft.changes == {"company_name": "Aurora", "sector": "Ospitalità"}
    assert {field: (by.author, by.author_id, by.at) for field, by in draft.touched.items()} == {
        "company_name": ("Anna", 1, NOW),
        "sector": ("Bruno", 2, NOW + 1),
    }


async def test_revisions_never_change(desk: Desk) -> None:
    await change(desk, sector="Hotel")
    await change(desk, sector="Ospitalità")
    stored = [json.loads(row.changes) for row in await desk.stored(drafts)]
    assert stored == [{"sector": "Hotel"}, {"sector": "Ospitalità"}]


async def test_two_who_change_at_once_make_two_revisions(desk: Desk) -> None:
    mine = (await tenant(desk)).id
    changes = [Change(mine, {field: "a"}, ANNA, NOW, ()) for field in ("sector", "company_name")]
    assert await desk.together(*changes) == [1, 2]
    draft = await drafted(desk)
    assert draft is not None
    assert set(draft.changes) == {"sector", "company_name"}


async def test_a_change_back_to_what_is_published_leaves_the_draft(desk: Desk) -> None:
    await save(desk, sector="Hotel", pace="off")
    await change(desk, sector="Ospitalità", pace=None)
    await change(desk, sector="Hotel")
    draft = await drafted(desk)
    assert draft is not None
    assert draft.changes == {"pace": None}
    assert await change(desk, pace="off") is None
    assert await drafted(desk) is None


async def test_the_default_of_a_field_that_has_it_is_no_change(desk: Desk) -> None:
    assert await change(desk, sector=None) is None
    assert await desk.stored(drafts) == []


async def test_a_draft_is_thrown_away_once(desk: Desk) -> None:
    mine = (await tenant(desk)).id
    await change(desk, sector="Hotel")
    assert await desk.journal.do(Discard(mine, 1, ANNA, NOW))
    assert not await desk.journal.do(Discard(mine, 1, ANNA, NOW))
    assert await drafted(desk) is None


@pytest.mark.parametrize("over", ["discarded", "published", "back to what is published"])
async def test_no_two_drafts_of_a_tenant_share_a_revision(desk: Desk, over: str) -> None:
    mine = (await tenant(desk)).id
    await change(desk, sector="Hotel")
    assert await change(desk, sector="Ospitalità") == 2
    match over:
        case "discarded":
            await desk.journal.do(Discard(mine, 2, ANNA, NOW))
        case "published":
            await publish(desk)
        case _:
            await change(desk, sector=None)
    assert await change(desk, company_name="Aurora") == 3
    assert not await desk.journal.do(Discard(mine, 2, ANNA, NOW))
    draft = await drafted(desk)
    assert draft is not None
    assert draft.changes == {"company_name": "Aurora"}


async def test_of_a_draft_that_is_over_no_word_and_no_name_is_kept(desk: Desk) -> None:
    await change(desk, sector="Hotel")
    await change(desk, company_name="Aurora")
    await publish(desk)
    (row,) = await desk.stored(drafts)
    assert (row.changes, row.fields, row.author, row.author_id) == ("{}", "[]", "", None)


async def test_to_publish_makes_a_version_with_its_author_and_note(desk: Desk) -> None:
    await save(desk, sector="Hotel", pace="off")
    await change(desk, company_name="Aurora", pace=None)
    assert await publish(desk, BRUNO, "The name") == 3
    assert await body(desk) == {"sector": "Hotel", "company_name": "Aurora"}
    assert await drafted(desk) is None
    mine = (await tenant(desk)).id
    found = await desk.database.read(lambda connection: versions_of(connection, mine))
    newest = found[0]
    assert (newest.number, newest.author, newest.note) == (3, "Bruno", "The name")
    assert [version.number for version in found] == [3, 2, 1]


async def test_nothing_drafted_is_nothing_published(desk: Desk) -> None:
    assert await publish(desk) is None
    assert (await tenant(desk)).version == 1


async def test_of_two_who_publish_at_once_one_makes_a_version(desk: Desk) -> None:
    await change(desk, sector="Hotel")
    both = [await publishing(desk, actor) for actor in (ANNA, BRUNO)]
    assert await desk.together(*both) == [2, None]


async def test_a_draft_that_was_not_looked_at_is_not_published(desk: Desk) -> None:
    await change(desk, sector="Hotel")
    looked_at = await publishing(desk)
    await change(desk, BRUNO, company_name="Aurora")
    assert await desk.journal.do(looked_at) is None
    assert (await tenant(desk)).version == 1
    assert await publish(desk) == 2
    assert await body(desk) == {"company_name": "Aurora", "sector": "Hotel"}


async def test_what_was_published_in_between_stays(desk: Desk) -> None:
    await change(desk, sector="Hotel")
    looked_at, before = await publishing(desk), await tenant(desk)
    await save(desk, company_name="Aurora")
    assert await desk.journal.do(looked_at) is None
    assert await desk.journal.do(going_back(before, 1)) is None
    assert await body(desk) == {"company_name": "Aurora"}


async def test_each_deed_leaves_its_lines_and_one_that_came_late_none(desk: Desk) -> None:
    await desk.journal.do(Change(1, {"sector": "Hotel"}, ANNA, NOW, (("sector", None, "Hotel"),)))
    await publish(desk)
    await roll_back(desk, 1)
    await change(desk, sector="Banca")
    late = await publishing(desk)
    await desk.journal.do(Discard(1, late.revision, ANNA, NOW))
    for deed in (late, Discard(1, late.revision, ANNA, NOW)):
        operation: Operation[Any] = deed
        assert not await desk.journal.do(operation)
    fields = (("sector", "Hotel", "Banca"), ("pace", None, "off"))
    body = '{"sector": "Banca", "pace": "off"}'
    assert await desk.journal.do(PublishAnew(1, TENANT, body, fields, ANNA, NOW)) == 4
    assert await noted(desk) == [
        (Deed.PUBLISHED, "pace"),
        (Deed.PUBLISHED, "sector"),
        (Deed.DRAFT_DISCARDED, "sector"),
        (Deed.ROLLED_BACK, "sector"),
        (Deed.PUBLISHED, "sector"),
        (Deed.DRAFT_CHANGED, "sector"),
    ]


async def test_an_old_version_comes_back_as_a_new_one(desk: Desk) -> None:
    await save(desk, sector="Hotel")
    await save(desk, sector="Banca")
    assert await roll_back(desk, 2) == 4
    assert await body(desk) == {"sector": "Hotel"}


async def test_a_draft_outlives_a_roll_back(desk: Desk) -> None:
    await save(desk, sector="Hotel")
    await save(desk, sector="Banca")
    await change(desk, sector="Hotel", company_name="Aurora")
    await roll_back(desk, 2)
    draft = await drafted(desk)
    assert draft is not None
    assert (draft.base_version, draft.changes) == (4, {"company_name": "Aurora"})
    assert draft.touched["company_name"].author == "Anna"


async def test_a_version_that_there_is_not_does_not_come_back(desk: Desk) -> None:
    with pytest.raises(KeyError):
        await roll_back(desk, 7)
    assert (await tenant(desk)).version == 1


@pytest.mark.parametrize(
    "late",
    [
        Change(99, {"sector": "Hotel"}, ANNA, NOW, ()),
        Discard(99, 1, ANNA, NOW),
        Publish(tenant=99, version=1, revision=1, body="{}", trail=(), actor=ANNA, now=NOW),
        RollBack(tenant=99, version=1, current=1, trail=(), actor=ANNA, now=NOW),
    ],
    ids=lambda late: type(late).__name__,
)
async def test_of_a_tenant_that_was_deleted_nothing_is_drafted(
    desk: Desk, late: Operation[Any]
) -> None:
    with pytest.raises(Gone):
        await desk.journal.do(late)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_what_two_processes_draft_at_once_is_all_there(database_url: str) -> None:
    async with two_desks(database_url, Window()) as desks:
        mine = (await tenant(desks[0])).id
        changes = [Change(mine, {f"field_{at}": "a"}, ANNA, NOW, ()) for at in range(20)]
        doing = (desks[at % 2].journal.do(change) for at, change in enumerate(changes))
        assert sorted(filter(None, await asyncio.gather(*doing))) == list(range(1, 21))
        draft = await drafted(desks[0])
        assert draft is not None
        assert len(draft.changes) == 20


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_of_two_processes_that_publish_at_once_one_makes_a_version(database_url: str) -> None:
    async with two_desks(database_url, Window()) as desks:
        await change(desks[0], sector="Hotel")
        mine = await publishing(desks[0])
        made = await asyncio.gather(*(one.journal.do(mine) for one in desks))
        assert sorted(made, key=str) == [2, None]


async def test_who_made_it_of_an_older_version_publishes_nothing(desk: Desk) -> None:
    one, other = await publish_anew(desk), await publish_anew(desk)
    assert await desk.journal.do(one) == (await tenant(desk)).version
    assert await desk.journal.do(other) is None
    told = await desk.database.read(trail, tenant=one.tenant, limit=9)
    assert [entry.subject for entry in told if entry.action == Deed.PUBLISHED] == ["sector"]
