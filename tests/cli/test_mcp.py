"""`sportello tools servers`, and what becomes of companies' MCP servers under another key."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from bot.ops.vault import KeyVault
from bot.settings import load_settings
from db.sqlite import driver
from tests.cli.conftest import Sportello
from tests.cli.test_tenants import DATABASE, answer, change_database

OLD_KEY, NEW_KEY = "an-older-key-of-a-sort", "a-newer-key-of-another"
OPENS = json.dumps({"url": "https://rooms.example/mcp", "token": "t0p-secret"})


@pytest.fixture
def gino(current: Path, sportello: Sportello, monkeypatch: pytest.MonkeyPatch) -> None:
    """A company with a server that failed."""
    monkeypatch.setenv("SECRET_KEY", OLD_KEY)
    sportello("tenants", "create", "gino")
    sportello("tenants", "create", "pino")
    sealed = KeyVault.open(load_settings().secret_key).encrypt(OPENS)
    change_database(
        "INSERT INTO mcp_servers (tenant_id, label, host, sealed, added_at, failures, failure,"  # noqa: S608 - a test's own words
        f" failed_at, retry_at) SELECT id, 'rooms', 'rooms.example', '{sealed}', 1.0, 1, 'away',"
        " 0.0, 60.0 FROM tenants WHERE name = 'gino'"
    )


def opened() -> str:
    with closing(driver.connect(DATABASE)) as database:
        (sealed,) = database.execute("SELECT sealed FROM mcp_servers").fetchone()
    return KeyVault.open(load_settings().secret_key).decrypt(sealed)


@pytest.mark.usefixtures("gino")
def test_they_are_listed_without_what_opens_them(sportello: Sportello) -> None:
    listed = sportello("tools", "servers").stdout
    assert listed.splitlines()[1].split("  ") == [
        *("gino", "", "rooms", "rooms.example", "1970-01-01 00:00:00Z away"),
        "1970-01-01 00:01:00Z",
    ]
    (one,) = answer(sportello, "tools", "servers", "gino")
    assert one == {
        "tenant": "gino",
        "name": "rooms",
        "host": "rooms.example",
        "failure": "away",
        "failed_at": 0.0,
        "retry_at": 60.0,
    }
    assert sportello("tools", "servers", "pino").stdout == "No MCP servers yet.\n"
    assert sportello("tools", "servers", "nobody").exit_code == 1


@pytest.mark.usefixtures("gino")
def test_the_key_is_changed(sportello: Sportello, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", NEW_KEY)
    lost = sportello("bots", "rotate-key")
    told = "sportello: no key of SECRET_KEY opens the MCP server rooms of gino\n"
    assert (lost.exit_code, lost.stderr) == (1, told)

    monkeypatch.setenv("SECRET_KEY", f"{NEW_KEY},{OLD_KEY}")
    assert answer(sportello, "bots", "rotate-key") == {"tokens": 0, "tool_secrets": 1}
    monkeypatch.setenv("SECRET_KEY", NEW_KEY)
    assert opened() == OPENS
