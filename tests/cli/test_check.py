"""`sportello check`: a line for each thing, and what to do about it."""

import os
import re
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse

from bot.ops.database import exclusive, keep_database_private
from bot.playground.serve import serve
from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.faults import Fault
from bot.playground.telegram.server import build_app
from db.journal import apply
from db.people import Appoint, Person
from db.records import Actor
from db.sqlite import driver
from tests.cli.checking import DATABASE, TOKEN, URL, Host, migrated


@pytest.fixture
async def telegram(host: Host) -> AsyncIterator[TelegramEmulator]:
    """A Telegram that knows the bot."""
    emulator = TelegramEmulator()
    emulator.accounts.add_bot(TOKEN, username="aurora_bot", first_name="Aurora")
    async with serve(build_app(emulator)) as url:
        host.sets(TELEGRAM_API_URL=url, TELEGRAM_BOT_TOKEN=TOKEN, ADMIN_IDS="1")
        host.sets(OFFLINE_MODEL="true")
        yield emulator


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


async def test_a_disk_with_little_room(host: Host) -> None:
    await (await migrated()).close()
    host.sets(DISK_MIN_FREE_MEGABYTES="1000000000")  # as if the disk were full

    told = await host.reads_of_a_problem()
    assert re.fullmatch(r"Database +\d+ MB are left on its disk: below 1000000000 MB .+", told)


async def test_files_that_others_can_read_are_named(host: Host) -> None:
    await (await migrated()).close()
    os.chmod(DATABASE, 0o644)

    assert (
        "warning  Database  data/sportello.db can be read by other users: the next `run` ends that"
    ) in await host.reads()
    assert keep_database_private(URL) == ()
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


async def test_a_token_without_a_key_is_a_problem(host: Host, telegram: TelegramEmulator) -> None:
    host.sets(OFFLINE_MODEL="")

    assert (await host.reads_of_a_problem()).startswith("Model     OPENAI_API_KEY is not set, and")
