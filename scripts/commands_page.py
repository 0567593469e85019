"""Write docs/reference/commands.md from the help of the command itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from bot.cli.commands import commands

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "commands.md"
WIDTH = 88
NAME = "sportello"

HEAD = """\
# Commands

`sportello` is installed with the package; in a checkout it is `./sportello`. What it needs to
know it reads from the [settings](settings.md).

With `--json` a command prints one JSON value on standard output; it asks on standard error.
What goes wrong is told in both cases by a line on standard error and the exit code, 1 or 2; then
nothing was changed.

This page is made from `bot/cli/` by `make docs`.
"""


def render() -> str:
    """The whole page."""
    return HEAD + "".join(_sections(typer.main.get_command(commands), NAME, None))


def _sections(command: Any, name: str, parent: Any) -> Iterator[str]:  # typer's commands: no types
    context = command.context_class(
        command,
        info_name=name,
        parent=parent,
        terminal_width=WIDTH,
        max_content_width=WIDTH,
        **command.context_settings,
    )
    yield f"\n## {context.command_path}\n\n```\n{command.get_help(context)}\n```\n"
    for child in getattr(command, "commands", {}).values():
        yield from _sections(child, child.name, context)


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
