"""A person who has never seen Sportello: from BotFather to companies that answer their clients."""

from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.playground.page.walk import BAKERY, Company, on_the_way

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
]

BOUTIQUE = Company(
    slug="boutique-navigli",
    template="Boutique Milano (it)",
    name="Boutique Navigli",
    knowledge="Il parcheggio convenzionato è in via Vigevano 3 e costa 4 € all'ora.",
    bot=("Boutique Navigli", "boutique_navigli_bot"),
)
TRATTORIA = Company(
    slug="da-nino",
    template="Da zero",
    name="Trattoria da Nino",
    knowledge="La trattoria apre alle 19:00.\nIl parcheggio è gratuito, nel cortile interno.",
    bot=("Trattoria da Nino", "da_nino_bot"),
    tapped=(("address", "informal"),),
)


async def test_two_companies_are_set_up_in_the_chat_and_answer_their_own_clients(
    page: Page, tmp_path: Path
) -> None:
    parking, navigli, courtyard = "Avete un parcheggio?", "via Vigevano 3", "cortile interno"
    async with on_the_way(page, tmp_path, language="it", clients=("Anna", "Bruno")) as walk:
        token = await walk.gets_token("Sportello", "ada_desk_bot")
        async with walk.runs(token) as link:
            await walk.claims(link)
            await walk.sets_up(BOUTIQUE, parking, answer=navigli)
            await walk.sets_up(TRATTORIA, parking, answer=courtyard)

            to_anna = await walk.asks("Anna", BOUTIQUE, parking, answer=navigli)
            to_bruno = await walk.asks("Bruno", TRATTORIA, parking, answer=courtyard)

    assert courtyard not in to_anna
    assert navigli not in to_bruno
    assert walk.telemetry.warnings == []


async def test_a_company_is_set_up_in_english(page: Page, tmp_path: Path) -> None:
    async with on_the_way(page, tmp_path, language="en", clients=("Emma",)) as walk:
        token = await walk.gets_token("Sportello", "ada_desk_bot")
        async with walk.runs(token) as link:
            await walk.claims(link)
            await walk.sets_up(BAKERY, "When are you open?", answer="from 7:00 to 19:00")

            await walk.asks("Emma", BAKERY, "Do you make cakes?", answer="two days ahead")

    assert walk.telemetry.warnings == []
