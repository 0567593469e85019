"""The Bot API methods that make, copy and delete messages."""

from typing import Final

from bot.playground.telegram.errors import bad_request, too_large
from bot.playground.telegram.markup import check_markup, is_inline
from bot.playground.telegram.media import KINDS, media
from bot.playground.telegram.params import Params, whole
from bot.playground.telegram.places import (
    in_reply_to,
    in_topic,
    known_chat,
    topic_of,
    writable_chat,
)
from bot.playground.telegram.records import Bot, Chat, Json, Status, Upload
from bot.playground.telegram.texts import format_caption, format_text
from bot.playground.telegram.world import World

ACTIONS: Final = frozenset(
    {
        *("typing", "choose_sticker", "find_location"),
        *("upload_photo", "upload_video", "upload_voice", "upload_document", "upload_video_note"),
        *("record_video", "record_voice", "record_video_note"),
    }
)
LARGEST_UPLOAD_BYTES: Final = 50 * 1024 * 1024
LONGEST_DELETABLE_SECONDS: Final = 48 * 3600
MOST_DELETED_AT_ONCE: Final = 100
COPIED: Final[tuple[str, ...]] = (
    *("text", "entities", "caption", "caption_entities"),
    *KINDS,
    *("location", "venue", "contact", "poll", "dice"),
)


def send_message(world: World, bot: Bot, params: Params) -> Json:
    """Send a text with entities; parse_mode is not emulated."""
    chat = writable_chat(world, bot, params)
    if params.text("parse_mode"):
        raise bad_request("unsupported parse_mode")  # our bot sends entities
    formatted = format_text(params.text("text"), params.objects("entities"))
    content: Json = {"text": formatted.text}
    if formatted.entities:
        content["entities"] = formatted.entities
    return send(world, bot, chat, params, content)


def send_document(world: World, bot: Bot, params: Params) -> Json:
    """Send a file, uploaded or by its id."""
    return _send_file(world, bot, params, "document")


def send_photo(world: World, bot: Bot, params: Params) -> Json:
    """Send a picture, uploaded or by its id."""
    return _send_file(world, bot, params, "photo")


def send_chat_action(world: World, bot: Bot, params: Params) -> bool:
    """Show that the bot is busy."""
    chat = writable_chat(world, bot, params)
    topic = topic_of(chat, params)
    action = params.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.events.add("typing", bot=bot.id, chat_id=chat.id, topic_id=topic, action=action)
    return True


def copy_message(world: World, bot: Bot, params: Params) -> Json:
    """Send a copy of a message."""
    chat = writable_chat(world, bot, params)
    source = known_chat(world, bot, params, "from_chat_id")
    message = world.box(bot.id, source).get(params.integer("message_id"))
    if message is None:
        raise bad_request("message to copy not found")
    content = {name: message[name] for name in COPIED if name in message}
    if not content:
        raise bad_request("message can't be copied")
    if "caption" in params.values:
        content |= _caption(params)
    return {"message_id": send(world, bot, chat, params, content)["message_id"]}


def delete_message(world: World, bot: Bot, params: Params) -> bool:
    """Delete one message (core.telegram.org/bots/api#deletemessage)."""
    chat = known_chat(world, bot, params)
    message_id = params.integer("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    message = world.box(bot.id, chat).get(message_id)
    if message is None:
        raise bad_request("message to delete not found")
    if not _may_delete(bot, chat, message):
        raise bad_request("message can't be deleted")
    if _is_too_old(world, message):
        raise bad_request("message can't be deleted for everyone")
    world.delete_message(bot.id, chat, message_id)
    return True


def delete_messages(world: World, bot: Bot, params: Params) -> bool:
    """Delete what can be deleted, silently skipping the rest."""
    chat = known_chat(world, bot, params)
    message_ids = params.integers("message_ids")
    if not message_ids:
        raise bad_request("message identifiers are not specified")
    if len(message_ids) > MOST_DELETED_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    box = world.box(bot.id, chat)
    for message_id in message_ids:
        message = box.get(message_id)
        if message and _may_delete(bot, chat, message) and not _is_too_old(world, message):
            world.delete_message(bot.id, chat, message_id)
    return True


def send(world: World, bot: Bot, chat: Chat, params: Params, content: Json) -> Json:
    """Add a message with what all kinds of message share: topic, reply and keyboard."""
    topic = topic_of(chat, params)
    replied = _replied_message(world, bot, chat, params)
    if replied is not None:
        topic = topic or replied.get("message_thread_id")
    markup = check_markup(params.parsed("reply_markup"), is_private=chat.is_private)
    inline = {"reply_markup": markup} if is_inline(markup) else {}
    content = in_topic(topic) | in_reply_to(replied) | content | inline
    message = world.add_message(bot.id, chat, sender=bot.user(), content=content)
    if markup is not None and not is_inline(markup):
        _show_keyboard(world, chat, markup | {"message_id": message["message_id"]})
    return message


def _show_keyboard(world: World, chat: Chat, keyboard: Json) -> None:
    """Reply keyboards and the like belong to the chat, not to their message."""
    chat.keyboard = None if keyboard.get("remove_keyboard") else keyboard
    world.keep_chat(chat)


def _replied_message(world: World, bot: Bot, chat: Chat, params: Params) -> Json | None:
    reply = params.object("reply_parameters")
    if not reply and params.text("reply_to_message_id"):  # the older way
        is_optional = params.flag("allow_sending_without_reply")
        reply = {
            "message_id": params.integer("reply_to_message_id"),
            "allow_sending_without_reply": is_optional,
        }
    if not reply:
        return None
    message = world.box(bot.id, chat).get(whole(reply.get("message_id")))
    if message is None and not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def _may_delete(bot: Bot, chat: Chat, message: Json) -> bool:
    """Bots delete their own messages, anything in private chats, and what an admin may."""
    is_own = message["from"]["id"] == bot.id
    return is_own or chat.is_private or chat.members[bot.id] is Status.ADMINISTRATOR


def _is_too_old(world: World, message: Json) -> bool:
    is_old: bool = world.now() - message["date"] > LONGEST_DELETABLE_SECONDS
    return is_old


def _send_file(world: World, bot: Bot, params: Params, kind: str) -> Json:
    chat = writable_chat(world, bot, params)
    content = _media(world, bot, params, kind) | _caption(params)
    return send(world, bot, chat, params, content)


def _media(world: World, bot: Bot, params: Params, kind: str) -> Json:
    given = params.text(kind)
    upload = params.uploads.get(given.removeprefix("attach://") if given else kind)
    if upload is not None:
        _check_upload(upload)
        return media(kind, world.add_file(upload, folder=f"{kind}s"))
    if not given:
        raise bad_request(f"there is no {kind} in the request")
    file = world.files.find(given, bot_id=bot.id)
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return media(kind, file)


def _check_upload(upload: Upload) -> None:
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > LARGEST_UPLOAD_BYTES:
        raise too_large()


def _caption(params: Params) -> Json:
    formatted = format_caption(params.text("caption"), params.objects("caption_entities"))
    content: Json = {"caption": formatted.text} if formatted.text else {}
    return content | ({"caption_entities": formatted.entities} if formatted.entities else {})
