"""What a run plays on, and what it says of it."""

import os
from pathlib import Path

import httpx2
import pytest

from bot.cli.stage import Stage, set_stage
from bot.errors import ConfigError
from bot.ops.vault import KeyVault
from bot.settings import Settings, load_settings

TOKEN = "4711:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
KEY = "sk-of-the-real-one"


@pytest.fixture(autouse=True)
def any_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_PORT", "0")


@pytest.mark.parametrize(
    ("missing", "page", "offline", "line"),
    [
        (
            ("TELEGRAM_BOT_TOKEN", "OPENAI_API_KEY"),
            "http://127.0.0.1:8080",
            True,
            "No TELEGRAM_BOT_TOKEN, no OPENAI_API_KEY: playground on http://127.0.0.1:8080 "
            "(emulated Telegram, offline model). Ctrl+C stops.",
        ),
        (
            ("TELEGRAM_BOT_TOKEN",),
            "http://127.0.0.1:8080",
            False,
            "No TELEGRAM_BOT_TOKEN: playground on http://127.0.0.1:8080 "
            "(emulated Telegram, model gpt-6-luna). Ctrl+C stops.",
        ),
        (
            (),
            None,
            True,
            "@aurora_bot on Telegram (offline model). Ctrl+C stops.",
        ),
        ((), None, False, "@aurora_bot on Telegram (model gpt-6-luna). Ctrl+C stops."),
        (
            (),
            "http://127.0.0.1:8080",
            True,
            "Playground on http://127.0.0.1:8080 (emulated Telegram, offline model). Ctrl+C stops.",
        ),
    ],
)
def test_one_line_says_what_it_is(
    missing: tuple[str, ...], page: str | None, offline: bool, line: str
) -> None:
    assert Stage(Settings(), missing, page, offline).announce("aurora_bot") == line


def test_one_line_says_that_nothing_is_in_telegram() -> None:
    line = "Sites and programs on http://127.0.0.1:8090, without Telegram (model gpt-6-luna)."
    alone = Stage(Settings(http_port=8090), (), None, False)
    assert alone.announce(None) == f"{line} Ctrl+C stops."


@pytest.mark.parametrize("page", [None, "http://127.0.0.1:8080"])
def test_one_line_says_where_the_web_is_beside_telegram(page: str | None) -> None:
    both = Stage(Settings(http_port=8090), (), page, False)
    line = both.announce("aurora_bot")
    assert line.endswith("); sites and programs on http://127.0.0.1:8090. Ctrl+C stops.")


async def test_a_port_and_a_model_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PORT", "8090")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    async with set_stage(load_settings(), playground=False) as stage:
        assert (stage.missing, stage.page, stage.offline) == ((), None, False)
        assert stage.settings.web_alone


async def test_with_both_credentials_nothing_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    settings = load_settings()

    async with set_stage(settings, playground=False) as stage:
        assert stage == Stage(settings, (), None, False)


async def test_without_a_token_telegram_is_emulated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("ADMIN_IDS", "12345")

    async with set_stage(load_settings(), playground=False) as stage:
        assert stage.missing == ("TELEGRAM_BOT_TOKEN",)
        assert stage.settings.telegram_api_url == stage.page
        assert stage.settings.openai_base_url == "https://api.openai.com/v1"
        assert stage.settings.admin_ids != (12345,)


async def test_clients_on_telegram_get_the_offline_model_where_it_is_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("OPENAI_MODEL", "one-of-ones-own")
    monkeypatch.setenv("OFFLINE_MODEL", "true")

    async with set_stage(load_settings(), playground=False) as stage:
        assert stage.missing == ()
        assert stage.page is None
        assert stage.settings.telegram_api_url == "https://api.telegram.org"
        assert stage.settings.openai_base_url.startswith("http://127.0.0.1:")
        assert stage.settings.openai_model == "gpt-6-luna"


async def test_clients_on_telegram_never_get_the_offline_model_unasked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)

    with pytest.raises(ConfigError, match=r"^OPENAI_API_KEY is not set"):
        async with set_stage(load_settings(), playground=False):
            pass
    assert os.listdir() == []


async def test_without_anything_the_model_is_offline() -> None:
    async with set_stage(load_settings(), playground=False) as stage:
        assert stage.missing == ("TELEGRAM_BOT_TOKEN", "OPENAI_API_KEY")
        assert stage.offline


async def test_a_server_of_ones_own_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:11434/v1")
    settings = load_settings()

    async with set_stage(settings, playground=False) as stage:
        assert stage == Stage(settings, (), None, False)


async def test_the_offline_model_may_be_preferred(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OFFLINE_MODEL", "true")

    async with set_stage(load_settings(), playground=False) as stage:
        assert (stage.missing, stage.offline) == (("TELEGRAM_BOT_TOKEN",), True)
        assert stage.settings.openai_api_key != load_settings().openai_api_key


async def test_the_playground_needs_and_uses_no_credentials(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", "https://model.example/v1")

    async with set_stage(load_settings(), playground=True) as stage:
        settings = stage.settings
        assert (stage.missing, stage.offline) == ((), True)
        assert settings.telegram_bot_token != load_settings().telegram_bot_token
        assert settings.openai_api_key != load_settings().openai_api_key
        assert settings.openai_base_url.startswith("http://127.0.0.1:")
        assert settings.database_url.get_secret_value().endswith("data/playground.db")


async def test_the_playground_uses_the_database_that_was_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite+aiosqlite:///mine.db")

    async with set_stage(load_settings(), playground=True) as stage:
        assert stage.settings.database_url.get_secret_value().endswith("///mine.db")
        assert set(os.listdir()) >= {"mine-model.db", "mine-telegram.db"}


async def test_the_playground_keeps_a_secret_key_of_its_own() -> None:
    async with set_stage(load_settings(), playground=True) as stage:
        first = stage.settings.secret_key
    async with set_stage(load_settings(), playground=True) as stage:
        assert stage.settings.secret_key == first

    assert first is not None
    assert KeyVault.open(first).sealed
    assert os.stat("data/playground-secret.key").st_mode & 0o077 == 0


@pytest.fixture
def empty_key() -> None:
    """All that a start left which was killed while it wrote the key."""
    Path("data").mkdir()
    Path("data/playground-secret.key").touch(mode=0o600)


@pytest.mark.usefixtures("empty_key")
async def test_a_key_that_was_not_written_is_made() -> None:
    async with set_stage(load_settings(), playground=True) as stage:
        assert KeyVault.open(stage.settings.secret_key).sealed


async def test_a_secret_key_that_was_given_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "0123456789abcdef")

    async with set_stage(load_settings(), playground=True) as stage:
        assert stage.settings.secret_key == load_settings().secret_key


async def test_the_page_is_there_before_the_company() -> None:
    async with set_stage(load_settings(), playground=True) as stage, httpx2.AsyncClient() as http:
        about = (await http.get(f"{stage.page}/playground/about")).json()

    assert (about["company"], about["language"], about["model"]) == ("", "it", "offline")
    assert about["questions"]["it"][1] == "Dove vi trovate?"
