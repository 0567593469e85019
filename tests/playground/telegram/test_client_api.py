"""The people's side over HTTP."""

from typing import Any

import pytest

from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.records import Json, Person
from tests.playground.telegram.support import BOT_ID, Http


async def test_the_state_shows_everything(http: Http, anna: Person) -> None:
    carla = await http.send("/client/people", {"first_name": "Carla", "language_code": "en"})
    await http.send("/client/bots", {"token": "18:secret", "username": "two_bot"})
    group = await http.send(
        "/client/chats",
        {
            "title": "Banco",
            "type": "supergroup",
            "members": [carla["id"], BOT_ID],
            "topics": ["Camere", "Orari"],
        },
    )

    state = await http.get("/client/state")

    assert [bot["username"] for bot in state["bots"]] == ["sportello_bot", "two_bot"]
    assert [(person["id"], person["first_name"]) for person in state["people"]] == [
        (anna.id, "Anna"),
        (carla["id"], "Carla"),
    ]
    private, banco = state["chats"]
    assert (private["id"], private["type"], private["bot"]) == (anna.id, "private", BOT_ID)
    assert banco == group | {"members": banco["members"]}
    assert [topic["name"] for topic in banco["topics"]] == ["Camere", "Orari"]
    assert banco["members"] == [
        {"id": carla["id"], "status": "creator"},
        {"id": BOT_ID, "status": "member"},
    ]


async def test_a_talk_over_http(http: Http, anna: Person) -> None:
    chat = f"/client/chats/{anna.id}"
    written = await http.send(
        f"{chat}/messages", {"bot": BOT_ID, "from": anna.id, "text": "  /start  aurora "}
    )
    assert written["text"] == "  /start  aurora "
    assert written["entities"] == [{"type": "bot_command", "offset": 2, "length": 6}]
    keyboard = {"inline_keyboard": [[{"text": "Sì", "callback_data": "yes"}]]}
    await http.call("sendMessage", chat_id=anna.id, text="Prego?", reply_markup=keyboard)

    reply = await http.send(
        f"{chat}/messages", {"bot": BOT_ID, "text": "sì", "reply_to_message_id": 3}
    )
    pressed = await http.send(f"{chat}/messages/3/press", {"bot": BOT_ID, "data": "yes"})
    await http.send(f"{chat}/messages/4", {"bot": BOT_ID, "text": "no"}, method="PATCH")
    await http.send(f"{chat}/messages/2?bot={BOT_ID}", method="DELETE")

    messages = await http.get(f"{chat}/messages?bot={BOT_ID}&after=1")
    assert [message["text"] for message in messages] == ["Prego?", "no"]
    assert messages[1]["reply_to_message"]["message_id"] == 3
    assert messages[1]["edit_date"] == reply["date"]
    updates = await http.call("getUpdates")
    assert [next(name for name in update if name != "update_id") for update in updates] == [
        "message",
        "message",
        "callback_query",
        "edited_message",
    ]
    assert updates[2]["callback_query"]["id"] == pressed["callback_query_id"]


async def test_given_entities_are_kept(http: Http, anna: Person) -> None:
    entities = [{"type": "bold", "offset": 0, "length": 4}]
    written = await http.send(
        f"/client/chats/{anna.id}/messages",
        {"bot": BOT_ID, "text": "ciao /help", "entities": entities},
    )
    assert written["entities"] == entities


async def test_blocking_is_told_once(http: Http, anna: Person) -> None:
    for action in ("block", "block", "unblock"):
        await http.send(f"/client/chats/{anna.id}/{action}", {"bot": BOT_ID})
    updates = await http.call("getUpdates")
    assert [update["my_chat_member"]["new_chat_member"]["status"] for update in updates] == [
        "kicked",
        "member",
    ]


async def test_groups_change_over_http(http: Http, anna: Person) -> None:
    group = await http.send("/client/chats", {"title": "G", "members": [anna.id]})
    chat = f"/client/chats/{group['id']}"
    await http.send(f"{chat}/members", {"user_id": BOT_ID, "status": "administrator"})
    moved = await http.send(f"{chat}/migrate")
    topic = await http.send(f"/client/chats/{moved['id']}/topics", {"name": "Orari"})
    written = await http.send(
        f"/client/chats/{moved['id']}/messages",
        {"bot": BOT_ID, "from": anna.id, "text": "ciao", "topic": topic["id"]},
    )
    assert written["message_thread_id"] == topic["id"]
    assert (await http.call("getUpdates"))[-1]["message"]["text"] == "ciao"


async def test_a_person_leaves_for_good(http: Http, anna: Person) -> None:
    await http.send(f"/client/people/{anna.id}/deactivate")
    refused = await http.refused("sendMessage", chat_id=anna.id, text="x")
    assert refused["description"] == "Forbidden: user is deactivated"


async def test_a_bot_is_registered_once(http: Http, emulator: TelegramEmulator) -> None:
    for name in ("one_bot", "two_bot"):
        bot = await http.send("/client/bots", {"token": "18:secret", "username": name})
        assert bot["username"] == "one_bot"
    assert len(emulator.world.bots) == 2


async def test_a_chat_that_was_never_opened_is_empty(http: Http) -> None:
    assert await http.get(f"/client/chats/5/messages?bot={BOT_ID}") == []


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("people", {}, (400, "first_name: Field required")),
        ("people", {"first_name": "A", "age": 3}, (400, "age: Extra inputs are not permitted")),
        ("people", "nonsense", (400, "body: Input should be an object")),
        ("bots", {"token": "nonsense"}, (400, "a token is a number")),
        ("bots", {"token": "17:other"}, (400, "a token is a number that no other bot has")),
        ("chats", {"title": "G", "members": [5]}, (404, "there is no 5 here")),
        ("chats/1001/messages", {"bot": 17, "text": " "}, (400, "a text has 1 to 4096 UTF-16")),
        ("chats/1001/messages", {"bot": 17, "text": "x" * 4097}, (400, "a text has 1 to 4096")),
        ("chats/1001/messages", {"bot": 5, "text": "x"}, (404, "there is no 5 here")),
        ("chats/5/messages", {"bot": 17, "text": "x"}, (404, "there is no 5 here")),
        ("chats/-5/messages", {"bot": 17, "text": "x"}, (404, "there is no")),
        (
            "chats/1001/messages",
            {"bot": 17, "text": "x", "topic": 3},
            (400, "the chat has no such topic"),
        ),
        (
            "chats/1001/messages/1/press",
            {"bot": 17, "data": "x"},
            (400, "the message has no such button"),
        ),
        ("chats/1001/migrate", None, (404, "there is no")),
        ("chats/1001/files", None, (400, "send files in fields named photo")),
    ],
)
async def test_bad_input_gets_a_sentence(
    http: Http, anna: Person, path: str, body: Any, expected: tuple[int, str]
) -> None:
    status, answer = await post(http, f"/client/{path}", body)
    assert (status, answer["error"][: len(expected[1])]) == expected


async def test_a_bad_number_gets_a_sentence(http: Http) -> None:
    for path, name in (
        ("/client/events?after=x", "after"),
        ("/client/chats/1/messages", "bot"),
        ("/client/chats/x/messages?bot=17", "chat_id"),
    ):
        async with http.session.get(f"{http.url}{path}") as response:
            assert response.status == 400
            assert await response.json() == {"error": f"{name} must be a whole number"}


async def test_who_blocked_the_bot_unblocks_it_first(http: Http, anna: Person) -> None:
    await http.send(f"/client/chats/{anna.id}/block", {"bot": BOT_ID})
    body = {"bot": BOT_ID, "text": "ciao"}
    status, answer = await post(http, f"/client/chats/{anna.id}/messages", body)
    assert (status, answer) == (400, {"error": "the bot is blocked: unblock it first"})


async def post(http: Http, path: str, body: Any) -> tuple[int, Json]:
    async with http.session.post(f"{http.url}{path}", json=body) as response:
        return response.status, await response.json()
