"""Companies that share the host's bot: a link leads to each, and each keeps its own thread."""

import pytest

from tenants.profile import Profile
from tests.scenarios.company import company
from tests.scenarios.stage import AI_NOTICE, WELCOME, Stage

BANK = Profile(company_name="Banca", welcome="Banca, buongiorno.", ai_notice="AI.")


@pytest.fixture(autouse=True)
async def bank(stage: Stage) -> None:
    """A company beside the hotel."""
    await company(stage, profile=BANK)


async def test_a_link_leads_to_its_company(stage: Stage) -> None:
    anna = stage.person("Anna")
    anna.writes("/start bank")
    await anna.hears("Banca, buongiorno.", "AI.")
    stage.will_say("In banca.")
    anna.writes("Dove?")
    await anna.hears("In banca.")
    assert "Banca" in stage.asked()[-1]["instructions"]
    assert "Hotel Aurora" not in stage.asked()[-1]["instructions"]


async def test_each_company_keeps_its_own_thread(stage: Stage) -> None:
    anna = stage.person("Anna")
    conversations = []
    for link, greeting in (("bank", 2), ("hotel", 2), ("bank", 2)):
        anna.writes(f"/start {link}")
        await anna.receives(greeting)
        stage.will_say(f"Sono {link}.")
        anna.writes("Chi è?")
        await anna.hears(f"Sono {link}.")
        conversations.append(stage.asked()[-1]["conversation"])
    bank, hotel, again = conversations
    assert bank == again != hotel


async def test_a_link_of_nobodys_is_a_plain_start(stage: Stage) -> None:
    await stage.runs("UPDATE tenants SET state = 'archived' WHERE id = 2")
    anna = stage.person("Anna")
    for link, answers in (("bank", 2), ("i_nothing", 1)):
        anna.writes(f"/start {link}")
        await anna.receives(answers)
    await stage.settles()
    assert stage.asked() == []
    stage.will_say("La pizzeria apre alle 19.")
    anna.writes("/start pizzeria")
    await anna.hears(WELCOME, AI_NOTICE, "La pizzeria apre alle 19.")
    assert stage.inputs() == [["pizzeria"]]
    assert await stage.rows("SELECT DISTINCT tenant_id FROM threads") == [(1,)]
