"""A person who has never seen Sportello: from BotFather to companies that answer their clients."""

from pathlib import Path

import pytest
from playwright.async_api import Page, ViewportSize

from tests.playground.page.guide import Guided, asks_by_link, is_guided
from tests.playground.page.walk import BAKERY, Company, on_the_way
from tests.playground.page.whole import (
    Whole,
    goes_through_every_field,
    has_its_own_bot,
    is_asked,
    is_joined_by,
    makes_private,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="session"),
]

BOUTIQUE = Company(
    template="Boutique Milano (it)",
    name="Boutique Navigli",
    knowledge="Il parcheggio convenzionato è in via Vigevano 3 e costa 4 € all'ora.",
    bot=("Boutique Navigli", "boutique_navigli_bot"),
)
TRATTORIA = Company(
    template="Da zero",
    name="Trattoria da Nino",
    knowledge="La trattoria apre alle 19:00.\nIl parcheggio è gratuito, nel cortile interno.",
    bot=("Trattoria da Nino", "da_nino_bot"),
    tapped=(("address", "informal"),),
)


@pytest.mark.long
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


@pytest.mark.long
async def test_a_company_is_set_up_in_english(page: Page, tmp_path: Path) -> None:
    async with on_the_way(page, tmp_path, language="en", clients=("Emma",)) as walk:
        token = await walk.gets_token("Sportello", "ada_desk_bot")
        async with walk.runs(token) as link:
            await walk.claims(link)
            await walk.sets_up(BAKERY, "When are you open?", answer="from 7:00 to 19:00")

            await walk.asks("Emma", BAKERY, "Do you make cakes?", answer="two days ahead")

    assert walk.telemetry.warnings == []


STUDIO = Guided(
    name="Studio Dentistico Rossi",
    knowledge="Lo studio è in via Mazzini 5.\nLa prima visita costa 40 €.",
    hours="lun-ven 9-13 e 15-19, sabato e domenica chiuso",
    contact="+39 045 000 0142",
    questions=("Quanto costa una visita?", "Dove vi trovate?", "In che via siete?"),
    link="studio-dentistico-rossi",
    asks=("Anna", "Quanto costa la prima visita?"),
)
PRACTICE = Guided(
    name="Rossi Dental Practice",
    knowledge="The practice is at 5 Mill Lane.\nA first visit costs 40 €.",
    hours="Mon-Fri 9-13 and 15-19, Sat-Sun closed",
    contact="+44 20 7946 0142",
    questions=("How much is a visit?", "Where are you?", "What street is the practice in?"),
    link="rossi-dental-practice",
    asks=("Emma", "How much is a first visit?"),
)
PHONE: ViewportSize = {"width": 390, "height": 844}
MOST_STEPS = 20  # from the claim to the answer that a client gets


@pytest.mark.parametrize(
    ("language", "company"),
    [("it", STUDIO), pytest.param("en", PRACTICE, marks=pytest.mark.long)],
)
async def test_the_guide_leads_from_a_claim_to_a_client_who_is_answered(
    page: Page, tmp_path: Path, language: str, company: Guided
) -> None:
    clients = (company.asks[0],)
    async with on_the_way(page, tmp_path, language=language, clients=clients, size=PHONE) as walk:
        token = await walk.gets_token("Sportello", "ada_desk_bot")
        async with walk.runs(token) as claim:
            await walk.claims(claim)
            steps = 1 + await is_guided(walk, company)  # the claim is one, too
            await asks_by_link(walk, company, "ada_desk_bot", answer="40 €")
    print(f"{language}: {steps} messages and taps from the claim to an answered client")
    assert steps <= MOST_STEPS
    assert walk.telemetry.warnings == []


WHOLE_STUDIO = Whole(
    bot=("Studio Rossi", "studio_rossi_bot"),
    private="Personale e fornitori",
    secret=("La chiave del magazzino è al banco.", "Dov'è la chiave del magazzino?", "al banco"),
    added=("Il parcheggio è nel cortile interno.", "Avete un parcheggio?", "cortile interno"),
)
WHOLE_PRACTICE = Whole(
    bot=("Rossi Practice", "rossi_practice_bot"),
    private="Staff and suppliers",
    secret=("The store key is at the desk.", "Where is the store key?", "at the desk"),
    added=("Parking is in the courtyard.", "Do you have parking?", "courtyard"),
)


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "company", "whole"),
    [("it", STUDIO, WHOLE_STUDIO), ("en", PRACTICE, WHOLE_PRACTICE)],
)
async def test_the_whole_of_a_company_is_set_up_in_the_chat(
    page: Page, tmp_path: Path, language: str, company: Guided, whole: Whole
) -> None:
    client = company.asks[0]
    async with on_the_way(
        page, tmp_path, language=language, clients=(client, "Bea"), size=PHONE
    ) as walk:
        token = await walk.gets_token("Sportello", "ada_desk_bot")
        async with walk.runs(token) as claim:
            await walk.claims(claim)
            await is_guided(walk, company)
            await has_its_own_bot(walk, whole)
            await goes_through_every_field(walk, company)
            code = await makes_private(walk, whole)
            await is_joined_by(walk, walk.clients["Bea"], whole)
            await is_asked(walk, walk.clients[client], whole, code)
    assert walk.telemetry.warnings == []
