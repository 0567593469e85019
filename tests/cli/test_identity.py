"""`sportello sites`, of one site: with what a company signs who its visitors are."""

import re

import pytest

from bot.core.tokens import SIGNS
from tests.cli.conftest import Sportello
from tests.cli.test_sites import SECRET_KEY, deeds
from tests.cli.test_tenants import answer

SITE = ("gino", "gino.example")


@pytest.fixture(autouse=True)
def site(sportello: Sportello, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", SECRET_KEY)
    sportello("tenants", "create", "gino")
    sportello("sites", "add", *SITE)


def test_a_secret_is_printed_once_and_retired(sportello: Sportello) -> None:
    assert sportello("sites", "secrets", *SITE).stdout == "No secrets yet.\n"
    secret = sportello("sites", "new-secret", *SITE).stdout.strip()
    assert re.fullmatch(rf"{SIGNS}[0-9a-f]{{64}}", secret)
    second = answer(sportello, "sites", "new-secret", *SITE)
    assert (second["id"], second["site"]) == (2, "gino.example")
    third = sportello("sites", "new-secret", *SITE)
    assert third.stderr == "sportello: gino.example has 2 secrets already; retire one first\n"
    assert [one["id"] for one in answer(sportello, "sites", "secrets", *SITE)] == [1, 2]
    assert secret not in sportello("sites", "secrets", *SITE).stdout

    retired = sportello("sites", "retire-secret", *SITE, "1")
    assert retired.stdout == "The secret 1 of gino.example proves nothing any more\n"
    again = sportello("sites", "retire-secret", *SITE, "1")
    assert again.stderr == "sportello: gino.example has no secret 1; its secrets are: 2\n"
    rotated = answer(sportello, "bots", "rotate-key")
    assert rotated == {"tokens": 0, "tool_secrets": 0, "identity_secrets": 1}
    assert [deed for deed, _ in deeds()[1:]] == [
        "identity secret added",
        "identity secret added",
        "identity secret retired",
    ]


def test_a_site_answers_known_visitors_alone_once_they_can_be_known(sportello: Sportello) -> None:
    early = sportello("sites", "known-only", *SITE)
    assert early.stderr == (
        "sportello: gino.example has no secret: nobody could prove anything; make one first\n"
    )
    sportello("sites", "new-secret", *SITE)
    only = sportello("sites", "known-only", *SITE)
    assert only.stdout == "gino.example: answers known visitors alone\n"
    assert "known visitors alone" in sportello("sites", "show", *SITE).stdout
    assert answer(sportello, "sites", "show", *SITE)["known_only"]
    assert not answer(sportello, "sites", "everybody", *SITE)["known_only"]
    assert [deed for deed, _ in deeds()[2:]] == ["site for known visitors", "site for everybody"]


def test_a_secret_needs_a_key_to_be_kept_by(
    sportello: Sportello, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY")
    assert sportello("sites", "new-secret", *SITE).exit_code == 2
