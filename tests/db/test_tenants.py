from db.engine import Database
from db.journal import Journal
from db.tenants import tenant_of
from tests.databases import BOT, TENANT, seed_tenant


async def test_a_bot_speaks_for_its_tenant(journal: Journal, database: Database) -> None:
    await seed_tenant(journal, body='{"a": 1}')
    tenant = await database.read(lambda connection: tenant_of(connection, BOT))
    assert tenant is not None
    assert (tenant.name, tenant.version, tenant.body) == (TENANT, 1, '{"a": 1}')
