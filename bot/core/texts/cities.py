"""Time zones by the cities that they are named after, in the languages of the texts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

# Cities that people name and that no zone is named after.
_OTHERS: Final = {
    "Europe/Rome": "Milano Milan Милан Torino Турин Napoli Naples Неаполь Firenze Florence Venezia"
    " Venice Verona Bologna Genova Palermo Bari Italia Italy Италия",
    "Europe/Moscow": "Санкт-Петербург Петербург Сочи Казань Россия",
    "Europe/London": "Manchester Edinburgh Liverpool Birmingham Leeds Bristol",
    "Europe/Berlin": "Munich München Hamburg Frankfurt",
    "Europe/Madrid": "Barcelona Barcellona Барселона",
}


def table(language: str) -> Path:
    """The file that `make docs` makes of what Babel knows, which takes 6 MB to read."""
    return Path(__file__).with_name("catalogues") / language / "cities.txt"


def cities(language: str) -> Mapping[str, str]:
    """The city that each zone is named after. It reads a file: call it while importing."""
    lines = table(language).read_text("utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines)


def zones_by_city(named: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """Each zone by what it may be called: its city in each language, or its own name."""
    zones = named["en"]
    # Of zones with one city the one that is spelt as the city goes last, and counts.
    last = sorted(zones, key=lambda zone: (_own(zone) == zones[zone], zone))
    others = {name: zone for zone, names in _OTHERS.items() for name in names.split()}
    found = {_own(zone): zone for zone in last} | others
    for cities_here in named.values():
        found |= {cities_here[zone]: zone for zone in last}
    return found | {zone: zone for zone in zones}


def _own(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")
