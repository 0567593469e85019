import pytest

from db.engine import Database
from db.journal import Journal
from tests.databases import seed_tenant
from tests.db.desk import Desk


@pytest.fixture
async def desk(journal: Journal, database: Database) -> Desk:
    """The desk of a tenant with one bot."""
    await seed_tenant(journal)
    return Desk(journal, database)
