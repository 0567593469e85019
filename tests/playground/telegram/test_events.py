"""The stream of events that pages are built on."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
import telegram

from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.events import KEPT, Events
from bot.playground.telegram.records import ChatType, Json, Person
from tests.playground.telegram.support import BOT_ID, Http

BUTTON = telegram.InlineKeyboardMarkup.from_button(
    telegram.InlineKeyboardButton("Sì", callback_data="yes")
)


@asynccontextmanager
async def following(http: Http, *, after: int) -> AsyncIterator[aiohttp.StreamReader]:
    async with http.session.get(f"{http.url}/client/events?after={after}") as response:
        assert response.content_type == "text/event-stream"
        yield response.content


async def read(stream: aiohttp.StreamReader, count: int) -> list[Json]:
    events: list[Json] = []
    while len(events) < count:
        line = (await stream.readline()).decode()
        if line.startswith("data:"):
            events.append(json.loads(line.removeprefix("data:")))
    return events


async def test_a_page_sees_what_happens_in_a_chat(
    http: Http, bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    async with following(http, after=emulator.events.seq) as stream:
        await bot.send_chat_action(anna.id, "typing")
        await bot.send_message(anna.id, "Sì?", reply_markup=BUTTON)
        query_id = emulator.clients.press(anna.id, 2, "yes", bot_id=BOT_ID)
        await bot.answer_callback_query(query_id, "Fatto")
        await bot.edit_message_text("Bene", anna.id, 2)
        await bot.delete_message(anna.id, 2)
        events = await read(stream, 5)

    assert {(event["bot"], event["chat_id"]) for event in events} == {(BOT_ID, anna.id)}
    assert [event["seq"] - events[0]["seq"] for event in events] == [0, 1, 2, 3, 4]
    typing, message, answer, edited, deleted = events
    assert (typing["type"], typing["action"]) == ("typing", "typing")
    assert (message["type"], message["message"]["text"]) == ("message", "Sì?")
    assert (answer["type"], answer["text"], answer["show_alert"]) == (
        "callback_answer",
        "Fatto",
        False,
    )
    assert (edited["type"], edited["message"]["text"]) == ("edited", "Bene")
    assert (deleted["type"], deleted["message_id"]) == ("deleted", 2)


async def test_a_page_sees_bots_and_chats_change(
    http: Http, bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    async with following(http, after=emulator.events.seq) as stream:
        await bot.set_my_commands([("help", "Aiuto")])
        await bot.set_my_name("Aurora")
        emulator.accounts.block(anna.id, bot_id=BOT_ID)
        commands, profile, chat = await read(stream, 3)

    assert (commands["type"], commands["commands"][0]["commands"][0]["command"]) == (
        "commands",
        "help",
    )
    assert (profile["type"], profile["first_name"]) == ("profile", "Aurora")
    assert (chat["type"], chat["chat_id"], chat["chat"]["blocked"]) == ("chat", anna.id, True)


async def test_an_event_in_a_topic_names_it(
    http: Http, bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    forum = emulator.accounts.add_group(
        "Banco", type=ChatType.SUPERGROUP, members=[anna.id, BOT_ID], topics=["Camere"]
    )
    async with following(http, after=emulator.events.seq) as stream:
        await bot.send_chat_action(forum.id, "typing", message_thread_id=2)
        await bot.send_message(forum.id, "Ecco", message_thread_id=2)
        assert [event["topic_id"] for event in await read(stream, 2)] == [2, 2]


async def test_a_page_that_comes_back_gets_what_it_missed(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    seen = (await http.get("/client/state"))["seq"]
    emulator.clients.write(anna.id, "ciao", bot_id=BOT_ID)
    async with following(http, after=seen) as stream:
        [event] = await read(stream, 1)
    assert event["message"]["text"] == "ciao"


@pytest.mark.parametrize("after", [0, KEPT + 999])
async def test_a_page_that_missed_too_much_starts_over(after: int) -> None:
    events = Events()
    for _ in range(KEPT + 2):
        events.add("typing")
    following = events.follow(after)
    assert await anext(following) == {"seq": KEPT + 2, "type": "reset"}
    events.add("chat")
    assert (await anext(following))["seq"] == KEPT + 3
    await following.aclose()


async def test_nothing_is_lost_at_the_edge() -> None:
    events = Events()
    for _ in range(KEPT + 2):
        events.add("typing")
    following = events.follow(2)
    assert (await anext(following))["seq"] == 3
    await following.aclose()
