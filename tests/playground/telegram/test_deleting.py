"""What a bot may delete, and until when (core.telegram.org/bots/api#deletemessage)."""

from typing import Any

import pytest

from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.methods.messages import LONGEST_DELETABLE_SECONDS
from bot.playground.telegram.records import Person
from tests.playground.telegram.support import BOT_ID, Http, description


async def test_a_persons_message_in_a_private_chat_can_be_deleted(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    message = emulator.clients.write(anna.id, "17:AAsecret", bot_id=BOT_ID)
    assert await http.call("deleteMessage", chat_id=anna.id, message_id=message["message_id"])
    assert "17:AAsecret" not in str(emulator.clients.messages(anna.id, bot_id=BOT_ID))


async def test_after_two_days_a_message_stays(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    later = emulator.world.now() + LONGEST_DELETABLE_SECONDS + 1
    emulator.world.now = lambda: later

    body = await http.refused("deleteMessage", chat_id=anna.id, message_id=1)
    assert description(body) == "Bad Request: message can't be deleted for everyone"
    assert await http.call("deleteMessages", chat_id=anna.id, message_ids=[1])
    assert len(emulator.clients.messages(anna.id, bot_id=BOT_ID)) == 1


@pytest.mark.parametrize(
    ("method", "params", "sentence"),
    [
        ("deleteMessage", {}, "message identifier is not specified"),
        ("deleteMessage", {"message_id": 99}, "message to delete not found"),
        ("deleteMessages", {}, "message identifiers are not specified"),
        (
            "deleteMessages",
            {"message_ids": list(range(1, 102))},
            "too many message identifiers specified",
        ),
    ],
)
async def test_a_deletion_that_cannot_be_is_refused(
    http: Http, anna: Person, method: str, params: dict[str, Any], sentence: str
) -> None:
    body = await http.refused(method, chat_id=anna.id, **params)
    assert description(body) == f"Bad Request: {sentence}"
