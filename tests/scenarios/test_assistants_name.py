"""A private assistant goes by the name that people type; what is its own is tapped, or refused."""

import pytest

from bot.core.calls import Effect
from bot.core.texts.profile import Assistants as Say
from bot.core.texts.profile import CompanyCard, Configure, Fields
from bot.core.texts.tools import Tools
from tenants.fields import FIELDS
from tenants.values import KNOWLEDGE_CHARACTERS
from tests.fakes.tools import FakeTool
from tests.scenarios.admins import admin, draft, headed, it, opens_assistants
from tests.scenarios.cards import last, sees, taps
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage
from tests.scenarios.test_assistants import CHOSEN, create


@pytest.fixture
async def ada(closed: Stage) -> Person:
    return await opens_assistants(closed)


@pytest.mark.parametrize(
    ("said", "name"),
    [("Personale e fornitori", "personale-e-fornitori"), ("VIP", "vip"), ("宾客", "assistant")],
)
async def test_its_short_name_is_made_of_what_is_typed(
    closed: Stage, ada: Person, said: str, name: str
) -> None:
    ada.presses(it(Say.NEW_BUTTON))
    await ada.shows(headed(it(Say.ASK_NAME)))
    ada.writes(said)
    await ada.hears(headed(it(Say.CREATED, name=said)))
    assert [*(await draft(closed))["assistants"]] == [name]
    ada.writes(f"/assistants {name}")
    assert it(Say.CARD, name=said) in await last(ada)
    ada.writes("/publish")
    assert f"Assistenti riservati, {said}" in await last(ada)


@pytest.mark.parametrize("name", ["due\nrighe", "x" * 61])
async def test_a_name_that_is_none_is_asked_again(ada: Person, name: str) -> None:
    ada.presses(it(Say.NEW_BUTTON))
    await ada.shows(headed(it(Say.ASK_NAME)))
    ada.writes(name)
    await ada.hears(headed(it(Say.BAD_NAME, most=60)))
    ada.writes("vip")
    await ada.hears(headed(it(Say.CREATED, name="vip")))


async def test_a_tap_that_does_not_fit_is_refused_and_not_noted(closed: Stage) -> None:
    """Back to everybody's knowledge, which is too long for its own files."""
    ada = await admin(closed)
    own = {"knowledge": "Breve.", "sources": [{"name": "a", "text": "x" * 1_000}]}
    shared = "y" * (KNOWLEDGE_CHARACTERS - 500)
    await closed.publishes(knowledge=shared, assistants={"vip": own})
    place = FIELDS["knowledge"].place
    ada.finds_button("Come tutti", data=f"assistants:1:same vip {place}")
    ada.presses("Come tutti")
    assert it(Configure.REFUSED) in await last(ada)
    ada.writes("/company")
    await last(ada)  # by then all that follows the press has happened
    assert "Vecchio" in ada.said()  # no card took the place of what was pressed
    assert await draft(closed) == {}


async def test_a_question_about_a_field_that_there_is_no_more_is_over(closed: Stage) -> None:
    ada = await admin(closed)
    await closed.publishes(assistants={"vip": {}})
    ada.writes("/assistants")
    await last(ada)
    await closed.runs(
        "UPDATE chats SET form ="
        ' \'{"command": "assistants", "tenant": 1, "step": "own vip shoe_size"}\''
    )
    ada.writes("42")
    await ada.hears(headed(it(Say.GONE)))


async def test_its_tools_are_switched_on_and_off_by_a_tap(closed: Stage) -> None:
    closed.toolbox.tools.append(FakeTool("opening_hours", Effect.READ))
    ada = await opens_assistants(closed)
    await create(ada)
    tool = it(Tools.OPENING_HOURS)
    ada.presses(it(Say.EDIT_BUTTON))
    await taps(ada, CompanyCard.MORE, Fields("label_tools"))
    await sees(ada, it(Tools.OPENING_HOURS_DOES))
    ada.presses(tool)
    await closed.until(lambda: it(Configure.CHOSEN, choice=tool) in ada.buttons())
    assert await draft(closed) == {"assistants": {"vip": {"tools": ["opening_hours"]}}}
    ada.presses(it(Configure.CHOSEN, choice=tool))
    await closed.until(lambda: tool in ada.buttons())
    assert await draft(closed) == {"assistants": {"vip": {"tools": ["none"]}}}


async def test_a_code_is_chosen_for_an_assistant_as_people_call_it(
    closed: Stage, ada: Person
) -> None:
    name = "Personale e fornitori"
    await create(ada, name)
    ada.presses(it(Say.CHOOSE_BUTTON))
    await ada.shows(headed(it(Say.HOW_TO_CHOOSE, name=name)))
    ada.presses(it(Say.BACK_BUTTON))
    await sees(ada, it(Say.NO_CODES))
    ada.writes(f"/assistants code {name} {CHOSEN}")
    await ada.hears(headed(it(Say.CODE_ADDED, name=name)))
    ada.writes(f"/assistants code {name} a b")
    await ada.hears(headed(it(Say.CODE_BAD)))
    ada.writes(f"/assistants code {CHOSEN}")
    await ada.hears(headed(it(Say.HOW_TO_CHOOSE, name=name)))
