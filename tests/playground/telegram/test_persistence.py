"""What a new emulator on the same state file still knows."""

import sqlite3
from operator import itemgetter
from pathlib import Path

import pytest

from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.records import ChatType, Status, Upload
from tests.playground.telegram.support import BOT_ID, TOKEN, description
from tests.samples import jpeg


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "telegram.sqlite3"


async def test_everything_is_known_after_a_restart(state: Path) -> None:
    before = TelegramEmulator(state=state)
    before.accounts.add_bot(TOKEN, username="desk_bot")
    anna = before.accounts.add_person("Anna", language_code="it")
    before.clients.write(anna.id, "ciao", bot_id=BOT_ID)
    photo = Upload("a.jpg", "image/jpeg", jpeg())
    before.clients.send_file(anna.id, photo, kind="photo", bot_id=BOT_ID)
    forum = before.accounts.add_group(
        "Banco", type=ChatType.SUPERGROUP, members=[anna.id, BOT_ID], topics=["Camere"]
    )
    await before.ask(TOKEN, "setMyCommands", commands=[{"command": "a", "description": "b"}])
    await before.ask(TOKEN, "getUpdates", allowed_updates=["message"])
    before.accounts.block(anna.id, bot_id=BOT_ID)
    described = before.describe()
    messages = before.clients.messages(anna.id, bot_id=BOT_ID)
    pending = await before.ask(TOKEN, "getUpdates")
    before.close()

    after = TelegramEmulator(state=state)

    for part in ("bots", "people", "chats"):
        assert sorted(after.describe()[part], key=itemgetter("id")) == sorted(
            described[part], key=itemgetter("id")
        )
    assert after.clients.messages(anna.id, bot_id=BOT_ID) == messages
    assert await after.ask(TOKEN, "getUpdates") == pending
    assert after.world.chats[0, forum.id].members[BOT_ID] is Status.MEMBER
    assert after.world.files[messages[1]["photo"][0]["file_id"]].content == photo.content
    refused = await after.ask(TOKEN, "sendMessage", chat_id=anna.id, text="x")
    assert description(refused) == "Forbidden: bot was blocked by the user"
    after.close()


async def test_no_id_is_given_twice(state: Path) -> None:
    before = TelegramEmulator(state=state)
    before.accounts.add_bot(TOKEN)
    anna = before.accounts.add_person("Anna")
    for text in ("a", "b"):
        before.clients.write(anna.id, text, bot_id=BOT_ID)
    await before.ask(TOKEN, "sendMessage", chat_id=anna.id, text="c")
    for message_id in (2, 3):
        before.clients.delete(anna.id, message_id, bot_id=BOT_ID)
    [_, last] = (await before.ask(TOKEN, "getUpdates"))["result"]
    await before.ask(TOKEN, "getUpdates", offset=last["update_id"] + 1)
    before.close()

    after = TelegramEmulator(state=state)

    kept = after.clients.messages(anna.id, bot_id=BOT_ID)
    assert [message["message_id"] for message in kept] == [1]
    assert after.clients.write(anna.id, "d", bot_id=BOT_ID)["message_id"] == 4
    [update] = (await after.ask(TOKEN, "getUpdates"))["result"]
    assert update["update_id"] == last["update_id"] + 1
    assert after.accounts.add_person("Bruno").id == anna.id + 1
    after.close()


async def test_an_edit_is_remembered(state: Path) -> None:
    before = TelegramEmulator(state=state)
    before.accounts.add_bot(TOKEN)
    anna = before.accounts.add_person("Anna")
    before.clients.write(anna.id, "a", bot_id=BOT_ID)
    before.clients.edit(anna.id, 1, "b", bot_id=BOT_ID)
    before.close()

    after = TelegramEmulator(state=state)
    assert [m["text"] for m in after.clients.messages(anna.id, bot_id=BOT_ID)] == ["b"]
    after.close()


def test_a_state_file_has_one_user(state: Path) -> None:
    first = TelegramEmulator(state=state)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        TelegramEmulator(state=state)
    first.close()


def test_a_file_that_is_no_database_is_refused(state: Path) -> None:
    state.write_text("nonsense" * 1_000)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        TelegramEmulator(state=state)
