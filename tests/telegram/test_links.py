import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.invitations import INVITATION, TOKEN_BYTES, digest
from bot.telegram.links import Invitation, Named, clients_link, read_start, start_link

payloads = st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)


def payload_of(link: str) -> str:
    before, payload = link.split("?start=")
    assert before == "https://t.me/aurora_bot"
    return payload


def test_an_invitation_is_read_from_its_link() -> None:
    invitation = INVITATION + secrets.token_urlsafe(TOKEN_BYTES)
    link = start_link("aurora_bot", invitation)
    assert read_start(payload_of(link)) == Invitation(invitation)


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


def test_an_invitation_does_not_show_what_it_is() -> None:
    invitation = INVITATION + secrets.token_urlsafe(TOKEN_BYTES)
    assert invitation not in repr(Invitation(invitation))


@given(st.text())
def test_whatever_is_typed_has_a_digest_that_is_not_it(words: str) -> None:
    assert digest(words) != words
    assert digest(words) == digest(words)


@pytest.mark.parametrize(
    ("own", "shared", "link"),
    [
        ("gino_bot", "desk_bot", "https://t.me/gino_bot"),
        ("desk_bot", "desk_bot", "https://t.me/desk_bot?start=gino"),
        (None, "desk_bot", "https://t.me/desk_bot?start=gino"),
        (None, None, ""),
    ],
)
def test_clients_find_a_company_by_its_own_bot_or_by_the_one_of_all(
    own: str | None, shared: str | None, link: str
) -> None:
    """[75]"""
    assert clients_link(own, shared, "gino") == link
