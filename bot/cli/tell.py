"""What a command answers: a text for people, or JSON for scripts. Nothing else is printed."""

import json
from typing import Any

import typer

from bot.core.visible import visible


def tell(text: str, data: Any, *, as_json: bool) -> None:
    """Print the text, or the data in its place."""
    echo(json.dumps(data, ensure_ascii=False, indent=2) if as_json else text)


def echo(text: str, *, err: bool = False) -> None:
    """Print what may hold somebody's words: they can do nothing to the terminal."""
    typer.echo(visible(text), err=err)
