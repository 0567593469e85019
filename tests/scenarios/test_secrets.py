"""Neither the token nor the key gets anywhere but to the server that wants it."""

import json
from io import StringIO
from pathlib import Path

import pytest

from bot.core.texts import Text, say
from bot.ops.logs import LogTelemetry
from bot.playground.openai import FaultKind
from tests.scenarios.stage import AI_NOTICE, TOKEN, WELCOME, Stage

KEY = "chiave-molto-segreta-0123456789"  # not of the form that every log blots out
SECRETS = (TOKEN, TOKEN.partition(":")[2], KEY)
FAILURE = say(Text.FAILURE, "it")

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


async def go_through_everything(stage: Stage) -> None:
    """What goes well, and what goes wrong."""
    await stage.opens(telemetry=LogTelemetry(), openai_api_key=KEY)
    anna = stage.person("Anna")
    anna.writes("/start")
    await anna.hears(WELCOME, AI_NOTICE)
    stage.telegram_fails("lose_after")
    stage.will_say("Salve.")
    anna.writes("Buongiorno")
    await anna.hears("Salve.")
    for kind in (FaultKind.SERVER_ERROR, FaultKind.CUT, FaultKind.RATE_LIMIT):
        stage.openai_fails(kind)
    stage.will_say("Certo.")
    anna.writes("Avete posto?")
    await anna.hears("Certo.")
    stage.openai_fails(FaultKind.UNAUTHORIZED)
    anna.writes("E domani?")
    await anna.hears(FAILURE)
    for fault in ("500", "lose", "409"):
        stage.telegram_fails(fault, method="getUpdates")
    anna.shares(story=5)
    await anna.hears(FAILURE)
    await stage.unplugs()
    await stage.plugs_in()
    stage.will_say("Eccoci.")
    anna.writes("Ci siete?")
    await anna.hears("Eccoci.")
    await stage.settles()
    await stage.closes()


def read_files(folder: Path) -> str:
    files = folder.glob("sportello.db*")
    return "".join(file.read_text("utf-8", errors="replace") for file in files)


def found_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


async def test_no_secret_is_logged(log: StringIO, closed: Stage) -> None:
    await go_through_everything(closed)
    assert "update failed" in log.getvalue()
    assert found_in(log.getvalue()) == []


@pytest.mark.usefixtures("log")
async def test_no_secret_is_stored(closed: Stage, tmp_path: Path) -> None:
    await go_through_everything(closed)
    stored = read_files(tmp_path)
    assert "Avete posto?" in stored
    assert found_in(stored) == []


@pytest.mark.usefixtures("log")
async def test_no_secret_is_sent_to_the_model(closed: Stage) -> None:
    await go_through_everything(closed)
    sent = json.dumps([request.body for request in closed.openai.records.requests])
    assert "Avete posto?" in sent
    assert found_in(sent) == []
