"""`sportello sites` and `sportello keys`: the web, from the command line."""

from pathlib import Path

import pytest

from bot.cli.keys_group import May
from bot.core.api_keys import PURPOSE, read
from bot.ops.vault import KeyVault
from bot.settings import load_settings
from db.api_keys import Scope
from tests.cli.conftest import Sportello
from tests.cli.test_tenants import answer, change_database, trail

SECRET_KEY = "a-key-for-what-is-kept"


@pytest.fixture(autouse=True)
def gino(current: Path, sportello: Sportello, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", SECRET_KEY)
    sportello("tenants", "create", "gino")


def deeds() -> list[tuple[str | None, ...]]:
    """What was done after the tenant was made: what, to what, to which."""
    return [row[2:4] for row in trail()[1:]]


# ------------------------------------------------------------------------ sites


def test_a_site_is_added_shown_switched_and_removed(sportello: Sportello) -> None:
    assert sportello("sites", "list").stdout == "No sites yet.\n"
    added = sportello("sites", "add", "gino", "www.gino.example", "*.gino.example")
    (site,) = answer(sportello, "sites", "list", "gino")
    line = f'<script src="HTTP_PUBLIC_URL/widget.js" data-site="{site["key"]}" async></script>'
    assert added.stdout == (
        f"www.gino.example: added for gino; this line goes into its pages:\n{line}\n"
    )
    assert site == {
        "site": "www.gino.example",
        "id": 1,
        "tenant": "gino",
        "state": "on",
        "origins": ["https://www.gino.example", "https://*.gino.example"],
        "key": site["key"],
        "accent": "#1f6feb",
        "corner": "right",
        "daily_tokens": None,
        "messages_per_minute": None,
        "known_only": False,
    }
    assert sportello("sites", "list").stdout == (
        "SITE              ID  TENANT  STATE  ADDRESSES\n"
        "www.gino.example  1   gino    on     www.gino.example, *.gino.example\n"
    )
    shown = sportello("sites", "show", "gino", "https://www.gino.example/menu").stdout
    assert line in shown
    assert "messages a minute  as usual" in shown
    change_database("UPDATE sites SET daily_tokens = 5000, messages_per_minute = 3")
    assert "5000" in sportello("sites", "show", "gino", "1").stdout

    assert sportello("sites", "off", "gino", "1").stdout == "www.gino.example: off\n"
    assert answer(sportello, "sites", "show", "gino", "1")["state"] == "off"
    assert answer(sportello, "sites", "on", "gino", "www.gino.example")["state"] == "on"
    removed = sportello("sites", "remove", "gino", "1")
    assert removed.stdout == "gino no longer answers on www.gino.example\n"
    assert answer(sportello, "sites", "list") == []
    assert deeds() == [
        (deed, "www.gino.example")
        for deed in ("site added", "site switched off", "site switched on", "site removed")
    ]


def test_http_is_told_to_show_nothing(sportello: Sportello) -> None:
    added = sportello("sites", "add", "gino", "http://gino.example", "http://localhost:8000").stdout
    assert added.endswith("\npages opened with http show no chat: gino.example\n")


@pytest.mark.parametrize(
    ("variables", "where"),
    [
        ({}, "HTTP_PUBLIC_URL"),
        ({"HTTP_PORT": "8090"}, "http://127.0.0.1:8090"),
        ({"HTTP_PORT": "8090", "HTTP_PUBLIC_URL": "https://desk.example"}, "https://desk.example"),
    ],
)
def test_the_line_leads_to_where_pages_reach_us(
    sportello: Sportello, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], where: str
) -> None:
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)

    assert f'src="{where}/widget.js"' in sportello("sites", "add", "gino", "gino.example").stdout


@pytest.mark.parametrize("token", ["", "4711:a-token-of-a-bot-that-is-none"])
def test_the_line_leads_to_telegram_where_it_is_the_real_one(
    sportello: Sportello, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    change_database("INSERT INTO bots (id, tenant_id, username) VALUES (4711, 1, 'gino_bot')")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", token)

    told = sportello("sites", "add", "gino", "gino.example").stdout
    assert ("https://t.me/gino_bot" in told) is bool(token)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "gino", "null"), "no address of a web site: null"),
        (("add", "gino", ""), "a site has 1 to 20 addresses"),
        (("add", "pina", "pina.example"), "there is no tenant “pina”; the tenants are: gino"),
        (("show", "gino", "7"), "gino has no site “7”; its sites are: none yet"),
        (
            ("off", "gino", "gino.example"),
            "gino has no site “gino.example”; its sites are: none yet",
        ),
        (("remove", "gino", "x"), "gino has no site “x”; its sites are: none yet"),
    ],
)
def test_what_cannot_be_done_to_a_site_is_told(
    sportello: Sportello, arguments: tuple[str, ...], said: str
) -> None:
    told = sportello("sites", *arguments)
    assert (told.exit_code, told.stdout, told.stderr) == (1, "", f"sportello: {said}\n")
    assert deeds() == []


def test_an_address_is_one_sites(sportello: Sportello) -> None:
    sportello("sites", "add", "gino", "gino.example")
    told = sportello("sites", "add", "gino", "www.gino.example", "gino.example")
    assert (told.exit_code, told.stderr) == (
        1,
        "sportello: gino.example is an address of gino's site gino.example already\n",
    )
    assert len(answer(sportello, "sites", "list")) == 1


def test_of_two_sites_with_an_address_none_is_taken_for_the_other(sportello: Sportello) -> None:
    """There may be some of the time when that was allowed."""
    for address in ("gino.example", "www.gino.example"):
        sportello("sites", "add", "gino", address)
    change_database("UPDATE sites SET origins = (SELECT origins FROM sites WHERE id = 1)")
    unclear = sportello("sites", "remove", "gino", "gino.example")
    assert unclear.stderr == (
        "sportello: several sites have the address “gino.example”: 1, 2; name one by its id\n"
    )
    assert sportello("sites", "remove", "gino", "2").exit_code == 0
    assert answer(sportello, "sites", "show", "gino", "gino.example")["id"] == 1
    nothing = sportello("sites", "remove", "gino", "2")
    assert nothing.stderr == ("sportello: gino has no site “2”; its sites are: gino.example (1)\n")


def test_a_tenant_has_twenty_sites(sportello: Sportello) -> None:
    sportello("sites", "add", "gino", "gino.example")
    columns = "tenant_id, origins, accent, corner, created_at, is_on, public_key"
    values = "tenant_id, origins, accent, corner, created_at, is_on, public_key ||"
    for number in range(19):
        change_database(
            f"INSERT INTO sites ({columns}) SELECT {values} {number} FROM sites WHERE id = 1"  # noqa: S608 - a number
        )
    told = sportello("sites", "add", "gino", "other.example")
    assert told.stderr == "sportello: gino has 20 sites already; remove one first\n"


# ------------------------------------------------------------------------- keys


def test_a_key_is_made_listed_and_revoked(sportello: Sportello) -> None:
    assert sportello("keys", "list").stdout == "No keys yet.\n"
    key = sportello("keys", "new", "gino", "crm").stdout.strip()
    row, secret = read(key) or (0, "")
    (kept,) = answer(sportello, "keys", "list", "gino")
    assert (row, kept["name"], kept["scopes"], kept["last_used"]) == (1, "crm", ["chat"], None)
    vault = KeyVault.open(load_settings().secret_key)
    change_database(
        (
            "UPDATE api_keys SET last_used = 1795003200 WHERE digest = ?",
            vault.digests(secret, purpose=PURPOSE)[:1],
        )
    )
    assert sportello("keys", "list").stdout == (
        "KEY  ID  TENANT  SCOPES  LAST USED\ncrm  1   gino    chat    2026-11-18 12:00 UTC\n"
    )

    more = answer(sportello, "keys", "new", "gino", "crm", "--scope", "read", "--scope", "chat")
    assert (more["id"], more["scopes"]) == (2, ["chat", "read"])
    third = sportello("keys", "new", "gino", "crm")
    assert third.stderr == (
        "sportello: gino has as many keys as there may be, or two named “crm”\n"
    )
    unclear = sportello("keys", "revoke", "gino", "crm")
    assert unclear.stderr == "sportello: several keys are named “crm”: 1, 2; name one by its id\n"
    assert sportello("keys", "revoke", "gino", key).stdout == "crm (1) opens nothing any more\n"
    assert answer(sportello, "keys", "revoke", "gino", "crm")["id"] == 2
    assert answer(sportello, "keys", "list") == []
    assert deeds() == [("key added", "crm")] * 2 + [("key revoked", "crm")] * 2


def test_a_key_has_limits(sportello: Sportello) -> None:
    sportello("keys", "new", "gino", "crm")
    limited = sportello("keys", "limit", "gino", "crm", "--messages", "30", "--tokens", "5000")
    assert limited.stdout == "crm (1): messages a minute: 30; tokens a day: 5000\n"
    free = sportello("keys", "limit", "gino", "1", "--messages", "0")
    assert free.stdout == "crm (1): messages a minute: as usual; tokens a day: 5000\n"
    (kept,) = answer(sportello, "keys", "list")
    assert (kept["messages_per_minute"], kept["daily_tokens"]) == (None, 5000)
    assert deeds()[1:] == [("key limits changed", "crm")] * 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("new", "gino", " "), "a key has a name of 1 to 40 characters"),
        (("new", "gino", "x" * 41), "a key has a name of 1 to 40 characters"),
        (("new", "pina", "crm"), "there is no tenant “pina”; the tenants are: gino"),
        (("revoke", "gino", "crm"), "gino has no such key; its keys are: none yet"),
    ],
)
def test_what_cannot_be_done_to_a_key_is_told(
    sportello: Sportello, arguments: tuple[str, ...], said: str
) -> None:
    told = sportello("keys", *arguments)
    assert (told.exit_code, told.stdout, told.stderr) == (1, "", f"sportello: {said}\n")


def test_a_key_may_do_what_there_is_to_do() -> None:
    assert [*May] == [*Scope]


def test_a_key_needs_one_to_be_kept_by(
    sportello: Sportello, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY")
    told = sportello("keys", "new", "gino", "crm")
    assert told.exit_code == 2
    assert "SECRET_KEY" in told.stderr
