"""Which company a bot speaks for that nobody gave to one."""

from typing import Final

from db.heirs import Candidate, Heirs
from tenants import presets

PRESET: Final = "preset"  # the author of the example that a first start brings


def heir(found: Heirs) -> str | None:
    """The tenant's name: the one that was wished for, else the oldest that is no example.

    An example is a preset as it came: it is the answer where there is nothing else.
    """
    if found.wished:
        return found.wished
    first = min(found.candidates, key=_reserve, default=None)
    return first.name if first else None


def _reserve(one: Candidate) -> int:
    """0: a company; 1: an example that somebody applied; 2: the one that a first start brought."""
    if one.name not in presets.names():
        return 0
    if one.author == PRESET:  # by whatever release: its words may be others by now
        return 2
    return int(one.body == presets.load(one.name).model_dump_json())
