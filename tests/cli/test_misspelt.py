"""Names that set nothing because a letter is wrong."""

from pathlib import Path

import pytest

from bot.cli.start import find_misspelt
from tests.cli.conftest import Sportello
from tests.cli.here import started


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("TELEGRAM_BOT_TOKN=1:x", "TELEGRAM_BOT_TOKEN"),
        ("export OPENAI_APIKEY = sk-x", "OPENAI_API_KEY"),
        ("openai_key='sk-x'", "OPENAI_API_KEY"),
        ("DATABASE_URI=x", "DATABASE_URL"),
        ("  ADMIN_ID=7", "ADMIN_IDS"),
    ],
)
def test_what_was_probably_meant_is_asked(line: str, meant: str) -> None:
    name = line.removeprefix("export").partition("=")[0].strip()
    Path(".env").write_text(f"PACE=off\n{line}\n", encoding="utf-8")

    assert find_misspelt() == (f"{name} in .env is no setting; did you mean {meant}?",)


def test_what_is_others_business_is_not_asked_about(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "#PACES=off\npace=off\nPOSTGRES_PASSWORD=x\nCOMPOSE_PROJECT_NAME=x\nTZ=UTC\n"
    Path(".env").write_text(lines, encoding="utf-8")
    for name in ("FTP_PROXY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "TELEGRAM_API_ID", "PAGER"):
        monkeypatch.setenv(name, "x")

    assert find_misspelt() == ()


def test_the_environment_is_looked_at_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_APIKEY", "sk-x")

    assert find_misspelt() == (
        "OPENAI_APIKEY in the environment is no setting; did you mean OPENAI_API_KEY?",
    )


def test_a_file_that_cannot_be_read_is_told_by_who_reads_it() -> None:
    Path(".env").write_bytes(b"PACES=\xff\xfe")

    assert find_misspelt() == ()


def test_the_check_says_so(sportello: Sportello) -> None:
    Path(".env").write_text("PACES=off\n", encoding="utf-8")

    lines = sportello("check").stdout.splitlines()

    assert lines[0] == "warning  Settings  PACES in .env is no setting; did you mean PACE?"


@pytest.mark.usefixtures("current")
async def test_the_start_says_so_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".env").write_text("TELEGRAM_BOT_TOKN=1:x\n", encoding="utf-8")
    monkeypatch.setenv("PLAYGROUND_PORT", "0")
    async with started(capsys) as here:
        await here.says("Ctrl+C stops")
        await here.stops()

    assert here.complaint == (
        "sportello: TELEGRAM_BOT_TOKN in .env is no setting; did you mean TELEGRAM_BOT_TOKEN?\n"
    )
