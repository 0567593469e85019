"""Edits, buttons and their answers."""

import pytest
import telegram
from telegram.error import BadRequest

from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.records import Person
from tests.playground.telegram.support import BOT_ID, TOKEN, Http, description

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
BUTTON = telegram.InlineKeyboardMarkup.from_button(
    telegram.InlineKeyboardButton("Sì", callback_data="yes")
)


async def test_an_edit_changes_text_and_entities(bot: telegram.Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "prima")
    edited = await bot.edit_message_text(
        "dopo", anna.id, 2, entities=[telegram.MessageEntity("bold", 0, 4)]
    )
    assert isinstance(edited, telegram.Message)
    assert (edited.text, len(edited.entities)) == ("dopo", 1)
    assert edited.edit_date is not None


async def test_an_edit_to_the_same_is_refused(http: Http, anna: Person) -> None:
    message = {"chat_id": anna.id, "text": "Vedi https://aurora.it "}
    entities = [{"type": "bold", "offset": 0, "length": 4}]
    await http.call("sendMessage", **message, entities=entities)

    same = await http.refused("editMessageText", **message, message_id=2, entities=entities)
    assert (same["error_code"], description(same)) == (400, NOT_MODIFIED)
    assert (await http.call("editMessageText", **message, message_id=2))["message_id"] == 2


async def test_an_edit_without_keyboard_takes_it_away(bot: telegram.Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "Conferma?", reply_markup=BUTTON)
    edited = await bot.edit_message_text("Conferma?", anna.id, 2)
    assert isinstance(edited, telegram.Message)
    assert edited.reply_markup is None


async def test_the_keyboard_alone_can_change(bot: telegram.Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "Conferma?")
    edited = await bot.edit_message_reply_markup(anna.id, 2, reply_markup=BUTTON)
    assert isinstance(edited, telegram.Message)
    assert (edited.reply_markup, edited.edit_date) == (BUTTON, None)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_reply_markup(anna.id, 2, reply_markup=BUTTON)


@pytest.mark.parametrize(
    ("message_id", "sentence"),
    [
        (99, "message to edit not found"),
        (1, "message can't be edited"),
        (0, "message identifier is not specified"),
    ],
)
async def test_what_cannot_be_edited_is_refused(
    http: Http, anna: Person, message_id: int, sentence: str
) -> None:
    body = await http.refused("editMessageText", chat_id=anna.id, message_id=message_id, text="x")
    assert description(body) == f"Bad Request: {sentence}"


async def test_a_file_has_no_text_to_edit(bot: telegram.Bot, anna: Person) -> None:
    await bot.send_document(anna.id, b"menu", filename="menu.txt")
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("x", anna.id, 2)


async def test_a_pressed_button_is_answered_once(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    await bot.send_message(anna.id, "Conferma?", reply_markup=BUTTON)
    emulator.clients.press(anna.id, 2, "yes", bot_id=BOT_ID)

    [update] = await bot.get_updates()
    query = update.callback_query
    assert query is not None
    emulator.accounts.add_bot("18:other")
    other = await emulator.ask("18:other", "answerCallbackQuery", callback_query_id=query.id)
    assert other["ok"] is False
    assert (query.data, query.from_user.id) == ("yes", anna.id)
    assert isinstance(query.message, telegram.Message)
    assert query.message.text == "Conferma?"

    assert await bot.answer_callback_query(query.id, "Fatto", show_alert=True)
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query"):
        await bot.answer_callback_query(query.id)


async def test_an_old_press_cannot_be_answered() -> None:
    now = [1_800_000_000.0]
    emulator = TelegramEmulator(now=lambda: now[0])
    emulator.accounts.add_bot(TOKEN)
    anna = emulator.accounts.add_person("Anna")
    emulator.clients.write(anna.id, "ciao", bot_id=BOT_ID)
    markup = {"inline_keyboard": [[{"text": "Sì", "callback_data": "yes"}]]}
    await emulator.ask(TOKEN, "sendMessage", chat_id=anna.id, text="?", reply_markup=markup)
    query_id = emulator.clients.press(anna.id, 2, "yes", bot_id=BOT_ID)

    now[0] += 61
    body = await emulator.ask(TOKEN, "answerCallbackQuery", callback_query_id=query_id)

    assert description(body) == (
        "Bad Request: query is too old and response timeout expired or query ID is invalid"
    )


async def test_a_button_that_is_not_there_cannot_be_pressed(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    await bot.send_message(anna.id, "Conferma?", reply_markup=BUTTON)
    with pytest.raises(ValueError, match="no such button"):
        emulator.clients.press(anna.id, 2, "no", bot_id=BOT_ID)
