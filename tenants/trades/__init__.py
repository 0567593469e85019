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
    """What a company of a trade begins with; what it has said already stays."""
    offered = _BEGINNINGS[profile.language][trade]
    return {name: offered[name] for name in offered.keys() - profile.model_fields_set}


def questions(profile: Profile) -> tuple[str, ...]:
    """Three to try: the company's own, else those that anybody asks."""
    anybodys = _BEGINNINGS[profile.language][Trade.OTHER]["test_questions"]
    return (profile.test_questions or tuple(anybodys))[:3]
