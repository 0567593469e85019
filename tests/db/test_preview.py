"""A turn of a preview is pinned to the draft, and every turn knows how its tenant stands."""

import pytest
from sqlalchemy import insert, update

from db.drafts import Discard
from db.models import drafts, tenants, turns
from db.records import Actor, Pinned, Purpose, TenantState, Turn
from tests.db.desk import Desk

TENANT = 1


async def drafted(desk: Desk, revision: int, *, tenant: int = TENANT) -> None:
    row = insert(drafts).values(
        tenant_id=tenant,
        revision=revision,
        base_version=1,
        changes='{"sector": "Hotel"}',
        fields='["sector"]',
        author="Anna",
        created_at=desk.now,
    )
    await desk.database.write(lambda connection: connection.execute(row))


async def previewed(desk: Desk) -> Turn:
    """A turn in the scratch thread."""
    await desk.handle(
        await desk.event(), lambda chat: (chat.switch(TENANT, purpose=Purpose.PREVIEW), ())[1]
    )
    return await desk.open_turn()


async def test_a_preview_is_pinned_to_the_newest_revision_of_the_draft(desk: Desk) -> None:
    await drafted(desk, 1)
    await drafted(desk, 2)
    turn = await previewed(desk)
    assert (turn.purpose, turn.pinned) == (Purpose.PREVIEW, Pinned(2, drafted=True))
    assert (await desk.row(turns)).profile_version == -2


async def test_of_a_draft_that_is_over_a_preview_shows_nothing(desk: Desk) -> None:
    await drafted(desk, 1)
    await desk.journal.do(Discard(TENANT, 1, Actor(7, "Ada"), desk.now))
    assert (await previewed(desk)).pinned == Pinned(1)


async def test_without_a_draft_a_preview_shows_what_is_published(desk: Desk) -> None:
    turn = await previewed(desk)
    assert (turn.purpose, turn.pinned) == (Purpose.PREVIEW, Pinned(1))


async def test_clients_know_nothing_of_the_draft(desk: Desk) -> None:
    await drafted(desk, 1)
    turn = await desk.open_turn()
    assert (turn.purpose, turn.pinned) == (Purpose.CLIENT, Pinned(1))


@pytest.mark.parametrize("state", [state for state in TenantState if state != "deleted"])
async def test_a_turn_knows_how_its_tenant_stands(desk: Desk, state: TenantState) -> None:
    await desk.database.write(lambda c: c.execute(update(tenants).values(state=state)))
    assert (await desk.open_turn()).tenant_state is state


async def test_an_adopted_preview_is_what_it_was(desk: Desk) -> None:
    await drafted(desk, 1)
    turn = await previewed(desk)
    await drafted(desk, 2)
    await desk.database.write(lambda c: c.execute(update(tenants).values(state="paused")))
    left = await desk.journal.do(desk.adopting(bots=(turn.address.bot_id,), chats=(turn.chat,)))
    (again,) = left.turns
    assert (again.purpose, again.pinned) == (Purpose.PREVIEW, Pinned(1, drafted=True))
    assert again.tenant_state is TenantState.PAUSED
