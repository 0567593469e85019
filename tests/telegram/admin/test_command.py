"""A command of admins names what it needs, or there is none."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.telegram.admin.command import Command, on_answer, on_press
from bot.telegram.admin.visit import Step, Visit
from tenants.permissions import Action

NO_ACTION: Any = None


async def enter(_: Command, visit: Visit, words: str) -> Step:
    return Step()


@pytest.mark.parametrize(
    "unnamed",
    [
        {"name": "go"},
        {"action": NO_ACTION},
        {"action": "view"},
        {"action": Action.VIEW, "file": "take"},
    ],
)
def test_a_command_that_does_not_name_what_it_needs_is_none(unnamed: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="does not name"):
        type("GoCommand", (Command,), {"open": enter, **unnamed})


@pytest.mark.parametrize("way", [on_press, on_answer])
def test_neither_is_a_button_or_an_answer_that_does_not(way: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match="enter does not name"):
        way(NO_ACTION, "go")(enter)
    with pytest.raises(TypeError, match="enter does not name"):
        way("go")(enter)


def test_what_is_not_named_is_no_way_in() -> None:
    class GoCommand(Command):
        name, action = "go", Action.VIEW
        press = answer = enter

    assert list(GoCommand.presses) == [""]
    assert not GoCommand.answers


def test_neither_is_one_that_has_nothing_to_do_when_it_is_typed() -> None:
    class GoCommand(Command):
        name, action = "go", Action.VIEW

    with pytest.raises(TypeError, match="abstract method"):
        GoCommand()  # type: ignore[abstract]  # that is the test


def test_a_way_in_is_named_once() -> None:
    @on_press(Action.VIEW, "go")
    @on_press(Action.AUDIT, "go")
    async def twice(_: Command, visit: Visit, words: str) -> Step:
        return Step()

    with pytest.raises(TypeError, match="names “go” twice in its presses"):
        type("GoCommand", (Command,), {"action": Action.VIEW, "press": twice})
