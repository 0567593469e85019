"""How a message of a person, or of Telegram itself, reaches the bots of a chat."""

from bot.playground.telegram.media import KINDS
from bot.playground.telegram.records import Bot, Chat, ChatType, Json, Status
from bot.playground.telegram.texts import slice_units
from bot.playground.telegram.world import World

CONTENT = ("text", *KINDS, "location", "venue", "contact", "poll", "dice")


def post(
    world: World, chat: Chat, *, sender: Json, content: Json, message_id: int | None = None
) -> dict[int, Json]:
    """Add a message to a chat and tell its bots; the message by bot id.

    A supergroup has one message for all, also under the key 0; in a basic group every bot has
    its own, with its own id.
    """
    bots = world.bots_in(chat)
    if chat.type is ChatType.SUPERGROUP:
        message = world.add_message(0, chat, sender=sender, content=content, message_id=message_id)
        posted = {0: message} | {bot.id: message for bot in bots}
    else:
        posted = {
            bot.id: world.add_message(bot.id, chat, sender=sender, content=content) for bot in bots
        }
    for bot in bots:
        deliver(world, bot, chat, "message", posted[bot.id])
    return posted


def deliver(world: World, bot: Bot, chat: Chat, kind: str, message: Json) -> None:
    """Queue an update of this kind for a bot, if it may see the message.

    In groups, privacy mode (core.telegram.org/bots/features#privacy-mode) hides from a bot what
    is not meant for it, unless it is an administrator.
    """
    if chat.is_private or _sees_everything(bot, chat) or _is_meant_for(bot, message):
        world.updates[bot.id].add(kind, message)


def _sees_everything(bot: Bot, chat: Chat) -> bool:
    return bot.reads_all_group_messages or chat.members[bot.id] is Status.ADMINISTRATOR


def _is_meant_for(bot: Bot, message: Json) -> bool:
    is_service_message = not any(name in message for name in CONTENT)
    is_reply = message.get("reply_to_message", {}).get("from", {}).get("id") == bot.id
    return is_service_message or is_reply or _names(bot, message)


def _names(bot: Bot, message: Json) -> bool:
    text = message.get("text") or message.get("caption", "")
    for entity in message.get("entities") or message.get("caption_entities", []):
        part = slice_units(text, entity["offset"], entity["length"])
        command, _, addressee = part.partition("@")
        is_named = addressee.lower() == bot.username.lower()
        if entity["type"] == "mention" and is_named:
            return True
        if entity["type"] == "bot_command" and (is_named or command == part):
            return True
    return False
