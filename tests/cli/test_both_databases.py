"""The commands on SQLite and on PostgreSQL."""

import json

import pytest

from bot.cli import admins, bots, profiles, tenants
from bot.cli.check import check
from bot.cli.console import Wrong
from bot.cli.transcript import show


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
    assert told[-1].split() == ["hotel-aurora", "1", "Hotel", "Aurora", "it", "-"]


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
