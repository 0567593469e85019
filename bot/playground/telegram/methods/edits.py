"""The Bot API methods that change messages, and the answer to a button."""

from bot.playground.telegram.errors import bad_request, not_modified, query_too_old
from bot.playground.telegram.markup import check_markup, is_inline
from bot.playground.telegram.params import Params
from bot.playground.telegram.places import known_chat
from bot.playground.telegram.records import Bot, Chat, Json
from bot.playground.telegram.texts import format_text, units
from bot.playground.telegram.world import World

ANSWER_LIMIT = 200


def edit_message_text(world: World, bot: Bot, params: Params) -> Json:
    """As on the real server, an edit without reply_markup takes the inline keyboard away."""
    chat, message = _own_message(world, bot, params)
    if params.text("parse_mode"):
        raise bad_request("unsupported parse_mode")
    formatted = format_text(params.text("text"), params.objects("entities"))
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    changes = {"text": formatted.text, "entities": formatted.entities or None}
    return _change(world, bot, chat, message, changes | _inline_keyboard(params), dated=True)


def edit_message_reply_markup(world: World, bot: Bot, params: Params) -> Json:
    """Change or take away the inline keyboard; nobody is shown that the message was edited."""
    chat, message = _own_message(world, bot, params)
    return _change(world, bot, chat, message, _inline_keyboard(params))


def answer_callback_query(world: World, bot: Bot, params: Params) -> bool:
    """Answer the press of a button, once."""
    query_id = params.text("callback_query_id")
    query = world.queries.take(query_id, bot_id=bot.id, now=world.now())
    if query is None:
        raise query_too_old()
    text = params.text("text")
    if units(text) > ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    world.events.add(
        "callback_answer",
        bot=bot.id,
        chat_id=query.chat_id,
        callback_query_id=query_id,
        text=text,
        show_alert=params.flag("show_alert"),
        url=params.text("url"),
    )
    return True


def _own_message(world: World, bot: Bot, params: Params) -> tuple[Chat, Json]:
    chat = known_chat(world, bot, params)
    if not params.integer("message_id"):
        raise bad_request("message identifier is not specified")
    message = world.box(bot.id, chat).get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if message["from"]["id"] != bot.id:
        raise bad_request("message can't be edited")
    return chat, message


def _inline_keyboard(params: Params) -> Json:
    markup = check_markup(params.parsed("reply_markup"), is_private=True)
    if markup is not None and not is_inline(markup):
        raise bad_request("inline keyboard expected")
    return {"reply_markup": markup}


def _change(
    world: World, bot: Bot, chat: Chat, message: Json, changes: Json, *, dated: bool = False
) -> Json:
    if all(message.get(name) == value for name, value in changes.items()):
        raise not_modified()
    changed = message | changes | ({"edit_date": int(world.now())} if dated else {})
    changed = {name: value for name, value in changed.items() if value is not None}
    world.change_message(bot.id, chat, changed)
    return changed
