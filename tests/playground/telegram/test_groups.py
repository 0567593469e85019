"""Groups and supergroups: who hears what, topics, coming and going, the move to a new id."""

import pytest
import telegram
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.records import ChatType, Json, Person, Status
from tests.playground.telegram.support import BOT_ID, TOKEN, Http


@pytest.fixture
def bruno(emulator: TelegramEmulator) -> Person:
    return emulator.accounts.add_person("Bruno")


@pytest.fixture
def group(emulator: TelegramEmulator, anna: Person, bruno: Person) -> int:
    """A group of Anna, Bruno and the bot, whose arrival is confirmed."""
    chat = emulator.accounts.add_group("Famiglia", members=[anna.id, bruno.id, BOT_ID])
    emulator.world.updates[BOT_ID].clear()
    return chat.id


@pytest.fixture
def forum(emulator: TelegramEmulator, anna: Person) -> int:
    """A supergroup of Anna and the bot with one topic, whose id is 2."""
    chat = emulator.accounts.add_group(
        "Banco", type=ChatType.SUPERGROUP, members=[anna.id, BOT_ID], topics=["Camere"]
    )
    emulator.world.updates[BOT_ID].clear()
    return chat.id


async def heard(emulator: TelegramEmulator) -> list[Json]:
    updates: list[Json] = (await emulator.ask(TOKEN, "getUpdates"))["result"]
    return updates


async def test_ids_tell_groups_from_supergroups(group: int, forum: int) -> None:
    assert -1_000_000_000_000 < group < 0
    assert forum < -1_000_000_000_000


async def test_a_bot_hears_that_it_was_added(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    emulator.accounts.add_group("Famiglia", members=[anna.id, BOT_ID])
    status, service = await bot.get_updates()
    assert status.my_chat_member is not None
    assert status.my_chat_member.old_chat_member.status == "left"
    assert status.my_chat_member.new_chat_member.status == "member"
    assert service.message is not None
    assert service.message.new_chat_members == (bot.bot,)


@pytest.mark.parametrize(
    "text", ["/help", "/help@sportello_bot", "ciao @sportello_bot, a che ora?"]
)
async def test_a_bot_hears_what_is_meant_for_it(
    emulator: TelegramEmulator, anna: Person, group: int, text: str
) -> None:
    emulator.clients.write(group, text, bot_id=BOT_ID, sender=anna.id)
    [update] = await heard(emulator)
    assert update["message"]["text"] == text
    assert update["message"]["chat"]["type"] == "group"


@pytest.mark.parametrize("text", ["ciao a tutti", "/help@other_bot", "ciao @other_bot"])
async def test_a_bot_does_not_hear_the_rest(
    emulator: TelegramEmulator, anna: Person, group: int, text: str
) -> None:
    emulator.clients.write(group, text, bot_id=BOT_ID, sender=anna.id)
    assert await heard(emulator) == []


async def test_a_bot_hears_replies_to_it(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person, group: int
) -> None:
    message = await bot.send_message(group, "Serve altro?")
    emulator.clients.write(group, "sì", bot_id=BOT_ID, sender=anna.id, reply_to=message.message_id)
    [update] = await bot.get_updates()
    assert update.message is not None
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.text == "Serve altro?"


async def test_an_administrator_hears_everything(
    emulator: TelegramEmulator, anna: Person, group: int
) -> None:
    emulator.accounts.set_member(group, BOT_ID, Status.ADMINISTRATOR)
    emulator.clients.write(group, "ciao a tutti", bot_id=BOT_ID, sender=anna.id)
    assert [list(update)[1] for update in await heard(emulator)] == ["my_chat_member", "message"]


async def test_a_bot_without_privacy_hears_everything(
    emulator: TelegramEmulator, anna: Person
) -> None:
    emulator.accounts.add_bot("18:x", username="all_bot", reads_all_group_messages=True)
    chat = emulator.accounts.add_group("G", members=[anna.id, 18])
    emulator.clients.write(chat.id, "ciao a tutti", bot_id=18, sender=anna.id)
    updates = (await emulator.ask("18:x", "getUpdates"))["result"]
    assert updates[-1]["message"]["text"] == "ciao a tutti"


async def test_a_bot_that_was_thrown_out_cannot_write(
    bot: telegram.Bot, emulator: TelegramEmulator, group: int, forum: int
) -> None:
    for chat_id in (group, forum):
        emulator.accounts.set_member(chat_id, BOT_ID, Status.KICKED)
    with pytest.raises(Forbidden, match=r"^Forbidden: bot was kicked from the group chat$"):
        await bot.send_message(group, "ciao")
    with pytest.raises(Forbidden, match=r"^Forbidden: bot was kicked from the supergroup chat$"):
        await bot.send_message(forum, "ciao")


async def test_a_bot_that_left_cannot_write(bot: telegram.Bot, group: int, forum: int) -> None:
    assert await bot.leave_chat(group)
    assert await bot.leave_chat(forum)
    with pytest.raises(Forbidden, match=r"^Forbidden: bot is not a member of the group chat$"):
        await bot.send_message(group, "ciao")
    with pytest.raises(Forbidden, match=r"bot is not a member of the supergroup chat$"):
        await bot.send_message(forum, "ciao")


async def test_a_bot_cannot_leave_a_person(bot: telegram.Bot, anna: Person) -> None:
    with pytest.raises(BadRequest, match="member status can't be changed in private chats"):
        await bot.leave_chat(anna.id)


async def test_a_group_it_never_was_in_is_unknown(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    chat = emulator.accounts.add_group("Altri", members=[anna.id])
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(chat.id, "ciao")


async def test_a_group_that_moved_says_where(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person, group: int
) -> None:
    new = emulator.accounts.migrate(group)

    old_message, new_message = await bot.get_updates()
    assert old_message.message is not None
    assert old_message.message.migrate_to_chat_id == new.id
    assert new_message.message is not None
    assert new_message.message.migrate_from_chat_id == group
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(group, "ciao")
    assert moved.value.new_chat_id == new.id
    assert (await bot.send_message(new.id, "ciao")).message_id == 2


async def test_the_move_is_told_in_the_real_words(
    http: Http, emulator: TelegramEmulator, group: int
) -> None:
    new = emulator.accounts.migrate(group)
    body = await http.refused("sendMessage", chat_id=group, text="ciao")
    assert body == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new.id},
    }


async def test_a_topic_keeps_its_messages_together(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person, forum: int
) -> None:
    emulator.clients.write(forum, "/help", bot_id=BOT_ID, sender=anna.id, topic=2)
    [update] = await bot.get_updates()
    assert update.message is not None
    assert (update.message.message_thread_id, update.message.is_topic_message) == (2, True)
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.forum_topic_created is not None

    named = await bot.send_message(forum, "Ecco", message_thread_id=2)
    reply = telegram.ReplyParameters(update.message.message_id)
    replied = await bot.send_message(forum, "Prego", reply_parameters=reply)
    await bot.send_message(forum, "A tutti")

    assert named.message_thread_id == replied.message_thread_id == 2
    texts = [
        message.get("text") for message in emulator.clients.messages(forum, bot_id=BOT_ID, topic=2)
    ]
    assert texts == [None, "/help", "Ecco", "Prego"]
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(forum, "Ecco", message_thread_id=1)


async def test_members_are_what_they_are(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person, bruno: Person, group: int
) -> None:
    emulator.accounts.set_member(group, bruno.id, Status.KICKED)
    emulator.accounts.set_member(group, BOT_ID, Status.ADMINISTRATOR)
    stranger = emulator.accounts.add_person("Carla")

    members = [
        await bot.get_chat_member(group, user_id)
        for user_id in (anna.id, bruno.id, BOT_ID, stranger.id)
    ]

    assert [member.status for member in members] == ["creator", "kicked", "administrator", "left"]
    assert (await bot.get_chat_member(anna.id, anna.id)).status == "member"
    with pytest.raises(BadRequest, match="User not found"):
        await bot.get_chat_member(group, 5)


async def test_a_chat_can_be_looked_at(
    bot: telegram.Bot, anna: Person, group: int, forum: int
) -> None:
    assert (await bot.get_chat(anna.id)).full_name == "Anna"
    assert (await bot.get_chat(group)).title == "Famiglia"
    assert (await bot.get_chat(forum)).is_forum is True
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.get_chat(5)


async def test_a_supergroup_is_found_by_its_name(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    chat = emulator.accounts.add_group(
        "Piazza", type=ChatType.SUPERGROUP, members=[anna.id, BOT_ID], username="piazza"
    )
    assert (await bot.send_message("@piazza", "ciao")).chat.id == chat.id


async def test_only_an_administrator_deletes_what_others_wrote(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person, group: int
) -> None:
    message = emulator.clients.write(group, "ciao", bot_id=BOT_ID, sender=anna.id)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(group, message["message_id"])
    emulator.accounts.set_member(group, BOT_ID, Status.ADMINISTRATOR)
    assert await bot.delete_message(group, message["message_id"])


async def test_an_edit_reaches_the_bots_that_may_see_it(
    emulator: TelegramEmulator, anna: Person, group: int
) -> None:
    message = emulator.clients.write(group, "ciao", bot_id=BOT_ID, sender=anna.id)
    emulator.clients.edit(group, message["message_id"], "/help", bot_id=BOT_ID)
    [update] = await heard(emulator)
    assert update["edited_message"]["text"] == "/help"


@pytest.mark.parametrize("sender", [1_002, 99])
def test_only_members_write(emulator: TelegramEmulator, group: int, sender: int) -> None:
    emulator.accounts.set_member(group, 1_002, Status.LEFT)
    with pytest.raises((KeyError, ValueError)):
        emulator.clients.write(group, "ciao", bot_id=BOT_ID, sender=sender)


def test_a_group_has_no_topics(emulator: TelegramEmulator, anna: Person, group: int) -> None:
    with pytest.raises(ValueError, match="only a supergroup has topics"):
        emulator.accounts.add_group("G", members=[anna.id], topics=["x"])
    with pytest.raises(ValueError, match="only a supergroup has topics"):
        emulator.accounts.add_topic(group, "x")


def test_a_group_of_strangers_is_refused(emulator: TelegramEmulator) -> None:
    with pytest.raises(KeyError):
        emulator.accounts.add_group("G", members=[5])
