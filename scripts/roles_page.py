"""Write docs/reference/roles.md from the permissions and the commands that ask for them."""

from collections.abc import Iterator
from pathlib import Path

from bot.core.texts import say
from bot.core.texts.desk import DeskMenu
from bot.telegram.admin.command import Command
from tenants.permissions import Action, Role, may
from tests.telegram.admin.registered import commands

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "roles.md"
YES, NO = "yes", "-"

HEAD = """\
# Roles

A *host* runs the process: whoever is in `ADMIN_IDS`, or opened the link first that a start prints
while there is no host. The other roles are of one company, and say nothing about another.
[Who works for your company](../how-to/admins.md) tells how they are given.

One check stands before every command, button and answer, and is made again in the transaction that
acts. A button or an answer that no command names is nobody's; with one that names no right the
program does not start. One who has no role hears of a command below what anybody hears of a command
that does not exist, and finds none of them in the menu.

This page is made from `tenants/permissions.py` and the commands of the desk by `make docs`; what
it says is tested by `test_each_command_and_button_has_its_row` and the tests beside it.

"""


def render() -> str:
    """The whole page."""
    return HEAD + "".join(f"{line}\n" for line in _lines())


def _lines() -> Iterator[str]:
    yield f"| command | {' | '.join(Role)} | what it is for |"
    yield f"|{'---|' * (len(Role) + 2)}"
    for command in sorted(commands(), key=lambda one: one.name):
        yield from _rows(command)


def _rows(command: Command) -> Iterator[str]:
    yield _row(f"`/{command.name}`", command.action, say(DeskMenu(command.name), "en"))
    for word, guarded in command.presses.items():
        if guarded.action is not command.action:
            yield _row(f"`/{command.name}`, button “{word}”", guarded.action, "")


def _row(name: str, action: Action, what: str) -> str:
    allowed = " | ".join(YES if may(role, action) else NO for role in Role)
    return f"| {name} | {allowed} | {what} |"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
