"""Which company a bot speaks for that nobody gave to one."""

from typing import Any, Final

from db.heirs import Candidate, candidates, wished
from tenants import presets

PRESET: Final = "preset"  # the author of the example that a first start brings


def heir(connection: Any) -> str | None:
    """The tenant's name: the one that was wished for, else the oldest that is no example.

    An example is a preset as it came: it is the answer where there is nothing else.
    """
    if name := wished(connection):
        return name
    found = min(candidates(connection), key=_reserve, default=None)
    return found.name if found else None


def _reserve(one: Candidate) -> int:
    """0: a company; 1: an example that somebody applied; 2: the one that a first start brought."""
    if one.name not in presets.names():
        return 0
    if one.author == PRESET:  # by whatever release: its words may be others by now
        return 2
    return int(one.body == presets.load(one.name).model_dump_json())
