"""Remembering and recalling, as functions."""

import pytest

from bot.errors import ToolError
from bot.tools.recall import recall
from bot.tools.remember import remember
from tests.tools.desk import NOWHERE, FakeDesk


async def test_what_is_remembered_is_recalled_until_it_is_forgotten() -> None:
    desk = FakeDesk()
    assert await remember(desk.context, "  favourite\ntable ", "by the\x00 window") == "Remembered."
    known = await recall(desk.context)
    assert known["remembered"] == {"favourite table": "by the window"}
    assert await remember(desk.context, "favourite table") == "Forgotten."
    assert await recall(desk.context) == {"message": "Nothing is remembered.", "remembered": {}}


@pytest.mark.parametrize("value", ["yes", None])
async def test_what_the_company_noted_stays_its_own(value: str | None) -> None:
    desk = FakeDesk(noted={"regular": "no"})
    with pytest.raises(ToolError, match="noted"):
        await remember(desk.context, "regular", value)
    assert (await recall(desk.context))["remembered"] == {"regular": "no"}


async def test_what_has_no_name_is_not_remembered() -> None:
    with pytest.raises(ToolError, match="what it is"):
        await remember(FakeDesk().context, " \n", "x")


async def test_without_a_desk_nothing_is_remembered() -> None:
    with pytest.raises(ToolError, match="Nothing can be remembered"):
        await remember(NOWHERE, "x", "y")
    with pytest.raises(ToolError, match="Nothing is remembered"):
        await recall(NOWHERE)
