"""What a command answers: a text for people, or JSON for scripts. Nothing else is printed."""

import codecs
import json
import sys
from typing import Any

import typer

from bot.core.visible import visible
from bot.errors import ConfigError


def tell(text: str, data: Any, *, as_json: bool) -> None:
    """Print the text, or the data in its place."""
    echo(to_json(data) if as_json else text)


def echo(text: str, *, err: bool = False) -> None:
    """Print what may hold somebody's words: they can do nothing to the terminal."""
    typer.echo(visible(text), err=err)


def tell_progress(progress: str) -> None:
    """Print, beside the answer, how far something is that takes long."""
    echo(progress, err=True)


def tell_exactly(text: str) -> None:
    """Print a text that a program reads. Raises ConfigError where it would come out otherwise."""
    try:
        if not speaks_all(sys.stdout.encoding):
            text.encode(sys.stdout.encoding)
    except UnicodeEncodeError as error:
        sign = error.object[error.start]
        raise ConfigError(
            f"{error.encoding}, in which this console is written, has no {sign!a}:"
            " set PYTHONUTF8=1, or name a file"
        ) from None
    echo(text)


def to_json(data: Any) -> str:
    """JSON in signs that whoever reads it can read."""
    return json.dumps(data, ensure_ascii=not speaks_all(sys.stdout.encoding), indent=2)


def speaks_all(encoding: str) -> bool:
    """Whether an encoding has every letter there is; for ASCII typer writes UTF-8."""
    return codecs.lookup(encoding).name.startswith(("utf", "ascii"))
