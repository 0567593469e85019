"""The commands on SQLite and on PostgreSQL."""

import json

import pytest

from bot.cli import admins, bots, profiles, tenants
from bot.cli.check import check
from bot.cli.console import Wrong
from bot.cli.transcript import list_chats, show
from db.engine import Database
from db.journal import Journal
from db.transcript import latest_ids, latest_updates
from tests.databases import seed_tenant
from tests.db.desk import ANNA, BRUNO, Desk


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)


async def test_a_tenant_comes_in_and_goes_out(capsys: pytest.CaptureFixture[str]) -> None:
    await profiles.apply("hotel-aurora", name=None, take_bots=True)
    await profiles.apply("hotel-aurora", name=None, take_bots=True)
    await tenants.list_all(as_json=False)

    told = capsys.readouterr().out.splitlines()
    assert [told[0], told[2]] == [
        "hotel-aurora: new, version 1",
        "hotel-aurora: nothing new, still version 1",
    ]
    assert told[-1].split() == ["hotel-aurora", "active", "1", "Hotel", "Aurora", "it", "-"]


async def test_a_company_lives_and_goes(capsys: pytest.CaptureFixture[str]) -> None:
    await tenants.create("gino", "hotel-aurora", as_json=True)
    await profiles.apply("hotel-aurora-en", name="gino", take_bots=False, as_json=True)
    await tenants.roll_back("gino", 1, as_json=True)
    await tenants.rename("gino", "pina", as_json=True)
    await tenants.set_state("pina", "paused", as_json=True)
    capsys.readouterr()

    await tenants.history("pina", as_json=True)
    assert [one["version"] for one in json.loads(capsys.readouterr().out)] == [3, 2, 1]
    await admins.list_all("pina", as_json=True)
    await bots.list_all(None, as_json=True)
    assert capsys.readouterr().out == "[]\n[]\n"
    with pytest.raises(Wrong, match="no bot has been met yet"):
        await admins.invite("pina", None, hours=1, days=0, as_json=True)
    with pytest.raises(Wrong, match="nobody of this number"):
        await admins.set_role("pina", 7, "owner", as_json=True)

    await tenants.delete("pina", yes=True, as_json=True)
    with pytest.raises(Wrong, match="there is no tenant “pina”; the tenants are: none yet"):
        await tenants.set_state("pina", "active", as_json=True)


async def test_a_current_database_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    await check()

    assert "its schema is current" in capsys.readouterr().out


async def test_a_chat_that_nobody_opened() -> None:
    with pytest.raises(Wrong, match="no chat 1001 is known here"):
        await show("1001", bot=None, topic=None, as_json=False)


async def test_a_chat_is_found_by_the_name_of_who_wrote_last(
    journal: Journal, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    await seed_tenant(journal)
    desk = Desk(journal, database)
    for client, first, last in ((ANNA, "Anna", "Ricci"), (BRUNO, "Bruno", "Riva"), (7, "Ada", "")):
        person = {"id": client, "first_name": first, "last_name": last}
        payload = json.dumps({"message": {"from": person, "text": "Buongiorno"}})
        await desk.hear("Buongiorno", client=client, payload=payload)

    await list_chats(None, limit=2, as_json=True)
    assert [one["who"] for one in json.loads(capsys.readouterr().out)] == ["Ada", "Bruno Riva"]
    await list_chats("ri", limit=20, as_json=False)
    heads, *rows = capsys.readouterr().out.splitlines()
    assert heads.split()[:3] == ["CHAT", "TOPIC", "BOT"]
    assert [row.split()[0] for row in rows] == [str(BRUNO), str(ANNA)]
    with pytest.raises(Wrong, match="nobody called “Carla”"):
        await list_chats("Carla", limit=20, as_json=False)


async def test_of_each_chat_the_latest_update_counts(journal: Journal, database: Database) -> None:
    await seed_tenant(journal)
    desk = Desk(journal, database)
    for client in (ANNA, BRUNO, ANNA):
        await desk.hear("Buongiorno", client=client)

    ids = await database.read(latest_ids)
    found = [one for each in ids for one in await database.read(latest_updates, [each])]
    assert [one.address.chat_id for one in found] == [str(ANNA), str(BRUNO)]
