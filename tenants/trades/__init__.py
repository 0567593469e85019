"""What companies of a trade begin with: a file for each language that a company may speak."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from importlib.resources import files
from typing import Any, Final

from tenants.profile import Language, Profile


class Trade(StrEnum):
    """The common ones, in the order in which they are offered."""

    HOTEL = "hotel"
    RESTAURANT = "restaurant"
    MEDICAL = "medical"
    SHOP = "shop"
    STUDIO = "studio"
    OTHER = "other"


_BEGINNINGS: Final[Mapping[Language, Mapping[str, Mapping[str, Any]]]] = {
    language: tomllib.loads((files(__name__) / f"{language}.toml").read_text("utf-8"))
    for language in Language
}


def beginning(trade: Trade, profile: Profile) -> Mapping[str, Any]:
    """What a company of a trade begins with: not in the place of what it has said of its own.

    What another trade began with is not its own. The sector is what is asked for with the trade.
    """
    begun = _BEGINNINGS[profile.language]
    offered, said = begun[trade], profile.model_dump(mode="json")
    names = dict.fromkeys(name for one in begun.values() for name in one)
    own = {name for name in said if all(one.get(name) != said[name] for one in begun.values())}
    own -= {"sector"} & offered.keys()
    changed = [name for name in names if offered.get(name) != said.get(name)]
    return {name: offered.get(name) for name in changed if name not in own}


def questions(profile: Profile) -> tuple[str, ...]:
    """Three to try: the company's own, else those that anybody asks."""
    anybodys = _BEGINNINGS[profile.language][Trade.OTHER]["test_questions"]
    return (profile.test_questions or tuple(anybodys))[:3]
