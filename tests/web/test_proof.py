"""What a company's token proves, and what proves nothing: each with its cause, for the log."""

from typing import Any, Final

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.proof import LEEWAY, LONGEST_AHEAD, NotProven, Proven, prove

NOW: Final = 1_790_000_000.0
SITE: Final = "site_aurora"
NEW, OLD, OTHER = ("spi_" + one * 64 for one in "abc")
HOUR: Final = 3_600


def signed(secret: str = NEW, algorithm: str = "HS256", **claims: Any) -> str:
    """As a company's own library makes it; a claim that is None is left out."""
    usual: dict[str, Any] = {"sub": "4711", "aud": SITE, "exp": NOW + HOUR, **claims}
    kept = {name: value for name, value in usual.items() if value is not None}
    return jwt.encode(kept, secret, algorithm=algorithm)


def cause(token: str, *secrets: str) -> str:
    with pytest.raises(NotProven) as refused:
        prove(token, secrets or (NEW, OLD), audience=SITE, now=NOW)
    return refused.value.cause


def proven(token: str) -> Proven:
    return prove(token, (NEW, OLD), audience=SITE, now=NOW)


@pytest.mark.parametrize("secret", [NEW, OLD])
def test_either_secret_proves_it(secret: str) -> None:
    """[23]"""
    said = proven(signed(secret, name="Anna Neri", iat=NOW - 5, email="a@example.it"))
    assert (said.sub, said.called) == ("4711", "Anna Neri")


def test_clocks_may_differ_a_little_and_a_site_be_one_of_several() -> None:
    said = proven(signed(iat=NOW + LEEWAY, aud=["other", SITE], exp=NOW + LONGEST_AHEAD))
    assert said.sub == "4711"


def test_a_name_is_one_line_of_what_can_be_seen() -> None:
    said = proven(signed(name=" Anna\n\u202e  Neri " + "x" * 99))
    assert said.called.startswith("Anna Neri xxx")
    assert len(said.called) == 64
    assert proven(signed()).called == ""


@pytest.mark.parametrize(
    ("email", "called"), [("anna@example.it", "anna@example.it"), (None, ""), (["a"], "")]
)
def test_who_has_no_name_is_called_by_their_address(email: object, called: str) -> None:
    assert proven(signed(name=" ", email=email)).called == called


@pytest.mark.parametrize(
    ("token", "why"),
    [
        (signed(exp=NOW - 1), "expired"),
        (signed(exp=NOW), "expired"),
        (signed(exp=NOW + LONGEST_AHEAD + 1), "good for too long"),
        (signed(exp=float("nan")), "good for too long"),
        (signed(exp=None), "claims"),
        (signed(exp="tomorrow"), "claims"),
        (signed(iat=NOW + LEEWAY + 1), "issued later"),
        (signed(iat=float("nan")), "issued later"),
        (signed(aud="site_other"), "InvalidAudienceError"),
        (signed(aud=None), "MissingRequiredClaimError"),
        (signed(sub=None), "claims"),
        (signed(sub=""), "claims"),
        (signed(sub="x" * 129), "claims"),
        (signed(name=7), "claims"),
        (signed(OTHER), "signature"),
        (signed()[:-3], "signature"),
        (jwt.encode({"sub": "4711"}, "", algorithm="none"), "InvalidAlgorithmError"),
        (signed(algorithm="HS512"), "InvalidAlgorithmError"),
        ("nonsense", "DecodeError"),
        ("\ud800.x.x", "malformed"),
        ("W1tbW1s." * 2 + "x", "DecodeError"),
    ],
)
def test_what_proves_nothing_has_its_cause(token: str, why: str) -> None:
    """[22]"""
    assert cause(token) == why


def test_without_a_secret_nothing_is_proven() -> None:
    with pytest.raises(NotProven, match="no secret"):
        prove(signed(), (), audience=SITE, now=NOW)


def test_nesting_without_an_end_is_no_token() -> None:
    nested = jwt.utils.base64url_encode(b"[" * 3_000).decode()
    assert cause(f"{nested}.{nested}.x") == "DecodeError"


@given(st.text(max_size=60) | st.lists(st.text(max_size=20), min_size=3, max_size=3).map(".".join))
def test_whatever_is_sent_is_refused(token: str) -> None:
    assert cause(token)
