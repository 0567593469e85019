"""The company's card says how often its assistant claimed what nobody had done."""

import pytest

from bot.core.texts import say
from bot.core.texts.desk import Home
from bot.core.texts.people import Chats
from tests.scenarios.admins import each_language
from tests.scenarios.cards import last, sees
from tests.scenarios.stage import Stage
from tests.scenarios.test_chats import asks, lists, operator

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
CLAIM = "Le ho prenotato un tavolo."


@each_language
async def test_until_another_version_is_published(closed: Stage, language: str) -> None:
    ada = await operator(closed, language, role="owner")
    hint = say(Home.CLAIMED, language, count=1)
    await asks(closed.person("Anna"), "Un tavolo per quattro", CLAIM)
    await lists(ada)
    ada.presses(next(label for label in ada.buttons() if label.startswith("Anna")))
    await sees(ada, f"— ❗ {say(Chats.CLAIMED, language)}")
    ada.writes("/configure")
    assert f"❗ {hint}" in await last(ada)

    await closed.publishes(sector="Ristorante")
    ada.writes("/configure")
    told = await last(ada)
    assert "🏢 Ristorante" in told
    assert hint not in told
