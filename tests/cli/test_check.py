"""`sportello check`: a line for each thing, and what to do about it."""

import json
import os
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse

from bot.cli.check import check
from bot.cli.check_model import judge
from bot.cli.outcome import Wrong
from bot.llm.catalogue import ModelFacts
from bot.ops.database import exclusive, keep_private, open_migrated
from bot.playground.openai import Emulator
from bot.playground.serve import serve
from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.faults import Fault
from bot.playground.telegram.server import build_app
from db.engine import Database
from db.journal import apply
from db.people import Appoint, Person
from db.records import Actor
from db.sqlite import driver
from db.tenants import SaveProfile

TOKEN = "4711:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
KEY = "sk-secret-secret-secret"
DATABASE = Path("data/sportello.db")
URL = f"sqlite+aiosqlite:///{DATABASE}"
TODAY = date(2026, 11, 20)


class Host:
    """Runs the check and reads what it says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def sets(self, **variables: str) -> None:
        for name, value in variables.items():
            self._monkeypatch.setenv(name, value)

    async def reads(self) -> list[str]:
        """The lines of a check without a problem."""
        await check()
        return self._lines()

    async def reads_of_a_problem(self) -> str:
        """The one problem that a check finds."""
        with pytest.raises(Wrong, match="there is a problem"):
            await check()
        (line,) = [line for line in self._lines() if line.startswith("problem")]
        return line.removeprefix("problem").strip()

    def _lines(self) -> list[str]:
        text = self._capsys.readouterr().out
        assert TOKEN not in text
        assert KEY not in text
        return text.splitlines()


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Host:
    return Host(monkeypatch, capsys)


@pytest.fixture
async def telegram(host: Host) -> AsyncIterator[TelegramEmulator]:
    """A Telegram that knows the bot."""
    emulator = TelegramEmulator()
    emulator.accounts.add_bot(TOKEN, username="aurora_bot", first_name="Aurora")
    async with serve(build_app(emulator)) as url:
        host.sets(TELEGRAM_API_URL=url, TELEGRAM_BOT_TOKEN=TOKEN, ADMIN_IDS="1")
        host.sets(OFFLINE_MODEL="true")
        yield emulator


@pytest.fixture
async def openai(host: Host) -> AsyncIterator[Emulator]:
    """An OpenAI that knows the key."""
    emulator = Emulator()
    async with serve(emulator.app()) as url:
        host.sets(OPENAI_BASE_URL=f"{url}/v1", OPENAI_API_KEY=KEY)
        yield emulator


async def migrated() -> Database:
    DATABASE.parent.mkdir()
    return await open_migrated(URL)


async def test_with_nothing_set_all_is_well(host: Host) -> None:
    assert await host.reads() == [
        "ok       Settings  none is set, which is fine",
        "ok       Database  data/sportello.db is not there yet; the first `sportello run` makes it",
        "ok       Telegram  no TELEGRAM_BOT_TOKEN: the playground's page stands in",
        "ok       Model     no OPENAI_API_KEY: the playground's offline model stands in",
    ]
    assert not DATABASE.parent.exists()


async def test_a_bad_value_is_the_only_finding(host: Host) -> None:
    host.sets(PACE="slow")

    assert (await host.reads_of_a_problem()).startswith("Settings  PACE should be")


# ------------------------------------------------------------------ the database


async def test_a_database_that_is_ready(host: Host) -> None:
    await (await migrated()).close()

    assert (await host.reads())[1:3] == [
        "ok       Database  data/sportello.db, its schema is current",
        "ok       Run       no `sportello run` is at work on this database",
    ]


async def test_files_that_others_can_read_are_named(host: Host) -> None:
    await (await migrated()).close()
    os.chmod(DATABASE, 0o644)

    assert (
        "warning  Database  data/sportello.db can be read by other users: the next `run` ends that"
    ) in await host.reads()
    assert keep_private(URL) == ()
    assert not [line for line in await host.reads() if "other users" in line]


async def test_a_process_that_serves_is_seen(host: Host) -> None:
    await (await migrated()).close()

    with exclusive(URL):
        lines = await host.reads()

    assert "ok       Run       a `sportello run` is at work on this database" in lines


async def test_an_empty_database(host: Host, tmp_path: Path) -> None:
    host.sets(DATABASE_URL="sqlite+aiosqlite:///empty.db")
    (tmp_path / "empty.db").touch()

    assert (await host.reads())[1].endswith("is empty; the first `sportello run` makes its tables")


async def test_a_newer_database_that_was_only_added_to(host: Host) -> None:
    await (await migrated()).close()
    with closing(driver.connect(DATABASE)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")

    assert (await host.reads())[1] == (
        "ok       Database  data/sportello.db, a newer version's, on which this one may run"
    )


async def test_a_newer_database(host: Host) -> None:
    await (await migrated()).close()
    with closing(driver.connect(DATABASE)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999', min_code = '9999'")

    assert await host.reads_of_a_problem() == (
        "Database  data/sportello.db cannot be used: it was written by a newer version;"
        " install that version"
    )


async def test_a_locked_database(host: Host) -> None:
    await (await migrated()).close()
    with closing(driver.connect(DATABASE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        line = await host.reads_of_a_problem()

    assert line == "Database  data/sportello.db cannot be used: database is locked"


async def test_a_database_that_does_not_answer(host: Host) -> None:
    host.sets(DATABASE_URL="postgresql+asyncpg://anna:segreto@127.0.0.1:1/sportello")

    line = await host.reads_of_a_problem()

    assert line.startswith("Database  postgresql+asyncpg://anna:***@127.0.0.1:1/sportello cannot")
    assert "segreto" not in line


async def test_a_database_that_cannot_be_made(host: Host, tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine")
    host.sets(DATABASE_URL="sqlite+aiosqlite:///notes/x.db")

    assert await host.reads_of_a_problem() == (
        f"Database  {tmp_path / 'notes'} is a file, and a folder is needed there: move it, or"
        " choose another place"
    )


# ------------------------------------------------------------------ Telegram


async def test_a_bot_that_telegram_knows(host: Host, telegram: TelegramEmulator) -> None:
    assert (await host.reads())[3:5] == [
        "ok       Telegram  @aurora_bot (Aurora)",
        "ok       Groups    privacy mode is on: the bot is sent commands, mentions and replies, "
        "as it needs",
    ]


async def test_a_token_that_telegram_refuses(host: Host, telegram: TelegramEmulator) -> None:
    host.sets(TELEGRAM_BOT_TOKEN="4711:B")

    line = await host.reads_of_a_problem()

    assert line.startswith(
        "Telegram  Telegram refuses TELEGRAM_BOT_TOKEN: copy it again from @BotFather (if http://127"
    )


@pytest.mark.parametrize(
    ("status", "told"),
    [(200, "Invalid server response"), (401, "Unauthorized (401)"), (404, "Not Found (404)")],
)
async def test_a_server_that_is_not_telegrams(host: Host, status: int, told: str) -> None:
    page = PlainTextResponse("<h1>nginx</h1>", status)
    host.sets(TELEGRAM_BOT_TOKEN=TOKEN, ADMIN_IDS="1", OFFLINE_MODEL="true")
    async with serve(page) as url:
        host.sets(TELEGRAM_API_URL=url)

        assert await host.reads_of_a_problem() == (
            f"Telegram  {url} is no Bot API server ({told}): see TELEGRAM_API_URL"
        )


async def test_a_bot_that_was_logged_out(host: Host, telegram: TelegramEmulator) -> None:
    telegram.faults.add(Fault.named("400", method="getme", description="Logged out"))

    line = await host.reads_of_a_problem()

    assert line.startswith("Telegram  the bot was logged out of http://127.0.0.1")
    assert line.endswith("set TELEGRAM_API_URL to that one's address, or try again in 10 minutes")


async def test_a_telegram_that_does_not_answer(host: Host) -> None:
    host.sets(TELEGRAM_API_URL="http://127.0.0.1:1", TELEGRAM_BOT_TOKEN=TOKEN, ADMIN_IDS="1")
    host.sets(OFFLINE_MODEL="true")

    assert "cannot be reached at http://127.0.0.1:1" in await host.reads_of_a_problem()


async def test_a_webhook_is_told(host: Host, telegram: TelegramEmulator) -> None:
    await telegram.ask(TOKEN, "setWebhook", url="https://old.example/secret")

    assert (
        "warning  Telegram  a webhook to old.example is set; `sportello run` removes it"
        in await host.reads()
    )


async def test_nobody_to_tell_is_told(host: Host, telegram: TelegramEmulator) -> None:
    host.sets(ADMIN_IDS="")

    assert (await host.reads())[-1].startswith("warning  Hosts     nobody is told when")


async def test_one_who_claimed_the_process_is_told(host: Host, telegram: TelegramEmulator) -> None:
    host.sets(ADMIN_IDS="")
    database = await migrated()
    claimed = Appoint(None, Person(7, "Ada", "host"), Actor(7, "Ada"), 0.0)
    await database.write(lambda connection: apply(connection, [claimed]))
    await database.close()

    assert not [line for line in await host.reads() if "Hosts" in line]


# ------------------------------------------------------------------ the model


async def test_a_model_that_answers(host: Host, openai: Emulator) -> None:
    assert "ok       Model     gpt-6-luna, no shutdown is announced" in await host.reads()


async def test_a_key_that_is_refused(host: Host, openai: Emulator) -> None:
    openai.revoked_keys.add(KEY)

    line = await host.reads_of_a_problem()

    assert line.startswith("Model     OPENAI_API_KEY is refused by http://127.0.0.1")


async def test_a_token_without_a_key_is_a_problem(host: Host, telegram: TelegramEmulator) -> None:
    host.sets(OFFLINE_MODEL="")

    assert (await host.reads_of_a_problem()).startswith("Model     OPENAI_API_KEY is not set, and")


async def test_a_server_that_wants_one_says_so(host: Host, openai: Emulator) -> None:
    host.sets(OPENAI_API_KEY="")

    assert (await host.reads_of_a_problem()).endswith("/v1 wants a key: set OPENAI_API_KEY")


async def test_an_openai_that_does_not_answer(host: Host) -> None:
    host.sets(OPENAI_BASE_URL="http://127.0.0.1:1/v1", OPENAI_API_KEY=KEY)

    assert await host.reads_of_a_problem() == (
        "Model     http://127.0.0.1:1/v1 cannot be reached (no connection: Connection refused)"
    )


async def test_the_models_of_tenants_are_asked_for_too(host: Host, openai: Emulator) -> None:
    database = await migrated()
    said = {"model": "gpt-0-pizza", "assistants": {"vip": {"model": "gpt-9-pasta"}}}
    save = SaveProfile("gino", json.dumps(said), "test", 0.0)
    await database.write(lambda connection: apply(connection, [save]))
    await database.close()

    lines = [line for line in await host.reads() if "Model" in line]

    assert len(lines) == 3
    for line, model in ((lines[0], "gpt-0-pizza"), (lines[2], "gpt-9-pasta")):
        assert line.startswith(f"warning  Model     {model} is not listed by http://127.0.0.1")


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (ModelFacts(known=False), "problem  Model     m is not offered to this account: "),
        (ModelFacts(known=True), "ok       Model     m, no shutdown is announced"),
        (
            ModelFacts(known=True, shutdown_date=date(2026, 11, 20)),
            "problem  Model     m was shut down on 2026-11-20: ",
        ),
        (
            ModelFacts(known=True, shutdown_date=date(2027, 1, 19)),
            "warning  Model     m shuts down on 2027-01-19, in 60 days: ",
        ),
        (
            ModelFacts(known=True, shutdown_date=date(2027, 1, 20)),
            "ok       Model     m, shuts down on 2027-01-20",
        ),
    ],
)
def test_what_a_models_facts_mean(facts: ModelFacts, told: str) -> None:
    finding = str(judge("m", facts, today=TODAY))

    advice = "choose another with OPENAI_MODEL or in the tenant's profile"
    assert finding == told + (advice if told.endswith(": ") else "")
