"""Deep links, and the keyboards that belong to a chat."""

import pytest

from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.links import StartLink
from bot.playground.telegram.records import Person
from tests.playground.telegram.support import BOT_ID, Http


@pytest.mark.parametrize(
    ("url", "command"),
    [
        ("https://t.me/sportello_bot?start=aurora-1_x", "/start aurora-1_x"),
        ("t.me/Sportello_Bot?start=a", "/start a"),
        ("https://telegram.me/sportello_bot/", "/start"),
        ("tg://resolve?domain=sportello_bot&start=a", "/start a"),
    ],
)
async def test_opening_a_link_starts_the_bot(
    http: Http, emulator: TelegramEmulator, anna: Person, url: str, command: str
) -> None:
    opened = await http.send("/client/links", {"person": anna.id, "url": url})

    [update] = await http.call("getUpdates")
    assert opened == {"bot": BOT_ID, "message": update["message"]}
    assert update["message"]["text"] == command


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/sportello_bot",
        "https://t.me/",
        "https://t.me/c/12/34",
        "https://t.me/sportello_bot?start=a%20b",
        f"https://t.me/sportello_bot?start={'a' * 65}",
    ],
)
def test_a_link_that_starts_no_bot_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="link"):
        StartLink.parse(url)


def test_a_bot_that_is_not_here_is_refused(emulator: TelegramEmulator, anna: Person) -> None:
    with pytest.raises(ValueError, match="no bot @other_bot here"):
        emulator.clients.start(anna.id, "https://t.me/other_bot")


async def test_start_unblocks(http: Http, emulator: TelegramEmulator, anna: Person) -> None:
    emulator.accounts.block(anna.id, bot_id=BOT_ID)
    emulator.clients.start(anna.id, "t.me/sportello_bot")

    _, unblocked, started = await http.call("getUpdates")
    assert unblocked["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert started["message"]["text"] == "/start"


async def test_a_forced_reply_ends_when_something_is_said(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    await http.call("sendMessage", chat_id=anna.id, text="?", reply_markup={"force_reply": True})
    assert emulator.world.private_chat(BOT_ID, anna.id).keyboard == {
        "force_reply": True,
        "message_id": 2,
    }
    emulator.clients.write(anna.id, "ecco", bot_id=BOT_ID)
    assert emulator.world.private_chat(BOT_ID, anna.id).keyboard is None


async def test_a_keyboard_stays_until_it_is_removed(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    markup = {"keyboard": [["Sì", {"text": "No"}]]}
    await http.call("sendMessage", chat_id=anna.id, text="?", reply_markup=markup)
    emulator.clients.write(anna.id, "Sì", bot_id=BOT_ID)
    chat = emulator.world.private_chat(BOT_ID, anna.id)
    assert chat.keyboard is not None
    assert chat.keyboard["keyboard"] == [[{"text": "Sì"}, {"text": "No"}]]

    await http.call(
        "sendMessage", chat_id=anna.id, text="!", reply_markup={"remove_keyboard": True}
    )
    assert chat.keyboard is None
