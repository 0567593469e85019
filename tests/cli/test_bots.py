"""`sportello bots`: bots and their tokens, between the command line and an emulated Telegram."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing

import pytest

from bot.ops.vault import KeyVault
from bot.playground.serve import serve
from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.server import build_app
from bot.settings import load_settings
from db.sqlite import driver
from tests.cli.conftest import Sportello
from tests.cli.test_tenants import DATABASE, answer, change_database, meet_bot, trail

pytestmark = pytest.mark.usefixtures("current")

OLD_KEY, NEW_KEY = "an-older-key-of-a-sort", "a-newer-key-of-another"
TOKEN = "4711:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


@pytest.fixture
async def telegram(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TelegramEmulator]:
    """A Telegram that knows one bot, and a key for its token."""
    emulator = TelegramEmulator()
    emulator.accounts.add_bot(TOKEN, username="gino_bot")
    monkeypatch.setenv("SECRET_KEY", OLD_KEY)
    async with serve(build_app(emulator)) as url:
        monkeypatch.setenv("TELEGRAM_API_URL", url)
        yield emulator
        emulator.close()


def stored_token() -> str:
    with closing(driver.connect(DATABASE)) as database:
        (token,) = database.execute("SELECT token FROM bots").fetchone()
        return str(token)


def opened_token() -> str:
    """What the keys that are set make of it."""
    return KeyVault.open(load_settings().secret_key).decrypt(stored_token())


@pytest.mark.usefixtures("telegram")
async def test_a_bot_is_added_gets_a_new_token_and_goes(sportello: Sportello) -> None:
    def walk() -> None:
        sportello("tenants", "create", "gino")
        added = sportello("bots", "add", "gino", typed=f"{TOKEN}\n")
        assert added.stdout == "@gino_bot speaks for gino; a running process sees it by itself\n"
        assert TOKEN not in stored_token()
        assert opened_token() == TOKEN
        again = sportello("bots", "add", "gino", "--json", typed=TOKEN)
        assert '"added": "rotated"' in again.stdout
        (bot,) = answer(sportello, "bots", "list", "gino")
        assert bot == {"username": "gino_bot", "id": 4711, "tenant": "gino", "state": "active"}

        assert answer(sportello, "bots", "remove", "gino", "@Gino_Bot")["id"] == 4711
        assert answer(sportello, "bots", "list") == []
        deeds = [(row[2], row[3]) for row in trail()[1:]]
        assert deeds == [
            ("bot added", "@gino_bot"),
            ("bot token changed", "@gino_bot"),
            ("bot removed", "@gino_bot"),
        ]

    await asyncio.to_thread(walk)


@pytest.mark.usefixtures("telegram")
async def test_a_bot_of_another_tenants_is_refused(sportello: Sportello) -> None:
    def walk() -> None:
        sportello("tenants", "create", "gino")
        sportello("tenants", "create", "pina")
        sportello("bots", "add", "gino", typed=TOKEN)
        refused = sportello("bots", "add", "pina", typed=TOKEN)
        assert (refused.exit_code, refused.stdout, refused.stderr) == (
            1,
            "",
            "sportello: @gino_bot belongs to another tenant, or to the host\n",
        )

    await asyncio.to_thread(walk)


@pytest.mark.usefixtures("telegram")
@pytest.mark.parametrize("typed", [b"", b"\xff\xfe\n", b"hello\n", b"4712:AAAAAAAAAAAA\n"])
async def test_what_is_no_token_is_refused(sportello: Sportello, typed: bytes) -> None:
    def walk() -> None:
        sportello("tenants", "create", "gino")
        refused = sportello("bots", "add", "gino", typed=typed)
        assert refused.exit_code == 1
        assert "copy it again from @BotFather" in refused.stderr
        assert answer(sportello, "bots", "list") == []

    await asyncio.to_thread(walk)


@pytest.mark.usefixtures("telegram")
async def test_the_key_is_changed(sportello: Sportello, monkeypatch: pytest.MonkeyPatch) -> None:
    def walk() -> None:
        sportello("tenants", "create", "gino")
        sportello("bots", "add", "gino", typed=TOKEN)

        monkeypatch.setenv("SECRET_KEY", NEW_KEY)
        lost = sportello("bots", "rotate-key")
        assert (lost.exit_code, lost.stderr) == (
            1,
            "sportello: no key of SECRET_KEY opens the token of @gino_bot\n",
        )

        monkeypatch.setenv("SECRET_KEY", f"{NEW_KEY},{OLD_KEY}")
        assert answer(sportello, "bots", "rotate-key") == {
            "tokens": 1,
            "tool_secrets": 0,
        }
        monkeypatch.setenv("SECRET_KEY", NEW_KEY)
        assert opened_token() == TOKEN

    await asyncio.to_thread(walk)


def test_a_bot_needs_a_key_for_its_token(sportello: Sportello) -> None:
    sportello("tenants", "create", "gino")
    refused = sportello("bots", "add", "gino")
    assert refused.exit_code == 2
    assert "SECRET_KEY" in refused.stderr


def test_bots_are_listed_and_the_hosts_stays(sportello: Sportello) -> None:
    sportello("tenants", "create", "gino")
    assert sportello("bots", "list").stdout == "No bots yet.\n"
    meet_bot()
    change_database("UPDATE bots SET username = 'gino_bot'")
    (bot,) = answer(sportello, "bots", "list")
    assert bot == {"username": "gino_bot", "id": 4711, "tenant": "gino", "state": "shared"}
    assert sportello("bots", "remove", "gino", "@gino_bot").exit_code == 1
    assert sportello("bots", "remove", "gino", "@other_bot").exit_code == 1
