"""What people keep their texts and price lists in, by what they write there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.files.formats.encoding import decode

ENCODINGS = (
    *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"),
    *("cp1252", "mac_roman", "cp1251", "koi8-r", "cp866"),
)
CONTENTS = {
    "an Italian price list": "Camera;Prezzo\nSingola;80 €\nDoppia;120 €\nSuite;250,50 €\n",
    "one price": "Parcheggio: 15 € al giorno",
    "an Italian text": "Perché noi? Il caffè è già pronto alle 7. Più tardi c'è l'aperitivo.",
    "typographic signs": "L’hotel è aperto tutto l’anno – anche a Natale. “Benvenuti!”…",
    "English prices": "We don’t allow pets – sorry. Rooms from €99, breakfast £12.",
    "German": "Zimmer;Preis\nEinzel;80 €\nDoppel für zwei;120 €\nFrühstück;12 €",
    "Spanish": "¿Dónde está la habitación? Mañana cuesta 90 € y el niño no paga.",
    "a Russian text": "Завтрак с 7 до 10 часов. Стоянка бесплатная, номер стоит 5000 рублей.",
    "a Russian price list": "Услуга;Цена\nМаникюр;1500\nСтрижка;1200\nЁлка;9900",
    "Russian capitals": "ОТЕЛЬ РАБОТАЕТ КРУГЛОСУТОЧНО",
    "French": "Le petit déjeuner : 12 €. Où êtes-vous ? Ça va très bien, à bientôt.",
    "a table of distances": "Città;Distanza\nMilano;45 km\nMalpensa – Aeroporto;60 km",
}


def cases() -> list[tuple[str, str]]:
    """What can be written in what."""
    return [
        (encoding, content)
        for content, text in CONTENTS.items()
        for encoding in ENCODINGS
        if text.encode(encoding, "ignore").decode(encoding) == text
    ]


@pytest.mark.parametrize(("encoding", "content"), cases())
def test_it_is_read_as_it_was_written(encoding: str, content: str) -> None:
    assert decode(CONTENTS[content].encode(encoding)) == CONTENTS[content]


@given(st.binary(max_size=300))
def test_bytes_are_a_text_without_nul_or_none(data: bytes) -> None:
    assert "\0" not in (decode(data) or "")


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=80))
def test_whatever_is_in_unicode_stays(text: str) -> None:
    assert decode(text.encode()) == text
    assert decode(text.encode("utf-8-sig")) == text
    assert decode(text.encode("utf-16")) == text


@pytest.mark.parametrize("noise", [bytes(range(1, 256)), b"\x89PNG\r\n\x1a\n\x01\x02\xff\xfe\xfd"])
def test_what_is_no_text_is_none(noise: bytes) -> None:
    assert decode(noise) is None
