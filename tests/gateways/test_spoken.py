"""What a voice reads out of a bubble, and how the phone stack's core takes it."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gateways.spoken import PIECE_BYTES, pieces, sentences

CUT = re.compile(r"[^.!?]*[.!?]")  # where that core cuts
LETTERS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="[【`"), max_size=40)
WORDS = st.sampled_from(
    [
        *("Buongiorno", "3.50", "1.200", "24.12.2026", "Dr.", "Rossi", "S.p.A.", "т.е.", "д."),
        *("5", "…", "?!", "...", "!", ".", ":", ";", ",", "**ora**", "_qui_", "~~no~~", "😀"),
        *("hotel.it", "e", "info@hotel.it", "\n- ", "\n1. ", "\n\n", "\n# ", "(bene.)"),
        *('"Sì."', "| a |", "x" * 1200, "好。", "؟", "۔", "।", "مرحبا", "🇮🇹", "\u202e", "Я" * 400),
        *(
            "[il sito](https://x.it/a)",
            "https://x.it/a_b",
            "www.x.it",
            "m.r@x.it",
            "\u202e",
            "14.30",
        ),
    ]
)
BUBBLES = st.lists(st.one_of(WORDS, LETTERS), max_size=30).map(" ".join)


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


@pytest.mark.parametrize(
    ("bubble", "told"),
    [
        ("Costa 3.50 € a notte", ["Costa 3,50 € a notte."]),
        ("Dal Dr. Rossi alle 10.30. Va bene?", ["Dal Dr Rossi alle 10:30.", "Va bene?"]),
        ("Da 1.200 €, il 24.12.2026.", ["Da 1200 €, il 24/12/2026."]),
        ("**Buongiorno!** 😀 Come posso *aiutarla*", ["Buongiorno!", "Come posso aiutarla."]),
        (
            "Abbiamo:\n- camera doppia;\n- camera singola…",
            ["Abbiamo.", "camera doppia.", "camera singola."],
        ),
        ("1. Camera\n2) Cena", ["1, Camera.", "2, Cena."]),
        ("Vedi [il sito](https://x.it/a_(b)?c=1).", ["Vedi il sito."]),
        ("Su https://www.hotel-aurora.it/prezzi?a=1.", ["Su hotel-aurora punto it."]),
        (
            "Scriva a info@hotel.it, ecc. e poi basta.",
            ["Scriva a info@hotel punto it, ecc e poi basta."],
        ),
        ("Sì... forse. Davvero?! Bene!!", ["Sì, forse.", "Davvero?", "Bene!"]),
        ('"Ciao." Poi (bene.)', ['"Ciao".', "Poi (bene)."]),
        ("Ok【4†fonte】 ora", ["Ok ora."]),
        ("ул. Ленина, д. 5, т.е. рядом. Да", ["ул Ленина, д 5, т е рядом.", "Да."]),
        ("| a | b |\n|---|---|\n| 1 | 2 |", ["a b.", "1 2."]),
        ("20°C, №5, snake_case", ["20°C, №5, snake case."]),
        ("Fine.Poi altro", ["Fine.", "Poi altro."]),
        ("Dalle 8.30-10.00, $1,200.50", ["Dalle 8:30-10:00, $1200,50."]),
        ("Chiami il +39 045 000.0142", ["Chiami il +39 045 000 0142."]),
        ("La sig.ra Rossi e la Dott.ssa Bo", ["La signora Rossi e la Dottoressa Bo."]),
        ("Tel.: 045, in P.zza Bra 1", ["Tel: 045, in Piazza Bra 1."]),
        ("At 5 p.m. Or 10.30am to 1.15 p.m. daily", ["At 5 pm.", "Or 10:30am to 1:15 pm daily."]),
        ("тел. +7 495 123-45-67, в 9.30", ["тел +7 495 123-45-67, в 9:30."]),
        ("Scriva a m.bo@x.it!", ["Scriva a m punto bo@x punto it!"]),
        ("مرحبا. كيف حالك؟ بخير۔ شكرا", ["مرحبا.", "كيف حالك?", "بخير.", "شكرا."]),
        ("你好。你好吗？很好！再见", ["你好.", "你好吗?", "很好!", "再见."]),
        ("नमस्ते। कैसे हैं", ["नमस्ते.", "कैसे हैं."]),
        ("\u202eCiao\u202c 👨\u200d👩\u200d👧 🇮🇹 1️⃣", ["Ciao 1."]),
        ("😀 …", []),
    ],
)
def test_it_is_written_for_the_ear(bubble: str, told: list[str]) -> None:
    """[51, 52]"""
    said = sentences(bubble, dot="punto")
    assert list(said) == told


@given(BUBBLES)
def test_each_piece_is_one_small_object_that_ends_as_a_sentence_does(bubble: str) -> None:
    """[51]"""
    for piece in pieces(bubble):
        told = json.loads(piece)
        content = told.pop("content")
        assert told == {"type": "text"}
        assert len(piece) <= PIECE_BYTES
        assert CUT.findall(content) == [content]
        assert letters(content)


@given(BUBBLES)
def test_no_mark_and_no_link_is_left_to_read_out(bubble: str) -> None:
    """[52]"""
    for sentence in sentences(bubble, dot="punto"):
        assert not re.search(r"[*`#~|\\_\u202e]|\w://|www\.|\]\(", sentence), sentence


@given(BUBBLES)
def test_nothing_is_lost(bubble: str) -> None:
    """[52] An address is said in another way: of it, and of what is hidden, nothing is asked."""
    kept = re.sub(r"(?i)(?:[a-z][a-z0-9+.-]*://|www\.)\S*", "", bubble)
    said = "".join(json.loads(piece)["content"] for piece in pieces(kept))
    assert letters(said) == letters(kept)


@given(st.lists(st.sampled_from(["uno", "due", "Tre", "quattro"]), min_size=1, max_size=9))
def test_words_stay_apart(words: list[str]) -> None:
    for between in (" ", ". ", "*", "\n- ", "…"):
        said = " ".join(sentences(between.join(words)))
        assert re.findall(r"[^\W_]+", said) == words
