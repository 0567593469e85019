"""What the host sets, and what is said when it is wrong."""

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.errors import ConfigError
from bot.settings import Settings, load_settings
from scripts.settings_page import PAGE, render

HERE = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of ours is set, and there is no `.env`."""
    ours = {name.upper() for name in Settings.model_fields}
    for variable in [name for name in os.environ if name.upper() in ours]:
        monkeypatch.delenv(variable)
    monkeypatch.chdir(tmp_path)


def complaint(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> str:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigError) as caught:
        load_settings()
    return str(caught.value)


def test_nothing_has_to_be_set() -> None:
    settings = load_settings()

    assert settings.telegram_bot_token is None
    assert settings.openai_api_key is None
    assert settings.openai_model == "gpt-6-luna"
    assert settings.database_url.get_secret_value() == "sqlite+aiosqlite:///data/sportello.db"


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.setenv(name.upper(), "")

    assert load_settings() == Settings()


def test_the_environment_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("TURNS_PER_MINUTE=7\nLEASE_SECONDS=20\nSOMEONE_ELSES=x\n")
    monkeypatch.setenv("LEASE_SECONDS", "30")

    settings = load_settings()

    assert (settings.turns_per_minute, settings.lease_seconds) == (7, 30)


@pytest.mark.parametrize("text", ["1,22", " 1, 22 ", "1;22", "1 22,"])
def test_admins_are_listed_with_commas(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("ADMIN_IDS", text)

    assert load_settings().admin_ids == (1, 22)


def test_words_are_read_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "WARNING")
    monkeypatch.setenv("PACE", "Brisk")

    settings = load_settings()

    assert (settings.log_level, settings.pace) == ("warning", "brisk")


def test_an_address_loses_its_last_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1/")

    assert load_settings().openai_base_url == "http://127.0.0.1:9/v1"


def test_a_key_loses_the_line_end_it_was_copied_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", " sk-1\n")

    key = load_settings().openai_api_key

    assert key is not None
    assert key.get_secret_value() == "sk-1"


@pytest.mark.parametrize("keys", ["0123456789abcdef", "0123456789abcdef, fedcba9876543210"])
def test_secret_keys_are_long(monkeypatch: pytest.MonkeyPatch, keys: str) -> None:
    monkeypatch.setenv("SECRET_KEY", keys)

    key = load_settings().secret_key

    assert key is not None
    assert key.get_secret_value() == keys


@pytest.mark.parametrize(
    "url",
    [
        "sqlite+aiosqlite:///x.db",
        "sqlite+aiosqlite:////srv/x.db",
        "postgresql+asyncpg://me:p@ss/w@[::1]:5432/desk",
        "postgresql+asyncpg:///desk?host=/run/postgresql",
        "postgresql://me:pass@host/desk?sslmode=require",
        "postgres://me:pass@host:6543/desk?pgbouncer=true",
    ],
)
def test_both_databases_are_accepted(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)

    assert load_settings().database_url.get_secret_value() == url


@pytest.mark.parametrize(
    "url",
    [
        "desk.db",
        "sqlite:///desk.db",
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///",
        "sqlite+aiosqlite:///:memory:",
        "sqlite+aiosqlite:///file:desk.db?uri=true",
        "postgresql+psycopg://desk",
        "postgresql+asyncpg://me@host:port/desk",
        "mysql+aiomysql://desk",
    ],
)
def test_another_database_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    assert complaint(monkeypatch, "DATABASE_URL", url) == (
        "DATABASE_URL should be sqlite+aiosqlite:///FILE"
        " or postgresql://USER:PASSWORD@HOST/DATABASE"
    )


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("TELEGRAM_BOT_TOKEN", "tok", "should be the token as @BotFather gave it"),
        ("OPENAI_API_KEY", "sk 1", "should be the key as it was given, without spaces"),
        ("SECRET_KEY", "0123456789abcdef short", "should be a key of at least 16 characters"),
        ("TELEGRAM_API_URL", "localhost", "should be an address that begins with http://"),
        ("HTTPS_PROXY", "gopher://proxy:70", "should be http://HOST:PORT"),
        ("ALL_PROXY", "http://proxy:port", "should be http://HOST:PORT"),
        (
            "TELEGRAM_API_URL",
            "https://api.telegram.org/bot",
            "should be the server's address alone",
        ),
        ("TELEGRAM_API_URL", "http://box/bot1:x", "should be the server's address alone"),
        ("ADMIN_IDS", "1,bob", "should be a valid integer"),
        ("ADMIN_IDS", "-5", "should be greater than 0"),
        ("ADMIN_IDS", "7,1087968824", "should be a person's"),
        ("PACE", "slow", "should be 'human', 'brisk' or 'off'"),
        ("TURN_QUIET_SECONDS", "soon", "should be a valid number"),
        ("TURNS_PER_MINUTE", "-1", "should be greater than or equal to 0"),
        ("WAITING_SECONDS", "nan", "should be less than or equal to 300"),
        ("PLAYGROUND_PORT", "65536", "should be less than or equal to 65535"),
    ],
)
def test_a_bad_value_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, told: str
) -> None:
    line = complaint(monkeypatch, variable, value)

    assert line.startswith(f"{variable} {told}")
    assert "\n" not in line


def test_every_bad_value_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_FORMAT", "xml")

    line = complaint(monkeypatch, "IN_DOUBT", "ask")

    assert line == (
        "IN_DOUBT should be 'probe', 'resend' or 'skip'; LOG_FORMAT should be 'console' or 'json'"
    )


def test_an_unreadable_file_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"PACE=\xff\xfe")

    with pytest.raises(ConfigError, match=r"^\.env cannot be read: make it a UTF-8 text file"):
        load_settings()


@pytest.mark.parametrize("variable", ["TELEGRAM_BOT_TOKEN", "OPENAI_API_KEY", "DATABASE_URL"])
def test_a_bad_secret_is_never_told(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "pass word")
    with pytest.raises(ValidationError) as caught:
        Settings()

    assert "pass word" not in str(caught.value)
    assert "pass word" not in complaint(monkeypatch, variable, "pass word")


def test_settings_never_show_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:hush")
    monkeypatch.setenv("OPENAI_API_KEY", "hush")
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://me:hush@host/desk")
    monkeypatch.setenv("HTTPS_PROXY", "http://me:hush@proxy:3128")

    settings = load_settings()

    assert "hush" not in f"{settings!r} {settings} {settings.model_dump_json()}"


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().pace = "off"  # type: ignore[misc]  # that is the point


def test_the_reference_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "run `make docs`"


def test_the_example_file_names_every_setting_and_its_default(tmp_path: Path) -> None:
    lines = (HERE / ".env.example").read_text(encoding="utf-8").splitlines()
    commented = [line[1:] for line in lines if line.startswith("#") and "=" in line]
    (tmp_path / ".env").write_text("\n".join(commented))

    assert {line.partition("=")[0] for line in commented} == {
        name.upper() for name in Settings.model_fields
    }
    assert load_settings() == Settings.model_construct()
