"""Companies ready to talk to: for a first run, for demonstrations, for tests."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from tenants.profile import Profile
from tenants.toml import read

_QUESTIONS: Mapping[str, tuple[str, str, str]] = {
    "hotel-aurora": (
        "Buongiorno, a che ora è il check-in?",
        "Accettate animali?",
        "Quanto costa il parcheggio?",
    ),
    "hotel-aurora-en": (
        "Hello, what time is check-in?",
        "Do you accept pets?",
        "How much is the parking?",
    ),
    "hotel-aurora-ru": (
        "Здравствуйте, во сколько заезд?",
        "Можно приехать с животными?",
        "Сколько стоит парковка?",
    ),
    "banca-aessefin": (
        "Ho perso la carta: come la blocco?",
        "Quanto costa il Conto Semplice?",
        "Quando sono aperte le filiali?",
    ),
    "boutique-milano": (
        "Entro quanti giorni posso fare un reso?",
        "Che taglia corrisponde alla M?",
        "Fate l'orlo ai pantaloni?",
    ),
}

SISTERS: Final = ("hotel-aurora", "hotel-aurora-en", "hotel-aurora-ru")
"""One company in three languages, line for line the same."""


def names() -> tuple[str, ...]:
    """Every preset, the one to start with first."""
    return tuple(_QUESTIONS)


def load(name: str) -> Profile:
    """The preset's profile. Raises KeyError for an unknown name."""
    if name not in _QUESTIONS:
        raise KeyError(name)
    return read((files(__name__) / f"{name}.toml").read_text("utf-8"))


def questions(name: str) -> tuple[str, str, str]:
    """What a visitor may ask first. Raises KeyError for an unknown name."""
    return _QUESTIONS[name]
