"""The playground's page of a company's web site: which company's, and who lets it in."""

import pytest

from bot.cli.understudies import SHOP_KEY, shop_at
from bot.playground.shop import Shop
from bot.playground.stand_ins import BOT_ID
from db.engine import Database
from db.journal import Journal
from db.sites import site_by_key
from tenants.heir import provide_tenant
from tests.databases import SEEDED_AT

DESK = "http://127.0.0.1:8090"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_the_companys_page_is_let_in_wherever_it_is(
    database: Database, journal: Journal
) -> None:
    assert await shop_at(database, DESK, "http://127.0.0.1:8081") is None
    await provide_tenant(journal, database, bot_id=BOT_ID, now=SEEDED_AT)

    for origin in ("http://127.0.0.1:8081", "http://127.0.0.1:8082", "http://127.0.0.1:8082"):
        shop = await shop_at(database, DESK, origin)

        assert shop == Shop("Hotel Aurora", "it", DESK, SHOP_KEY)
        site = await database.read(site_by_key, SHOP_KEY)
        assert site
        assert site.origins == (origin,)
