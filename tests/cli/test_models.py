"""`sportello tenants apply`: the models that a file names are looked for at their server."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cli.console import Wrong
from bot.cli.profiles import apply
from bot.playground.openai import Emulator, Fault, FaultKind
from bot.playground.serve import serve
from tests.cli.checking import DATABASE, KEY

PLACES = {"model": "Model", "assistants.vip.model": "Private assistants, vip: Model"}


@pytest.fixture(autouse=True)
async def openai(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Emulator]:
    """An OpenAI that knows the key."""
    emulator = Emulator()
    async with serve(emulator.app()) as url:
        monkeypatch.setenv("OPENAI_BASE_URL", f"{url}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        yield emulator


async def applied(text: str) -> None:
    await asyncio.to_thread(Path("gino.toml").write_text, text)
    await apply("gino.toml", name=None, take_bots=False)


@pytest.mark.parametrize("place", PLACES)
async def test_one_that_does_not_exist_stores_nothing(place: str) -> None:
    with pytest.raises(Wrong) as refused:
        await applied(f'{place} = "gpt-6-lune"\n')

    assert str(refused.value) == (
        "nothing was stored:\n"
        f"  {PLACES[place]}: the server has no such model, the nearest are"
        " gpt-6-luna, gpt-5.6-luna, gpt-6-sol."
    )
    assert not DATABASE.exists()


async def test_one_that_exists_is_stored(capsys: pytest.CaptureFixture[str]) -> None:
    await applied('model = "gpt-6-sol"\n')

    assert "gino: new, version 1" in capsys.readouterr().out


async def test_one_is_stored_with_a_warning_where_nobody_knows(
    openai: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    openai.faults.add(Fault(FaultKind.STATUS, status=404, message="Not Found", on="models.list"))

    await applied('model = "llama"\n')

    told = capsys.readouterr().out
    assert "gino: new, version 1" in told
    assert "The server does not say whether it has the model llama: write to the bot" in told
