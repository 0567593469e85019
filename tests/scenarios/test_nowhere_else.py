"""After a token was pasted and codes were used, neither is found anywhere."""

import json
import re
from io import StringIO
from pathlib import Path

import pytest

from bot.cli.script import write_script
from bot.core.texts import say
from bot.core.texts.client import Access
from bot.core.texts.desk import Bots
from bot.core.texts.profile import Assistants
from bot.core.tokens import bullets
from bot.ops.logs import LogTelemetry
from db.sqlite import driver
from db.transcript import find_chats, load_transcript
from tests.scenarios.admins import ADA, admin, headed
from tests.scenarios.people import Person
from tests.scenarios.stage import AI_NOTICE, Stage

KEY = "una-chiave-lunga-e-casuale-0123456789"
PASTED = "987654321:AAH-x_unTokenIncollatoPerSbaglio1234"
CHOSEN, WRONG = "zaffiro99", "smeraldo77"
OPENED, LOCKED = say(Access.OPENED, "it"), say(Access.LOCKED, "it")

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


async def ada_gives_codes_out(stage: Stage, ada: Person) -> list[str]:
    """One that she chooses, one that is generated, and one that takes its place."""
    ada.writes(f"/assistants code vip {CHOSEN}")
    await ada.receives(1)
    ada.writes("/assistants vip")
    await ada.receives(1)
    ada.presses(say(Assistants.GENERATE_BUTTON, "it"))
    old = (await ada.receives(1))[0]["text"]
    ada.writes("/assistants vip")
    await ada.receives(1)
    ada.presses(say(Assistants.CODE_BUTTON, "it", number=2))
    await stage.until(lambda: say(Assistants.ROTATE_BUTTON, "it") in ada.buttons())
    ada.presses(say(Assistants.ROTATE_BUTTON, "it"))
    new = (await ada.receives(1))[0]["text"]
    return [CHOSEN, *re.findall(r"\b\w{4}-\w{4}\b", old + new)]


async def anna_uses_them(stage: Stage, anna: Person, codes: list[str]) -> None:
    chosen, replaced, generated = codes
    anna.writes(f"/unlock {WRONG}")
    await anna.hears(say(Access.REFUSED, "it"))
    anna.writes(f"/unlock {replaced}")
    await anna.hears(say(Access.REFUSED, "it"))
    stage.will_say("900 euro.")
    anna.writes(f"/unlock {chosen} quanto costa la suite?")
    await anna.hears(OPENED, AI_NOTICE, "900 euro.")
    anna.writes("/lock")
    await anna.hears(LOCKED)
    stage.will_say("Sempre 900 euro.")
    anna.writes(f"Ho anche {generated.lower()}: quanto costa la suite?")
    await anna.hears(OPENED, "Sempre 900 euro.")
    stage.will_say("Non lo mandi a nessuno!")
    anna.writes(f"Ho trovato questo: {PASTED}, che cos'è?")
    await anna.hears(say(Access.SECRET, "it"), "Non lo mandi a nessuno!")
    stage.will_say("Che cosa?")
    question = anna.writes("Ho trovato anche altro")
    await anna.hears("Che cosa?")
    stage.will_say("Due segreti.")
    anna.edits(question, f"Ho trovato {PASTED} e {generated}")
    await anna.hears("Due segreti.")
    stage.will_say("Un segreto.")
    anna.writes("E questo?", reply_to=question)
    await anna.hears("Un segreto.")


async def go_through_everything(stage: Stage) -> list[str]:
    """Everything that becomes of secrets; the result is all of them."""
    stage.telegram.accounts.add_bot(PASTED, username="own_bot", first_name="Own")
    ada = await admin(stage, secret_key=KEY, telemetry=LogTelemetry())
    await stage.publishes(assistants={"vip": {"knowledge": "La suite costa 900 euro."}})
    anna = stage.person("Anna")
    codes = await ada_gives_codes_out(stage, ada)
    await anna_uses_them(stage, anna, codes)
    ada.writes(PASTED)  # where nobody asked for it
    await ada.hears(headed(say(Bots.OFFER, "it", bot="own_bot")))
    await stage.settles()
    await stage.closes()
    folded = [form for code in codes for form in (code.lower(), code.replace("-", ""))]
    return [*codes, *folded, WRONG, PASTED, PASTED.partition(":")[2]]


def read_files(folder: Path, pattern: str) -> str:
    return "".join(file.read_bytes().decode("latin-1") for file in folder.glob(pattern))


def found(secrets: list[str], text: str) -> list[str]:
    return [secret for secret in secrets if secret in text]


async def test_neither_in_the_database_nor_in_its_log(closed: Stage, tmp_path: Path) -> None:
    secrets = await go_through_everything(closed)
    with driver.connect(tmp_path / "sportello.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    stored = read_files(tmp_path, "sportello.db*")
    assert "quanto costa la suite?" in stored
    assert found(secrets, stored) == []


async def test_nor_in_the_write_ahead_log_before_that(closed: Stage, tmp_path: Path) -> None:
    secrets = await go_through_everything(closed)
    written = read_files(tmp_path, "sportello.db-wal")
    assert "quanto costa la suite?" in written
    assert found(secrets, written) == []


async def test_nor_in_the_logs(log: StringIO, closed: Stage) -> None:
    secrets = await go_through_everything(closed)
    assert "turn over" in log.getvalue()
    assert found(secrets, log.getvalue()) == []


async def test_nor_in_what_the_model_was_asked(closed: Stage) -> None:
    secrets = await go_through_everything(closed)
    asked = json.dumps([one.body for one in closed.openai.records.requests], ensure_ascii=False)
    assert bullets(PASTED) in asked
    assert found(secrets, asked) == []


async def test_nor_in_any_transcript(closed: Stage) -> None:
    secrets = await go_through_everything(closed)
    for person in (ADA, ADA + 1):
        ((chat, address),) = await closed.database.read(find_chats, str(person))
        transcript = await closed.database.read(load_transcript, chat=chat, address=address)
        script = write_script(transcript, width=100)
        assert "•••" in script
        assert found(secrets, script) == []
