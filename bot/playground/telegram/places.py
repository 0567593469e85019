"""Which chat a call means, and whether the bot may write there."""

from bot.playground.telegram.errors import (
    ApiError,
    bad_request,
    chat_not_found,
    forbidden,
    upgraded,
)
from bot.playground.telegram.params import Params
from bot.playground.telegram.records import Bot, Chat, ChatType, Json, Status
from bot.playground.telegram.texts import units
from bot.playground.telegram.world import World

QUOTE_LIMIT = 1_024


def known_chat(world: World, bot: Bot, params: Params, name: str = "chat_id") -> Chat:
    """The chat that a parameter names. Raises ApiError if the bot has never met it."""
    given = params.text(name)
    if not given:
        raise bad_request(f"{name} is empty")
    if given.startswith("@"):
        chat = world.find_chat_by_username(given[1:])
    else:
        chat = world.find_chat(bot, int(given)) if _is_number(given) else None
    if chat is None or not (chat.is_private or bot.id in chat.members):
        raise chat_not_found()
    return chat


def writable_chat(world: World, bot: Bot, params: Params, name: str = "chat_id") -> Chat:
    """The same, for a chat that the bot may write to. Raises ApiError otherwise."""
    chat = known_chat(world, bot, params, name)
    refusal = _private_refusal(world, chat) if chat.is_private else _group_refusal(bot, chat)
    if refusal is not None:
        raise refusal
    return chat


def topic_of(chat: Chat, params: Params) -> int | None:
    """The topic that a call names, if any. Raises ApiError if the chat does not have it."""
    topic = params.integer("message_thread_id")
    if topic and topic not in chat.topics:
        raise bad_request("message thread not found")
    return topic or None


def in_topic(topic: int | None) -> Json:
    """What a message in a topic says about it."""
    return {} if topic is None else {"message_thread_id": topic, "is_topic_message": True}


def in_reply_to(replied: Json | None) -> Json:
    """What a reply holds of the message it answers, which is not what that one answered."""
    if replied is None:
        return {}
    kept = {name: value for name, value in replied.items() if name != "reply_to_message"}
    return {"reply_to_message": kept}


def quoted(replied: Json | None, words: str) -> Json:
    """What a reply says of the words in that message that it is about. Raises ValueError."""
    if not words:
        return {}
    text = (replied or {}).get("text") or (replied or {}).get("caption") or ""
    if words not in text or units(words) > QUOTE_LIMIT:
        raise ValueError("only words of the message that is replied to can be quoted")
    position = units(text[: text.index(words)])
    return {"quote": {"text": words, "position": position, "is_manual": True}}


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _private_refusal(world: World, chat: Chat) -> ApiError | None:
    if world.people[chat.id].is_deactivated:
        return forbidden("user is deactivated")
    return forbidden("bot was blocked by the user") if chat.is_blocked else None


def _group_refusal(bot: Bot, chat: Chat) -> ApiError | None:
    if chat.moved_to is not None:
        return upgraded(chat.moved_to)
    kind = "supergroup" if chat.type is ChatType.SUPERGROUP else "group"
    match chat.members[bot.id]:
        case Status.KICKED:
            return forbidden(f"bot was kicked from the {kind} chat")
        case Status.LEFT:
            return forbidden(f"bot is not a member of the {kind} chat")
        case _:
            return None
