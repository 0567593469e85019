"""From when on a conversation holds what others wrote, and when nobody has to know."""

from typing import Any

import pytest

from bot.core.calls import Effect
from bot.turns.wariness import Wariness, wariness_of
from db.calls import CallRow
from tests.fakes.tools import FakeTool, FakeToolbox
from tests.turns.records import TURN

NO_DATABASE: Any = None  # whoever reads finds that there is none


def call(tool: str, response_id: str | None) -> CallRow:
    return CallRow("call_1", response_id, tool, "{}", "digest")


@pytest.mark.parametrize(
    ("tool", "asked_by", "wary"),
    [
        ("web", "resp_1", True),  # its output was there when resp_2 was written
        ("web", "resp_2", False),  # it is only asked for
        ("web", None, True),  # the client asked for it, before the answer
        ("own", "resp_1", False),
    ],
)
def test_what_a_tool_brought_counts_from_the_next_answer_on(
    tool: str, asked_by: str | None, wary: bool
) -> None:
    wariness = Wariness(whole=False, untrusted=frozenset({"web"}))
    assert wariness.about("resp_2", [call(tool, asked_by)]) is wary
    assert Wariness(whole=True, untrusted=frozenset()).about("resp_2", []) is True


@pytest.mark.parametrize(
    "tool",
    [
        FakeTool("look", Effect.READ),  # never asked for
        FakeTool("book", confirm=True),  # always
    ],
)
async def test_nothing_is_read_where_it_makes_no_difference(tool: FakeTool) -> None:
    found = await wariness_of(TURN, [tool], FakeToolbox([tool]), NO_DATABASE, {})
    assert found == Wariness(whole=False, untrusted=frozenset())
