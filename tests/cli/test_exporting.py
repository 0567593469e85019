"""`sportello export`: what was asked and answered, as other programs read it."""

import json
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import pytest

from bot.cli.console import Wrong
from bot.cli.exporting import export
from db.audit import Deed, trail
from db.engine import Database
from db.journal import Journal
from db.records import Turn
from db.words import EraseWords
from tests.cli.conftest import Sportello
from tests.databases import BOT, TENANT, seed_tenant
from tests.db.desk import ANNA, BRUNO, Desk
from tests.db.test_log import say


class Gone(StringIO):
    """A pipe that nobody reads any more."""

    encoding = "utf-8"

    def write(self, _: str) -> int:
        raise BrokenPipeError


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)


@pytest.fixture
async def desk(journal: Journal, database: Database) -> Desk:
    await seed_tenant(journal)
    return Desk(journal, database)


async def exported(
    capsys: pytest.CaptureFixture[str], tenant: str | None = TENANT, at_once: int = 2
) -> Any:
    await export(tenant, at_once=at_once)
    return json.loads(capsys.readouterr().out)


async def asks(desk: Desk, *texts: str, client: int = ANNA) -> None:
    """As in Telegram."""
    chat = 0
    for text in texts:
        told = {"message": {"from": {"first_name": "Anna"}, "text": text}}
        chat = await desk.hear(text, client=client, payload=json.dumps(told))
    desk.now += desk.window.cap
    turn = await desk.claim(chat)
    assert isinstance(turn, Turn)
    await say(desk, turn, f"{texts[-1]}: sì.", "Altro?")
    await desk.complete(turn)


async def test_an_exchange_is_a_turn(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    await asks(desk, "Avete posto?", "Per due")
    await asks(desk, "\x1b[31m\u202e\nParcheggio")
    (told,) = (await exported(capsys)).items()
    name, (first, second) = told
    assert name == f"{BOT}/{ANNA}"
    assert (first["user"], first["bot"]) == ("Avete posto?\nPer due", "Per due: sì.\n\nAltro?")
    assert second["user"] == "\x1b[31m\u202e\nParcheggio"
    assert second["timestamp"] - first["timestamp"] == pytest.approx(desk.window.cap)


async def test_any_number_is_read_in_portions(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    for client in (ANNA, BRUNO, 7):
        for number in range(3):
            await asks(desk, f"{client} {number}", client=client)
    told = await exported(capsys)
    assert {name: [one["user"] for one in found] for name, found in told.items()} == {
        f"{BOT}/{client}": [f"{client} {number}" for number in range(3)]
        for client in (ANNA, BRUNO, 7)
    }
    assert await exported(capsys, None, at_once=3) == told


async def test_what_was_erased_is_not_in_it(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    await asks(desk, "Sono Anna")
    await asks(desk, "Sono Bruno", client=BRUNO)
    for table, rows in (("updates", (1,)), ("outbox", (1, 2))):
        await desk.journal.do(EraseWords(table, rows, patience=desk.now + 1))
    assert [*await exported(capsys)] == [f"{BOT}/{BRUNO}"]


async def test_the_trail_tells_of_it(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert await exported(capsys) == {}
    (entry,) = await desk.database.read(trail, tenant=1, limit=9)
    assert (entry.action, entry.actor.name) == (Deed.CHATS_EXPORTED, "command line")
    with pytest.raises(Wrong, match="there is no tenant “gino”"):
        await exported(capsys, "gino")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_format_is_named_that_there_is(sportello: Sportello) -> None:
    told = sportello("export", "--format", "csv")
    assert told.exit_code == 2
    assert "conversations" in told.stderr


async def test_whoever_has_read_enough_may_leave(desk: Desk) -> None:
    """As `| head` does: that is no fault of the database's."""
    await asks(desk, "Avete posto?")
    with redirect_stdout(Gone()), pytest.raises(BrokenPipeError):
        await export(TENANT)
