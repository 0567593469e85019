"""A stored update, to be shown: each channel reads what it stored."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.telegram.said import read_said
from db.records import TELEGRAM

_READERS: Final[Mapping[str, Callable[[str], tuple[str, str]]]] = {TELEGRAM: read_said}


def read_heard(channel: str, payload: str) -> tuple[str, str]:
    """The name of who wrote or did it, and the words; in brackets what is no words."""
    reader = _READERS.get(channel)
    return reader(payload) if reader else ("someone", f"[stored by the channel {channel}]")
