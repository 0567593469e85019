"""sendMessage and its kin: what is accepted, and in which words the rest is refused."""

from typing import Any

import pytest
import telegram
from telegram.error import BadRequest, Forbidden

from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.records import Person
from tests.playground.telegram.support import BOT_ID, TOKEN, Http, description


async def test_a_message_comes_back_as_it_is_kept(bot: telegram.Bot, anna: Person) -> None:
    message = await bot.send_message(
        anna.id,
        " Buongiorno! ",
        entities=[telegram.MessageEntity("bold", 1, 10)],
        reply_markup=telegram.InlineKeyboardMarkup.from_button(
            telegram.InlineKeyboardButton("Sì", callback_data="yes")
        ),
        reply_parameters=telegram.ReplyParameters(1),
        disable_notification=True,
    )

    assert message.message_id == 2
    assert (message.text, message.parse_entities()) == (
        "Buongiorno!",
        {message.entities[0]: "Buongiorno"},
    )
    assert message.from_user == bot.bot
    assert message.chat.full_name == "Anna"
    assert message.reply_to_message is not None
    assert message.reply_to_message.text == "/start"
    assert message.reply_markup is not None
    assert message.reply_markup.inline_keyboard[0][0].callback_data == "yes"


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": "  "}, "text must be non-empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"chat_id": ""}, "chat_id is empty"),
        ({"chat_id": 999}, "chat not found"),
        ({"chat_id": -5}, "chat not found"),
        ({"chat_id": "@nobody"}, "chat not found"),
        ({"chat_id": "nonsense"}, "chat not found"),
        ({"message_thread_id": 5}, "message thread not found"),
        ({"reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"reply_to_message_id": 99}, "message to be replied not found"),
        ({"parse_mode": "HTML"}, "unsupported parse_mode"),
        ({"entities": "nonsense"}, "can't parse entities JSON object"),
        ({"entities": [3]}, "can't parse entities JSON array"),
        (
            {"entities": [{"type": "bold", "offset": 1, "length": 5}]},
            "entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 6",
        ),
        ({"reply_markup": "[]"}, "object expected as reply markup"),
        (
            {"reply_markup": {"inline_keyboard": [["x"]]}},
            "can't parse inline keyboard button: InlineKeyboardButton must be an Object",
        ),
        (
            {"reply_markup": {"inline_keyboard": [[{"callback_data": "x"}]]}},
            "can't parse inline keyboard button: Can't find field \"text\"",
        ),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": ""}]]}},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "è" * 33}]]}},
            "BUTTON_DATA_INVALID",
        ),
        (
            {"reply_markup": {"inline_keyboard": [[{"text": "a", "url": "nowhere"}]]}},
            "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL",
        ),
        (
            {"reply_markup": {"inline_keyboard": "x"}},
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
        (
            {"reply_markup": {"keyboard": [[1]]}},
            "can't parse keyboard button: KeyboardButton must be an Object",
        ),
    ],
)
async def test_a_bad_message_is_refused(
    http: Http, anna: Person, params: dict[str, Any], sentence: str
) -> None:
    body = await http.refused("sendMessage", **({"chat_id": anna.id, "text": "ciao"} | params))
    assert (body["error_code"], description(body)) == (400, f"Bad Request: {sentence}")


async def test_a_person_who_never_wrote_is_unknown(
    bot: telegram.Bot, emulator: TelegramEmulator
) -> None:
    stranger = emulator.accounts.add_person("Bruno")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(stranger.id, "ciao")


async def test_who_blocked_the_bot_gets_nothing(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    emulator.accounts.block(anna.id, bot_id=BOT_ID)
    with pytest.raises(Forbidden, match=r"^Forbidden: bot was blocked by the user$"):
        await bot.send_message(anna.id, "ciao")
    with pytest.raises(Forbidden):
        await bot.send_chat_action(anna.id, "typing")

    emulator.accounts.unblock(anna.id, bot_id=BOT_ID)
    assert (await bot.send_message(anna.id, "ciao")).text == "ciao"


async def test_a_closed_account_gets_nothing(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    emulator.accounts.deactivate(anna.id)
    with pytest.raises(Forbidden, match=r"^Forbidden: user is deactivated$"):
        await bot.send_message(anna.id, "ciao")


async def test_a_reply_to_a_lost_message_may_go_without(http: Http, anna: Person) -> None:
    reply = {"message_id": 99, "allow_sending_without_reply": True}
    message = await http.call("sendMessage", chat_id=anna.id, text="x", reply_parameters=reply)
    assert "reply_to_message" not in message


async def test_a_reply_keyboard_belongs_to_the_chat(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    chat = emulator.world.private_chat(BOT_ID, anna.id)

    keyboard = telegram.ReplyKeyboardMarkup([["Camere", "Orari"]], one_time_keyboard=True)
    message = await bot.send_message(anna.id, "Scelga", reply_markup=keyboard)
    assert message.reply_markup is None
    assert chat.keyboard is not None
    assert chat.keyboard["keyboard"] == [[{"text": "Camere"}, {"text": "Orari"}]]
    assert chat.keyboard["message_id"] == message.message_id

    await bot.send_message(anna.id, "Il nome?", reply_markup=telegram.ForceReply())
    assert chat.keyboard["force_reply"] is True

    await bot.send_message(anna.id, "Grazie", reply_markup=telegram.ReplyKeyboardRemove())
    assert chat.keyboard is None


async def test_an_unknown_action_is_refused(http: Http, anna: Person) -> None:
    body = await http.refused("sendChatAction", chat_id=anna.id, action="dancing")
    assert description(body) == "Bad Request: wrong parameter action in request"


async def test_a_message_can_be_copied(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    bruno = emulator.accounts.add_person("Bruno")
    emulator.clients.write(bruno.id, "Vorrei /aiuto", bot_id=BOT_ID)

    copied = await bot.copy_message(anna.id, bruno.id, 2)

    [*_, copy] = emulator.clients.messages(anna.id, bot_id=BOT_ID)
    assert copy["message_id"] == copied.message_id == 3
    assert (copy["text"], copy["from"]["id"]) == ("Vorrei /aiuto", BOT_ID)
    with pytest.raises(BadRequest, match="Message to copy not found"):
        await bot.copy_message(anna.id, bruno.id, 99)


async def test_half_a_symbol_is_refused(emulator: TelegramEmulator, anna: Person) -> None:
    body = await emulator.ask(TOKEN, "sendMessage", chat_id=anna.id, text="\ud83d")
    assert description(body) == "Bad Request: strings must be encoded in UTF-8"
    with pytest.raises(ValueError, match="surrogates"):
        emulator.clients.write(anna.id, "\ud83d", bot_id=BOT_ID)


async def test_messages_can_be_deleted(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    for text in ("a", "b", "c"):
        await bot.send_message(anna.id, text)

    assert await bot.delete_message(anna.id, 2)
    assert await bot.delete_messages(anna.id, [1, 3, 99])

    left = emulator.clients.messages(anna.id, bot_id=BOT_ID)
    assert [message["text"] for message in left] == ["c"]
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(anna.id, 2)
    assert (await bot.send_message(anna.id, "d")).message_id == 5
