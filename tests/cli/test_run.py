"""`sportello run` as a host starts it, talks to it and stops it."""

import asyncio
import json
import re
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import pytest

from bot.cli import profiles
from bot.cli.run import run
from bot.cli.transcript import show
from bot.errors import ConfigError
from bot.playground.serve import serve
from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.faults import Fault
from bot.playground.telegram.server import build_app
from db.sqlite import driver
from tests.cli.here import started
from tests.cli.processes import outcome, playing, start
from tests.patience import PATIENCE_SECONDS

TOKEN = "4711:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
GIULIA = 1001
# Packages that a run on Telegram, with a model and on a file, has no use for.
UNUSED = (
    *("bot.playground", "bot.cli.understudies", "starlette", "uvicorn", "httptools"),
    *("bot.files.formats", "bs4", "mammoth", "markdownify", "pypdf"),  # each in a process apart
    *("asyncpg", "sqlalchemy.orm", "aiohttp_socks"),  # of other databases, and other ways out
)
# None stands between the playground and itself.
PROXIES = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:1")
TO_A_FILE = ("sh", "-c", 'exec "$@" 2>imports', "sh")  # what it complains of
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "transcript.md"


@pytest.fixture
async def telegram() -> AsyncIterator[tuple[TelegramEmulator, dict[str, str]]]:
    """A Telegram that knows the bot, and the settings that lead there."""
    emulator = TelegramEmulator()
    emulator.accounts.add_bot(TOKEN)
    async with serve(build_app(emulator)) as url:
        yield (
            emulator,
            {"TELEGRAM_API_URL": url, "TELEGRAM_BOT_TOKEN": TOKEN, "OPENAI_API_KEY": "sk-x"},
        )
        emulator.close()


def fields(told: dict[str, Any]) -> dict[str, set[str]]:
    """What a transcript holds, at the top and in each of its lists."""
    lists = {name: set(rows[0]) for name, rows in told.items() if isinstance(rows, list) and rows}
    return {"Transcript": set(told), **lists}


def documented() -> dict[str, set[str]]:
    """The same, as the reference tells it."""
    parts = re.split(r"^#+ ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    cells = {part.split()[0]: re.findall(r"^\| (`.+?`) \|", part, re.MULTILINE) for part in parts}
    return {name: set(re.findall(r"`(\w+)`", " ".join(found))) for name, found in cells.items()}


async def first_turn(capsys: pytest.CaptureFixture[str]) -> tuple[str, str, str]:
    """What the transcript tells of it, once it is over: the question, an answer, the model."""
    capsys.readouterr()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            await show(str(GIULIA), bot=None, topic=None, as_json=True)
            told = json.loads(capsys.readouterr().out)
            if told["turns"][0]["state"] == "done":
                known = documented()
                assert told["calls"] == []  # what the reference says of one, nothing here shows
                assert {**fields(told), "calls": known["calls"]} == known
                return told["heard"][0]["text"], told["said"][2]["text"], told["turns"][0]["model"]


@pytest.mark.long  # at once: the wheel of `make check`, which runs by itself
async def test_two_days(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with playing(tmp_path, **PROXIES) as running:
        assert running.line.startswith("No TELEGRAM_BOT_TOKEN, no OPENAI_API_KEY: playground on ")

        await running.write(GIULIA, "Buongiorno, a che ora è il check-in?")
        await running.hears("check-out")

        # A second one on the same files is told to stay away.
        assert await outcome(tmp_path, "run", PLAYGROUND_PORT="0") == (
            2,
            "sportello: another `sportello` is using data/sportello-telegram.db; stop it first\n",
        )

        # What was said is in the tables.
        assert await first_turn(capsys) == (
            "Buongiorno, a che ora è il check-in?",
            "Il check-in è possibile a partire dalle 14:00.",
            "gpt-6-luna",
        )

        # The bank takes over beside it, and answers the very next message.
        await profiles.apply("banca-aessefin", name=None, take_bots=True)
        await running.write(GIULIA, "Ho perso la carta: come la blocco?")
        await running.hears("+39 02 0000 0199")
        assert (await running.about())["company"] == "Banca Aessefin"

        code, complaint = await running.stop()
        assert (code, without_progress(complaint)) == (0, "")

    # The next day goes on where this one ended.
    same = "sqlite+aiosqlite:///data/sportello.db"
    async with playing(tmp_path, "playground", DATABASE_URL=same) as running:
        assert running.line.startswith("Playground on ")
        assert "14:00" in await running.log(GIULIA)

        await running.write(GIULIA, "Quanto costa il Conto Semplice?")
        await running.hears("3 €")

        assert await running.stop(signal.SIGINT) == (0, "")


def without_progress(complaint: str) -> str:
    """On a busy machine a new database takes so long that its migrations are told of."""
    lines = complaint.splitlines(keepends=True)
    return "".join(line for line in lines if "database not up to date yet" not in line)


async def test_what_cannot_start_says_why_in_one_line(tmp_path: Path) -> None:
    code, complaint = await outcome(tmp_path, PACE="slow")

    assert (code, complaint[: len("sportello: PACE should be")]) == (2, "sportello: PACE should be")
    assert complaint.count("\n") == 1


@pytest.fixture
def known(
    telegram: tuple[TelegramEmulator, dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    current: Path,
) -> TelegramEmulator:
    """A Telegram that this process's settings lead to, and a database."""
    emulator, settings = telegram
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return emulator


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("TELEGRAM_BOT_TOKEN", "4711:B", "Telegram refuses TELEGRAM_BOT_TOKEN: copy it again from"),
        (
            "TELEGRAM_API_URL",
            "http://127.0.0.1:1",
            r"Telegram cannot be reached at http://127.0.0.1:1 \(Connection refused\)",
        ),
    ],
)
async def test_it_does_not_start_with_a_telegram_that_does_not_know_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, why: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ConfigError, match=f"^{why}"):
        await run()


def is_newer(database: Any) -> None:
    database.execute("UPDATE alembic_version SET version_num = '9999', min_code = '9999'")
    database.commit()


def is_locked(database: Any) -> None:
    database.execute("BEGIN IMMEDIATE")


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (is_newer, "it was written by a newer version; install that version"),
        pytest.param(is_locked, "database is locked", marks=pytest.mark.long),  # it is waited for
    ],
)
async def test_it_does_not_start_on_a_database_that_it_cannot_use(
    current: Path, happens: Callable[..., None], why: str
) -> None:
    with closing(driver.connect(current)) as other:
        happens(other)

        with pytest.raises(ConfigError, match=f"^the database cannot be used: {why}"):
            await run()


async def test_it_stops_before_telegram_has_answered(
    known: TelegramEmulator, capsys: pytest.CaptureFixture[str]
) -> None:
    known.faults.add(Fault.named("hold", method="getme"))
    async with started(capsys) as here:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await known.until(lambda: known.faults.held > 0)
        await here.stops()

    assert (here.told, here.complaint) == ("", "")


@pytest.mark.usefixtures("known")
async def test_it_ends_with_a_sentence_when_its_database_is_taken_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with started(capsys) as here:
        await here.says(" on Telegram")
        (tmp_path / "data" / "sportello.db").rename(tmp_path / "data" / "old.db")

        with pytest.raises(ConfigError, match="the database's file was moved, replaced or deleted"):
            await here.ends()


@pytest.mark.usefixtures("known")
async def test_without_a_host_it_prints_a_link_that_makes_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with started(capsys) as here:
        await here.says("first does")
        await here.stops()

    first, second = here.told.splitlines()
    assert " on Telegram" in first
    assert re.search(r"whoever opens https://t.me/\w+\?start=i_[\w-]{32} first", second)


async def test_what_it_does_not_use_is_not_loaded(
    tmp_path: Path, telegram: tuple[TelegramEmulator, dict[str, str]]
) -> None:
    _, known = telegram
    process = await start(tmp_path, "run", through=TO_A_FILE, **known, PYTHONPROFILEIMPORTTIME="1")
    assert process.stdout
    assert b" on Telegram" in await asyncio.wait_for(process.stdout.readline(), PATIENCE_SECONDS)
    process.send_signal(signal.SIGTERM)
    await asyncio.wait_for(process.communicate(), PATIENCE_SECONDS)

    lines = (tmp_path / "imports").read_text(encoding="utf-8").splitlines()
    loaded = {line.rpartition("|")[2].strip() for line in lines}
    assert {"openai", "telegram"} <= loaded
    assert [one for one in loaded if f"{one}.".startswith(tuple(f"{x}." for x in UNUSED))] == []


@pytest.mark.usefixtures("current")
async def test_a_company_that_was_applied_before_the_first_start_speaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bakery-lane.toml").write_text('company_name = "Bakery Lane"\nlanguage = "en"\n')
    await profiles.apply("hotel-aurora-en", name=None, take_bots=False)
    await profiles.apply("bakery-lane.toml", name=None, take_bots=True)
    monkeypatch.setenv("PLAYGROUND_PORT", "0")

    async with started(capsys) as here, httpx2.AsyncClient() as http:
        await here.says("Ctrl+C stops")
        page = re.search(r"http://[\d.:]+", here.told)
        assert page
        about = (await http.get(f"{page.group()}/playground/about")).json()
        await here.stops()

    assert about["company"] == "Bakery Lane"
