"""The text that a private assistant knows takes the place of the public one; this is said."""

import pytest

from bot.core.texts.profile import Assistants as Say
from bot.core.texts.profile import Versions
from bot.telegram.admin.fields import expected, label
from tests.scenarios.admins import draft, headed, it, opens_assistants
from tests.scenarios.cards import sees
from tests.scenarios.people import Person
from tests.scenarios.stage import Stage


@pytest.fixture
async def ada(closed: Stage) -> Person:
    return await opens_assistants(closed)


async def asks_what_it_knows(ada: Person) -> None:
    ada.presses(it(Say.EDIT_BUTTON))
    await sees(ada, it(Say.WHICH_FIELD))
    ada.presses(next(key for key in ada.buttons() if key.endswith(label("knowledge", "it"))))
    await sees(ada, expected("knowledge", "it"))


async def test_where_the_public_text_goes_is_said_before_and_after(
    closed: Stage, ada: Person
) -> None:
    await closed.publishes(knowledge="Il bar chiude alle 23.", assistants={"vip": {}})
    ada.writes("/assistants vip")
    await ada.receives(1)
    await asks_what_it_knows(ada)
    await sees(ada, it(Say.IN_PLACE))
    ada.writes("La suite costa 900 euro.")
    await ada.hears(headed(f"{it(Say.CHANGED)}\n\n{it(Say.KNOWS_ALONE)}"))
    ada.writes("/publish")
    (card,) = await ada.receives(1)
    assert "Prima: Il bar chiude alle 23." in card["text"]
    assert it(Versions.KNOWS_ALONE, names="vip") in card["text"]


async def test_it_may_begin_with_a_copy_of_the_public_text(closed: Stage, ada: Person) -> None:
    await closed.publishes(knowledge="Il bar chiude alle 23.", assistants={"vip": {}})
    ada.writes("/assistants vip")
    await ada.receives(1)
    await asks_what_it_knows(ada)
    ada.presses(it(Say.ADD_BUTTON))
    await sees(ada, it(Say.ASK_MORE))
    ada.writes("La suite costa 900 euro.")
    await ada.hears(headed(it(Say.CHANGED)))
    assert await draft(closed) == {
        "assistants": {"vip": {"knowledge": "Il bar chiude alle 23.\n\nLa suite costa 900 euro."}}
    }
