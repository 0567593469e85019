"""Profiles by tenant, version and assistant."""

import pytest
from sqlalchemy import delete, insert

from db.engine import Database
from db.journal import Journal
from db.models import drafts
from db.records import Pinned
from db.tenants import SaveProfile
from tenants.profile import Profile
from tenants.registry import Registry
from tests.databases import SEEDED_AT

DRAFT, LATER_DRAFT = (Pinned(revision, drafted=True) for revision in (1, 2))
HOTEL = Profile(
    company_name="Hotel Aurora",
    knowledge="Per tutti.",
    assistants={"staff": {"knowledge": "Per pochi.", "assistant_name": "Berta"}},
)


@pytest.fixture
async def registry(database: Database, journal: Journal) -> Registry:
    await published(journal, HOTEL)
    return Registry(database)


async def published(journal: Journal, profile: Profile) -> None:
    await journal.do(SaveProfile("hotel", profile.model_dump_json(), "test", SEEDED_AT))


async def drafted(database: Database, changes: str, *, revision: int = 1) -> None:
    row = insert(drafts).values(
        tenant_id=1,
        revision=revision,
        base_version=1,
        changes=changes,
        fields="[]",
        author="Anna",
        created_at=SEEDED_AT,
    )
    await database.write(lambda connection: connection.execute(row))


async def test_a_version_is_read_once(registry: Registry, journal: Journal) -> None:
    first = await registry.profile(1, Pinned(1))
    assert first == HOTEL
    assert await registry.profile(1, Pinned(1)) is first


async def test_an_older_version_is_still_there(registry: Registry, journal: Journal) -> None:
    await published(journal, Profile(company_name="Hotel Boreale"))
    newest = await registry.profile(1, Pinned(2))
    assert (await registry.profile(1, Pinned(1))).company_name == "Hotel Aurora"
    assert await registry.profile(1, Pinned(2)) is newest


async def test_a_private_assistant_has_its_own_over_the_companys(registry: Registry) -> None:
    staff = await registry.profile(1, Pinned(1), "staff")
    assert (staff.company_name, staff.knowledge) == ("Hotel Aurora", "Per pochi.")
    assert await registry.profile(1, Pinned(1), "staff") is staff
    assert (await registry.profile(1, Pinned(1))).knowledge == "Per tutti."


async def test_an_assistant_that_is_gone_leaves_its_clients_to_the_public_one(
    registry: Registry,
) -> None:
    assert (await registry.profile(1, Pinned(1), "board")).knowledge == "Per tutti."


async def test_a_draft_is_what_publishing_it_would_give(
    registry: Registry, database: Database
) -> None:
    await drafted(database, '{"sector": "hotel"}')
    await drafted(database, '{"sector": "hotel", "knowledge": null}', revision=2)
    assert await registry.profile(1, DRAFT) == HOTEL.changed({"sector": "hotel"})
    assert await registry.profile(1, LATER_DRAFT) == HOTEL.changed(
        {"sector": "hotel", "knowledge": None}
    )


async def test_what_was_published_meanwhile_is_in_the_draft(
    registry: Registry, database: Database, journal: Journal
) -> None:
    await drafted(database, '{"sector": "hotel"}')
    await published(journal, Profile(company_name="Hotel Boreale"))
    assert await registry.profile(1, DRAFT) == Profile(company_name="Hotel Boreale", sector="hotel")


async def test_a_change_that_fits_no_more_is_left_out(
    registry: Registry, database: Database
) -> None:
    await drafted(database, '{"language": "eo", "sector": "hotel"}')
    assert await registry.profile(1, DRAFT) == HOTEL.changed({"sector": "hotel"})


async def test_a_draft_changes_private_assistants_too(
    registry: Registry, database: Database
) -> None:
    await drafted(database, '{"assistants": {"staff": {"knowledge": "Nuovo."}}}')
    assert (await registry.profile(1, DRAFT, "staff")).knowledge == "Nuovo."


async def test_a_draft_that_is_gone_leaves_what_is_published(
    registry: Registry, database: Database
) -> None:
    await drafted(database, '{"sector": "hotel"}')
    await registry.profile(1, DRAFT)
    await database.write(lambda connection: connection.execute(delete(drafts)))
    assert await registry.profile(1, DRAFT) == HOTEL


@pytest.mark.parametrize(("tenant", "pinned"), [(1, Pinned(9)), (9, Pinned(1)), (9, DRAFT)])
async def test_what_was_never_stored_is_unknown(
    registry: Registry, tenant: int, pinned: Pinned
) -> None:
    with pytest.raises(KeyError):
        await registry.profile(tenant, pinned)


async def test_of_many_tenants_those_are_kept_that_were_asked_for_last(
    database: Database, journal: Journal
) -> None:
    for name in ("hotel", "bank", "school"):
        await journal.do(SaveProfile(name, "{}", "test", SEEDED_AT))
    registry = Registry(database, kept=2)
    hotel, bank = await registry.profile(1, Pinned(1)), await registry.profile(2, Pinned(1))
    await registry.profile(1, Pinned(1))
    await registry.profile(3, Pinned(1))
    assert await registry.profile(1, Pinned(1)) is hotel
    assert await registry.profile(2, Pinned(1)) is not bank


async def test_a_tenant_that_was_deleted_is_not_kept(registry: Registry) -> None:
    before = await registry.profile(1, Pinned(1))
    registry.forget(1)
    assert await registry.profile(1, Pinned(1)) is not before
