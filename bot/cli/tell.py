"""What a command answers: a text for people, or JSON for scripts."""

import json
from typing import Any

import typer


def tell(text: str, data: Any, *, as_json: bool) -> None:
    """Print the text, or the data in its place."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2) if as_json else text)
