"""The commands on SQLite and on PostgreSQL."""

import pytest

from bot.cli import profiles, tenants
from bot.cli.check import check
from bot.cli.outcome import Wrong
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


async def test_a_current_database_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    await check()

    assert "its schema is current" in capsys.readouterr().out


async def test_a_chat_that_nobody_opened() -> None:
    with pytest.raises(Wrong, match="no chat 1001 is known here"):
        await show(1001, bot=None, topic=None, as_json=False)
