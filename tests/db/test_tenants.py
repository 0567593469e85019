import pytest
from sqlalchemy.exc import NoResultFound

from db.companies import SetState
from db.models import bots, profiles
from db.records import TenantState
from db.tenants import (
    GiveBot,
    Listed,
    SaveProfile,
    TenantRow,
    find_tenant,
    list_companies,
    list_tenants,
    profile_body,
    tenant_of,
)
from tests.databases import BOT, SEEDED_AT, SOMEBODY, TENANT
from tests.db.desk import Desk


def saving(body: str, name: str = TENANT, author: str = "host") -> SaveProfile:
    return SaveProfile(name=name, body=body, author=author, now=SEEDED_AT)


async def find(desk: Desk, name: str = TENANT) -> TenantRow | None:
    return await desk.database.read(lambda connection: find_tenant(connection, name))


async def test_each_change_of_a_profile_is_a_version(desk: Desk) -> None:
    assert await desk.journal.do(saving('{"a": 1}')) == 2
    assert await desk.journal.do(saving('{"a": 2}', author="anna")) == 3
    tenant = await find(desk)
    assert tenant is not None
    assert (tenant.version, tenant.body) == (3, '{"a": 2}')


async def test_versions_are_kept_with_their_authors(desk: Desk) -> None:
    await desk.journal.do(saving('{"a": 1}', author="anna"))
    tenant = await find(desk)
    assert tenant is not None
    bodies = await desk.database.read(
        lambda connection: [
            profile_body(connection, tenant=tenant.id, version=version) for version in (1, 2, 3)
        ]
    )
    assert bodies == ["{}", '{"a": 1}', None]
    assert [row.author for row in await desk.stored(profiles)] == ["test", "anna"]


async def test_to_save_what_is_current_is_no_version(desk: Desk) -> None:
    assert await desk.journal.do(saving("{}")) == 1
    assert len(await desk.stored(profiles)) == 1


async def test_to_go_back_is_a_version_too(desk: Desk) -> None:
    await desk.journal.do(saving('{"a": 1}'))
    assert await desk.journal.do(saving("{}")) == 3


async def test_two_who_save_at_once_make_two_versions(desk: Desk) -> None:
    assert await desk.together(saving('{"a": 1}'), saving('{"a": 2}')) == [2, 3]


async def test_tenants_are_listed_by_name(desk: Desk) -> None:
    await desk.journal.do(saving("{}", name="banca-aessefin"))
    tenants = await desk.database.read(list_tenants)
    assert [tenant.name for tenant in tenants] == ["banca-aessefin", TENANT]


async def test_companies_are_listed_as_their_profiles_call_them(desk: Desk) -> None:
    await desk.journal.do(saving('{"company_name": "Bar", "knowledge": "x"}', "bar"))
    await desk.journal.do(saving('{"company_name": "Caffè Aurora"}', "bar"))
    await desk.journal.do(SetState(2, TenantState.PAUSED, SOMEBODY, desk.now))
    assert await desk.database.read(list_companies) == (
        Listed(2, "bar", "Caffè Aurora", TenantState.PAUSED),
        Listed(1, TENANT, TENANT, TenantState.ACTIVE),
    )


async def test_a_tenant_that_does_not_exist_is_not_found(desk: Desk) -> None:
    assert await find(desk, "nessuno") is None


async def test_a_bot_speaks_for_its_tenant(desk: Desk) -> None:
    tenant = await desk.database.read(lambda connection: tenant_of(connection, BOT))
    assert tenant == await find(desk)
    assert await desk.database.read(lambda connection: tenant_of(connection, BOT + 1)) is None


async def test_a_bot_stays_with_the_tenant_that_it_was_given_to(desk: Desk) -> None:
    await desk.journal.do(saving("{}", name="banca-aessefin"))
    await desk.journal.do(GiveBot(BOT, "banca-aessefin"))
    tenant = await desk.database.read(lambda connection: tenant_of(connection, BOT))
    assert tenant is not None
    assert tenant.name == TENANT


async def test_no_bot_is_given_to_a_tenant_that_does_not_exist(desk: Desk) -> None:
    with pytest.raises(NoResultFound):
        await desk.journal.do(GiveBot(BOT + 1, "nessuno"))
    assert [row.id for row in await desk.stored(bots)] == [BOT]
