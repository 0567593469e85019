import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.links import (
    TOKEN_BYTES,
    Invitation,
    Named,
    digest,
    invitation_link,
    read_start,
    start_link,
)

payloads = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)


def payload_of(link: str) -> str:
    before, payload = link.split("?start=")
    assert before == "https://t.me/aurora_bot"
    return payload


def test_an_invitation_is_read_from_its_link() -> None:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = invitation_link("aurora_bot", token)
    assert read_start(payload_of(link)) == Invitation(token)


@given(payloads.filter(lambda name: not name.startswith("i_")))
def test_anything_else_names_a_tenant(name: str) -> None:
    assert read_start(payload_of(start_link("aurora_bot", name))) == Named(name)


def test_start_alone_asks_for_nothing() -> None:
    assert read_start("") is None


@given(st.text())
def test_whatever_is_typed_is_read_as_something(words: str) -> None:
    read_start(words)


@pytest.mark.parametrize("payload", ["", "hotel aurora", "città", "a" * 65, "a\n"])
def test_no_link_is_made_that_telegram_would_not_take(payload: str) -> None:
    with pytest.raises(ValueError, match="1 to 64"):
        start_link("aurora_bot", payload)


def test_the_token_is_not_shown_and_its_digest_is_another() -> None:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    assert token not in repr(Invitation(token))
    assert token not in digest(token)
    assert digest(token) == digest(token)
