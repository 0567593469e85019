"""What a client may reach a person by, as owners write it."""

import pytest

from bot.telegram.admin.contact import reaches_nobody


@pytest.mark.parametrize(
    "text",
    [
        "+39 045 000 0142",
        "reception@hotelaurora.example",
        "@aurora_verona",
        "t.me/aurora",
        "aurora.example/contatti",
        "Via Mazzini 5",
        "Piazza delle Erbe",
        "alla reception",
        "dalle 9 alle 18 al negozio",
        "ask at the front desk",
        "на стойке регистрации",
        "ул. Ленина",
        "-",
    ],
)
def test_it_is_enough(text: str) -> None:
    assert not reaches_nobody(text)


@pytest.mark.parametrize("text", ["chiamateci", "call us", "звоните", "sì", "un telefono?", "ciao"])
def test_it_reaches_nobody(text: str) -> None:
    assert reaches_nobody(text)
