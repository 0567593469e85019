"""The time zones there are, by the names of the IANA database; each is that of a city.

The list is the program's own: a machine may have another, or none, and a profile is good
everywhere.
"""

from collections.abc import Mapping
from importlib.resources import files
from typing import Final

ZONES: Final = frozenset(files("tenants").joinpath("zones.txt").read_text("ascii").split())

HOME: Final[Mapping[str, str]] = {  # where a company is taken to be that does not say
    "it": "Europe/Rome",
    "en": "Europe/London",
    "ru": "Europe/Moscow",
}
