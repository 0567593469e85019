"""Sending, probing and typing, and what each refusal of Telegram becomes."""

import json

import pytest
from starlette.responses import PlainTextResponse

from bot.errors import (
    ChatGone,
    ChatMoved,
    GiveUp,
    InDoubt,
    MarkupRejected,
    RetryLater,
    Unauthorized,
)
from bot.net.sessions import new_session
from bot.playground.serve import serve
from bot.playground.telegram.faults import Fault
from bot.playground.telegram.records import ChatType, Json, Upload
from bot.ports import Channel, Outgoing
from bot.telegram.account import Account, identify, new_bot
from bot.telegram.errors import NoBotApi
from bot.telegram.request import Request
from bot.telegram.route import route
from tests.addresses import chat_at
from tests.telegram.conftest import TOKEN, Desk, channel_of

BOLD = '[{"type":"bold","offset":0,"length":4}]'
MARKUP = '{"inline_keyboard":[[{"text":"Prenota","callback_data":"book"}]]}'


def fail(desk: Desk, name: str, *, method: str = "sendMessage", description: str = "") -> None:
    fault = Fault.named(name, method=method, description=description, retry_after_seconds=7)
    desk.telegram.faults.add(fault)


def shown(desk: Desk, chat_id: int | None = None) -> list[Json]:
    """The messages of the bot that the chat shows."""
    messages = desk.telegram.clients.messages(chat_id or desk.anna_id, bot_id=desk.me.id)
    return [message for message in messages if message["from"]["is_bot"]]


def test_it_is_a_channel(desk: Desk) -> None:
    channel: Channel = desk.channel
    assert "secret" not in repr(channel)


async def test_a_message_arrives_as_it_was_meant(desk: Desk) -> None:
    message = Outgoing(desk.anna, "Ciao & <benvenuta> + 100% 😀", entities=BOLD, markup=MARKUP)

    message_id = await desk.channel.send(message)

    (arrived,) = shown(desk)
    assert str(arrived["message_id"]) == message_id
    assert arrived["text"] == message.text
    assert arrived["entities"] == json.loads(BOLD)
    assert arrived["reply_markup"] == json.loads(MARKUP)


async def test_a_message_that_is_to_say_nothing_goes(desk: Desk) -> None:
    message_id = await desk.channel.send(Outgoing(desk.anna, "Ciao"))
    for _ in range(2):
        await desk.channel.rewrite(Outgoing(desk.anna, ""), message_id)
    assert shown(desk) == []


async def test_a_message_goes_to_its_topic_and_answers_a_message(desk: Desk) -> None:
    group = desk.telegram.accounts.add_group(
        "Ospiti",
        members=[desk.anna_id, desk.me.id],
        type=ChatType.SUPERGROUP,
        topics=["Camere"],
    )
    (topic,) = group.topics
    asked = desk.telegram.clients.write(
        group.id, "@hotel_bot?", bot_id=desk.me.id, sender=desk.anna_id, topic=topic
    )
    address = chat_at(desk.me.id, group.id, topic)

    await desk.channel.send(Outgoing(address, "Ecco", reply_to=str(asked["message_id"])))

    arrived = shown(desk, group.id)[-1]
    assert arrived["message_thread_id"] == topic
    assert arrived["reply_to_message"]["message_id"] == asked["message_id"]


async def test_an_answer_to_a_message_that_is_gone_arrives_all_the_same(desk: Desk) -> None:
    await desk.channel.send(Outgoing(desk.anna, "Ecco", reply_to="999999"))
    assert [message["text"] for message in shown(desk)] == ["Ecco"]


async def test_429_pauses_the_chat_and_no_other(desk: Desk) -> None:
    fail(desk, "429")
    boris = desk.telegram.accounts.add_person("Boris")
    desk.telegram.clients.write(boris.id, "Hi", bot_id=desk.me.id)

    with pytest.raises(RetryLater) as refusal:
        await desk.channel.send(Outgoing(desk.anna, "Ciao"))

    assert refusal.value.after == 7
    assert desk.channel.delay(desk.anna) == 7
    assert desk.channel.delay(chat_at(desk.me.id, boris.id)) == 0


async def test_nothing_is_called_during_a_pause(desk: Desk) -> None:
    fail(desk, "429")
    with pytest.raises(RetryLater):
        await desk.channel.send(Outgoing(desk.anna, "Ciao"))

    with pytest.raises(RetryLater):
        await desk.channel.send(Outgoing(desk.anna, "Ciao"))
    with pytest.raises(RetryLater):
        await desk.channel.search.is_delivered(Outgoing(desk.anna, "Ciao"), str(1))
    await desk.channel.typing(desk.anna)

    methods = [call.method for call in desk.telegram.calls.after() if call.chat_id]
    assert methods == ["sendMessage"]


async def test_after_the_pause_messages_go_again(desk: Desk) -> None:
    fail(desk, "429")
    with pytest.raises(RetryLater):
        await desk.channel.send(Outgoing(desk.anna, "Ciao"))

    desk.clock.jump(desk.clock.time + 7)
    await desk.channel.send(Outgoing(desk.anna, "Ciao"))

    assert len(shown(desk)) == 1


async def test_a_typing_call_that_meets_429_pauses_the_chat_in_silence(desk: Desk) -> None:
    fail(desk, "429", method="sendChatAction")
    await desk.channel.typing(desk.anna)
    assert desk.channel.delay(desk.anna) == 7


async def test_the_chats_budget_is_kept(desk: Desk) -> None:
    for _ in range(5):
        await desk.channel.send(Outgoing(desk.anna, "Ciao"))
    with pytest.raises(RetryLater) as refusal:
        await desk.channel.send(Outgoing(desk.anna, "Ciao"))
    assert refusal.value.after == pytest.approx(1)


@pytest.mark.parametrize("name", ["500", "502", "503"])
async def test_trouble_of_the_server_is_tried_again(desk: Desk, name: str) -> None:
    fail(desk, name)
    with pytest.raises(RetryLater):
        await desk.channel.send(Outgoing(desk.anna, "Ciao"))


async def test_403_means_that_the_chat_is_gone(desk: Desk) -> None:
    desk.telegram.accounts.block(desk.anna_id, bot_id=desk.me.id)
    with pytest.raises(ChatGone, match="blocked"):
        await desk.channel.send(Outgoing(desk.anna, "Ciao"))


async def test_a_chat_that_telegram_does_not_know_is_gone(desk: Desk) -> None:
    with pytest.raises(ChatGone, match="Chat not found"):
        await desk.channel.send(Outgoing(chat_at(desk.me.id, 31_337), "Ciao"))


async def test_entities_that_telegram_cannot_use_are_named_as_the_cause(desk: Desk) -> None:
    fail(desk, "400", description="Bad Request: can't parse entities: unsupported start tag")
    with pytest.raises(MarkupRejected):
        await desk.channel.send(Outgoing(desk.anna, "Ciao", entities=BOLD))


async def test_another_bad_request_is_given_up(desk: Desk) -> None:
    with pytest.raises(GiveUp) as refusal:
        await desk.channel.send(Outgoing(desk.anna, "x" * 4097))
    assert type(refusal.value) is GiveUp


async def test_a_group_that_became_a_supergroup_has_moved(desk: Desk) -> None:
    group = desk.telegram.accounts.add_group("Ospiti", members=[desk.anna_id, desk.me.id])
    moved = desk.telegram.accounts.migrate(group.id)

    with pytest.raises(ChatMoved) as refusal:
        await desk.channel.send(Outgoing(chat_at(desk.me.id, group.id), "Ciao"))

    assert refusal.value.new_chat_id == str(moved.id)


@pytest.mark.parametrize("name", ["401", "404"])
async def test_a_refused_token_is_told_without_showing_it(desk: Desk, name: str) -> None:
    fail(desk, name)
    with pytest.raises(Unauthorized) as refusal:
        await desk.channel.send(Outgoing(desk.anna, "Ciao"))
    assert "secret" not in repr(refusal.value)


@pytest.mark.parametrize("name", ["lose_before", "lose_after", "garble_after"])
async def test_a_lost_answer_leaves_the_message_in_doubt(desk: Desk, name: str) -> None:
    fail(desk, name)
    with pytest.raises(InDoubt) as doubt:
        await desk.channel.send(Outgoing(desk.anna, "Ciao"))
    assert "secret" not in repr(doubt.value)
    assert len(shown(desk)) == (0 if name == "lose_before" else 1)


async def test_without_a_connection_nothing_was_sent(desk: Desk) -> None:
    async with new_session(connections=1) as session:
        nowhere = "http://127.0.0.1:1"  # nothing listens on port 1
        bot = new_bot(
            TOKEN, api_url=nowhere, request=Request(session), polling_request=desk.polling
        )
        channel = channel_of(Account(desk.me, bot), clock=desk.clock)
        with pytest.raises(RetryLater) as refusal:
            await channel.send(Outgoing(desk.anna, "Ciao"))
    assert "secret" not in repr(refusal.value)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409])
async def test_a_page_of_something_on_the_way_refuses_nothing(desk: Desk, status: int) -> None:
    """Else a portal's 404 revoked every bot's token, and its 403 closed the chats."""
    async with (
        serve(PlainTextResponse("<h1>Log in to go on</h1>", status)) as url,
        new_session(connections=1) as session,
    ):
        bot = new_bot(TOKEN, api_url=url, request=Request(session), polling_request=desk.polling)
        channel = channel_of(Account(desk.me, bot), clock=desk.clock)
        with pytest.raises(NoBotApi) as refusal:
            await channel.send(Outgoing(desk.anna, "Ciao"))
        with pytest.raises(NoBotApi):
            await identify(bot)

    assert "secret" not in repr(refusal.value)
    assert "Log in" not in refusal.value.cause


async def test_typing_shows(desk: Desk) -> None:
    await desk.channel.typing(desk.anna)
    assert len(desk.telegram.calls.of("sendChatAction", chat_id=desk.anna_id)) == 1


@pytest.mark.parametrize("name", ["500", "403", "404", "lose", "garble"])
async def test_typing_never_raises(desk: Desk, name: str) -> None:
    fail(desk, name, method="sendChatAction")
    await desk.channel.typing(desk.anna)
    assert desk.telegram.calls.of("sendChatAction")[0].error is not None


async def test_typing_gives_way_to_messages(desk: Desk) -> None:
    for _ in range(3):
        await desk.channel.send(Outgoing(desk.anna, "Ciao"))
    await desk.channel.typing(desk.anna)
    assert desk.telegram.calls.of("sendChatAction") == []


async def test_a_message_that_was_sent_is_recognised(desk: Desk) -> None:
    message = Outgoing(desk.anna, "Ciao, benvenuta", entities=BOLD, markup=MARKUP)
    message_id = await desk.channel.send(message)
    assert await desk.channel.search.is_delivered(message, str(message_id))
    assert "edit_date" not in shown(desk)[0]


async def test_an_edit_that_succeeds_makes_it_that_message(desk: Desk) -> None:
    message_id = await desk.channel.send(Outgoing(desk.anna, "Ciao"))
    assert await desk.channel.search.is_delivered(Outgoing(desk.anna, "Buonasera"), str(message_id))
    assert [message["text"] for message in shown(desk)] == ["Buonasera"]


async def test_an_unknown_id_is_not_that_message(desk: Desk) -> None:
    assert not await desk.channel.search.is_delivered(Outgoing(desk.anna, "Ciao"), str(999_999))


async def test_a_clients_own_message_is_not_that_message(desk: Desk) -> None:
    written = desk.telegram.clients.write(desk.anna_id, "Ciao", bot_id=desk.me.id)
    message_id = written["message_id"]
    assert not await desk.channel.search.is_delivered(Outgoing(desk.anna, "Ciao"), str(message_id))


async def test_a_file_of_the_bot_is_not_that_message(desk: Desk) -> None:
    sent = await desk.bot.send_document(desk.anna_id, b"x", filename="x.txt")
    assert not await desk.channel.search.is_delivered(
        Outgoing(desk.anna, "Ciao"), str(sent.message_id)
    )


async def test_a_question_whose_answer_was_lost_can_be_asked_again(desk: Desk) -> None:
    message = Outgoing(desk.anna, "Ciao")
    message_id = await desk.channel.send(message)
    fail(desk, "lose_before", method="editMessageText")

    with pytest.raises(RetryLater):
        await desk.channel.search.is_delivered(message, str(message_id))

    assert await desk.channel.search.is_delivered(message, str(message_id))


async def test_a_question_that_telegram_refuses_has_no_answer(desk: Desk) -> None:
    fail(desk, "400", method="editMessageText", description="Bad Request: something else")
    with pytest.raises(GiveUp):
        await desk.channel.search.is_delivered(Outgoing(desk.anna, "Ciao"), str(1))


async def test_asking_spends_the_chats_budget(desk: Desk) -> None:
    for _ in range(5):
        await desk.channel.search.is_delivered(Outgoing(desk.anna, "Ciao"), str(999_999))
    with pytest.raises(RetryLater):
        await desk.channel.search.is_delivered(Outgoing(desk.anna, "Ciao"), str(999_999))


async def test_a_blocked_chat_cannot_be_asked(desk: Desk) -> None:
    fail(desk, "403", method="editMessageText")
    with pytest.raises(ChatGone):
        await desk.channel.search.is_delivered(Outgoing(desk.anna, "Ciao"), str(1))


def test_what_it_renders_it_can_send(desk: Desk) -> None:
    (rendered,) = desk.channel.render("**Ciao**")
    assert (rendered.text, rendered.entities) == ("Ciao", BOLD)


async def test_what_a_client_writes_is_routed_and_read(desk: Desk) -> None:
    update = (await desk.bot.get_updates())[0].to_json()
    assert route(update, me=desk.me).address == desk.anna
    assert desk.channel.read(update, bot_id=desk.me.id).text == "Ciao"


async def test_what_a_bot_was_told_is_read_after_it_left(desk: Desk) -> None:
    update = (await desk.bot.get_updates())[0].to_json()
    channel = channel_of(clock=desk.clock)
    assert channel.read(update, bot_id=desk.me.id).text == "Ciao"


async def test_a_bot_that_does_not_run_here_says_nothing_for_now(desk: Desk) -> None:
    channel = channel_of(clock=desk.clock)
    await channel.typing(desk.anna)
    with pytest.raises(RetryLater, match="does not run here"):
        await channel.send(Outgoing(desk.anna, "Ciao"))
    assert desk.telegram.calls.of("sendMessage") == []


async def test_a_file_is_fetched_from_the_same_address(desk: Desk) -> None:
    upload = Upload("listino.txt", "text/plain", b"Doppia: 90")
    sent = desk.telegram.clients.send_file(desk.anna_id, upload, kind="document", bot_id=desk.me.id)
    file = await desk.bot.get_file(sent["document"]["file_id"])
    assert bytes(await file.download_as_bytearray()) == b"Doppia: 90"
