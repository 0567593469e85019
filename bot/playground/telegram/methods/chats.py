"""The Bot API methods about chats, their members and files."""

from typing import Final

from bot.playground.telegram.errors import bad_request
from bot.playground.telegram.filing import LARGEST_DOWNLOAD_BYTES
from bot.playground.telegram.params import Params
from bot.playground.telegram.places import known_chat, writable_chat
from bot.playground.telegram.records import Bot, Json, Status
from bot.playground.telegram.world import World

ADMINISTRATOR_RIGHTS: Final = tuple(
    f"can_{right}"
    for right in (
        *("manage_chat", "manage_video_chats", "manage_topics", "change_info"),
        *("delete_messages", "pin_messages", "restrict_members", "promote_members"),
        *("invite_users", "post_stories", "edit_stories", "delete_stories"),
    )
)


def get_chat(world: World, bot: Bot, params: Params) -> Json:
    """What is known about a chat."""
    chat = known_chat(world, bot, params)
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
    full = chat.brief() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys((*gifts, "gifts_from_channels"), False),
    }
    return full if chat.is_private else full | {"permissions": {"can_send_messages": True}}


def get_chat_member(world: World, bot: Bot, params: Params) -> Json:
    """What someone is in a chat."""
    chat = known_chat(world, bot, params)
    user_id = params.integer("user_id")
    user = world.user(user_id)
    if user is None:
        raise bad_request("user not found")
    if chat.is_private:
        status = Status.MEMBER if user_id in (chat.id, bot.id) else Status.LEFT
    else:
        status = chat.members.get(user_id, Status.LEFT)
    return describe_member(user, status)


def leave_chat(world: World, bot: Bot, params: Params) -> bool:
    """Leave a group."""
    chat = writable_chat(world, bot, params)
    if chat.is_private:
        raise bad_request("chat member status can't be changed in private chats")
    chat.members[bot.id] = Status.LEFT
    world.keep_chat(chat)
    return True


def get_file(world: World, bot: Bot, params: Params) -> Json:
    """Where to download a file."""
    file_id = params.text("file_id")
    if file_id not in world.files:
        raise bad_request("invalid file_id")
    file = world.files.find(file_id, bot_id=bot.id)
    if file is None or (file.size <= LARGEST_DOWNLOAD_BYTES and len(file.content) < file.size):
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if file.size > LARGEST_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    world.files.lend(file, bot_id=bot.id, now=world.now())
    return file.brief() | {"file_id": file_id, "file_path": file.path}


def describe_member(user: Json, status: Status) -> Json:
    """The Bot API's ChatMember."""
    member: Json = {"user": user, "status": status.value}
    match status:
        case Status.CREATOR:
            member["is_anonymous"] = False
        case Status.ADMINISTRATOR:
            member |= {"can_be_edited": False, "is_anonymous": False}
            member |= dict.fromkeys(ADMINISTRATOR_RIGHTS, True)
        case Status.KICKED:
            member["until_date"] = 0
        case _:
            pass
    return member
