"""Tokens and keys are found in one piece and in several, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.tokens import BULLET, hidden, hidden_in, tokens, whole
from tests.core.sentences import SENTENCES

TOKEN = "987654321:AAH-x_secretsecretsecretsecretsecre"
KEY = "sk-proj-Ab3dEfGh1jKlMn0pQrStUvWxYz-1234567890_abcdefGHIJ"
INVITATION = "i_QmFzZTY0VXJsU2FmZVRva2VuMTIzNDU2"
CONTINUATION = "w_QmFzZTY0VXJsU2FmZVRva2VuMTIzNDU2"
LINES = ["\n", "\r\n", " \n", "\n    ", "\\\n", "\u2028", "\x0c"]
UNSEEN = ["\u200b", "\u200d\u200c", "\u00ad", "\ufeff", "\u2060", "\u034f", "\x00", "\u0336"]


def found(text: str) -> list[str]:
    return [whole(text[start:end]) for _, start, end in tokens(text)]


@pytest.mark.parametrize("gap", [*LINES, *UNSEEN])
@pytest.mark.parametrize("secret", [TOKEN, KEY])
def test_it_is_found_in_two_pieces(secret: str, gap: str) -> None:
    for at in range(1, len(secret) - 4):
        text = f"Ecco: {secret[:at]}{gap}{secret[at:]}, va bene?"
        (held,) = found(text)
        assert secret.endswith(held) if gap in LINES and at < 10 else held == secret
        assert held.partition(":")[2] == secret.partition(":")[2]
        assert hidden(text).endswith(f"{BULLET}, va bene?")


@pytest.mark.parametrize("secret", [TOKEN, KEY, INVITATION, CONTINUATION])
def test_it_is_found_with_unseen_characters_between_all_of_its_own(secret: str) -> None:
    assert found("\u200b".join(secret)) == [secret]


def test_a_key_is_found_in_many_lines() -> None:
    lines = "\n".join(KEY[at : at + 12] for at in range(0, len(KEY), 12))
    assert found(f"{lines}\ne poi?") == [KEY]


@pytest.mark.parametrize("text", ["{}\nva bene?", "{}\nBuongiorno", "{} 12", "{}\n- uno\n- due"])
@pytest.mark.parametrize("secret", [TOKEN, KEY, INVITATION, CONTINUATION])
def test_what_follows_is_no_part_of_it(secret: str, text: str) -> None:
    assert found(text.format(secret)) == [secret]


@pytest.mark.parametrize(
    "text",
    [
        "Ore 1200:\nColazione\nParcheggio\nAnimali ammessi",
        "Tel. 0243:5678",
        "sk-SK, sk-ordinary-words-and-some-more-of-them",
        "i_am_here",
        "Camera 1204: vista-mare-e-giardino, colazione-inclusa-sempre",
        *SENTENCES[::50],
    ],
)
def test_ordinary_words_are_none(text: str) -> None:
    assert found(text) == []
    assert hidden(text) == text


def test_texts_are_searched_wherever_they_stand() -> None:
    value = {"knowledge": f"a {TOKEN}", "sources": ({"text": KEY, "at": 1.5},), "pace": None}
    assert hidden_in(value) == {
        "knowledge": f"a {BULLET * len(TOKEN)}",
        "sources": [{"text": BULLET * len(KEY), "at": 1.5}],
        "pace": None,
    }


@given(before=st.text(max_size=20), after=st.text(max_size=20))
def test_the_rest_of_a_text_stays(before: str, after: str) -> None:
    text = hidden(f"{before} {KEY}! {after}")
    assert len(text) == len(f"{before} {KEY}! {after}")
    assert KEY not in text


@pytest.mark.parametrize(
    "piece",
    [
        *(":", "1:", "12345:", "sk-", "sk-\n", "1234:a\n", "i_", "a\n", "1\n", "\u200b:"),
        *("1234\n:\n", "s\n", "1234:" + "a\n" * 9, "\\\n", " "),
    ],
)
def test_no_text_of_the_longest_takes_for_ever(piece: str) -> None:
    held = found(piece * (200_000 // len(piece)))  # for hours, if work grew with its square
    assert len(held) <= 1
