"""Opening hours of a private assistant's own: shown back, and kept once agreed."""

import pytest

from bot.core.texts import say
from bot.core.texts.profile import Assistants
from bot.core.texts.setup import Hours
from bot.telegram.admin.fields import expected, label
from bot.telegram.admin.visit import seen
from tests.scenarios.admins import admin, draft
from tests.scenarios.cards import last, sees
from tests.scenarios.stage import Stage


@pytest.mark.parametrize("way", ["tapped", "typed"])
async def test_they_are_shown_back_before_they_are_kept(closed: Stage, way: str) -> None:
    ada = await admin(closed)
    await closed.publishes(assistants={"vip": {}})
    if way == "tapped":
        ada.writes("/assistants vip")
        await last(ada)
        ada.presses(say(Assistants.EDIT_BUTTON, "it"))
        await sees(ada, say(Assistants.WHICH_FIELD, "it"))
        ada.presses(label("opening_hours", "it"))
        await sees(ada, expected("opening_hours", "it"))
        ada.writes("lun-ven 9-18")
        assert "lun–ven 9:00–18:00" in await last(ada)
        ada.writes("lun-sab 9-18")  # no tap is needed to write once more
    else:
        ada.writes("/assistants vip orari: lun-sab 9-18")
    shown = say(Hours.UNDERSTOOD, "it", hours="lun–sab 9:00–18:00")
    assert shown in await last(ada)
    assert await draft(closed) == {}
    for _ in range(2):  # the second one, before the key could go
        ada.presses_key(f"assistants:1:agree {seen('vip Mon-Sat 9:00-18:00')}")
    assert say(Assistants.CHANGED, "it") in await last(ada)
    own = {"vip": {"opening_hours": ["Mon-Sat 9:00-18:00"]}}
    assert (await draft(closed))["assistants"] == own
    await closed.settles()
    assert ada.untold() == []


async def test_among_several_fields_they_are_shown_as_they_were_read(closed: Stage) -> None:
    ada = await admin(closed)
    await closed.publishes(assistants={"vip": {}})
    ada.writes("/assistants vip orari: lun-sab 9-18\nassistant_name: Bianca")
    assert say(Hours.NOTED, "it", hours="lun–sab 9:00–18:00") in await last(ada)
    ada.presses(say(Hours.AGAIN, "it"))
    await sees(ada, expected("opening_hours", "it"))
