"""The Bot API's methods by name, in lower case: the real server ignores case."""

from collections.abc import Callable
from typing import Any, Final

from bot.playground.telegram.methods import (
    chats,
    commands,
    edits,
    managed,
    messages,
    polling,
    profile,
)
from bot.playground.telegram.params import Params
from bot.playground.telegram.records import Bot
from bot.playground.telegram.world import World

Method = Callable[[World, Bot, Params], Any]  # getUpdates alone answers an awaitable

METHODS: Final[dict[str, Method]] = {
    function.__name__.replace("_", ""): function
    for function in (
        polling.get_updates,
        polling.set_webhook,
        polling.delete_webhook,
        polling.get_webhook_info,
        messages.send_message,
        messages.send_document,
        messages.send_photo,
        messages.send_chat_action,
        messages.copy_message,
        messages.delete_message,
        messages.delete_messages,
        edits.edit_message_text,
        edits.edit_message_reply_markup,
        edits.answer_callback_query,
        profile.get_me,
        commands.set_my_commands,
        commands.get_my_commands,
        commands.delete_my_commands,
        profile.set_my_name,
        profile.get_my_name,
        profile.set_my_description,
        profile.get_my_description,
        profile.set_my_short_description,
        profile.get_my_short_description,
        managed.get_managed_bot_token,
        managed.replace_managed_bot_token,
        chats.get_chat,
        chats.get_chat_member,
        chats.leave_chat,
        chats.get_file,
    )
}
