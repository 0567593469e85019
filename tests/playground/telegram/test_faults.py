"""What can be made to go wrong, as the bot's side of the connection sees it."""

import asyncio

import aiohttp
import pytest
import telegram
from telegram.error import Forbidden

from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.faults import Fault, Kind
from bot.playground.telegram.records import Person
from tests.playground.telegram.support import BOT_ID, TOKEN, Http, description

LOST = (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)


def plan(
    emulator: TelegramEmulator, name: str, *, count: int | None = 1, method: str = "sendMessage"
) -> None:
    emulator.faults.add(Fault.named(name, method=method), count=count)


def texts(emulator: TelegramEmulator, person: Person) -> list[str]:
    messages = emulator.clients.messages(person.id, bot_id=BOT_ID)
    return [message["text"] for message in messages]


async def test_a_fault_strikes_as_often_as_it_was_told(
    emulator: TelegramEmulator, anna: Person
) -> None:
    plan(emulator, "429", count=2)
    answers = [
        await emulator.ask(TOKEN, "sendMessage", chat_id=anna.id, text=text) for text in "abc"
    ]
    assert [answer["ok"] for answer in answers] == [False, False, True]
    assert texts(emulator, anna) == ["/start", "c"]


async def test_a_rate_limit_in_the_real_words(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    emulator.faults.add(Fault.named("429", retry_after_seconds=3))
    assert await http.refused("sendMessage", chat_id=anna.id, text="x") == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 3",
        "parameters": {"retry_after": 3},
    }


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("500", "Internal Server Error"),
        ("502", "Bad Gateway"),
        ("403", "Forbidden: bot was blocked by the user"),
    ],
)
async def test_an_error_before_leaves_nothing(
    http: Http, emulator: TelegramEmulator, anna: Person, name: str, sentence: str
) -> None:
    plan(emulator, name)
    body = await http.refused("sendMessage", chat_id=anna.id, text="x")
    assert (body["error_code"], description(body)) == (int(name), sentence)
    assert texts(emulator, anna) == ["/start"]


async def test_an_error_after_leaves_the_message(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    plan(emulator, "500_after")
    body = await http.refused("sendMessage", chat_id=anna.id, text="x")
    assert body["error_code"] == 500
    assert texts(emulator, anna) == ["/start", "x"]


async def test_an_error_can_have_its_own_words(
    bot: telegram.Bot, emulator: TelegramEmulator, anna: Person
) -> None:
    emulator.faults.add(Fault.named("403", description="Forbidden: user is deactivated"))
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(anna.id, "x")


@pytest.mark.parametrize(
    ("name", "kept"), [("lose_before", ["/start"]), ("lose_after", ["/start", "x"])]
)
async def test_a_connection_is_lost(
    http: Http, emulator: TelegramEmulator, anna: Person, name: str, kept: list[str]
) -> None:
    plan(emulator, name)
    with pytest.raises(LOST):
        await http.call("sendMessage", chat_id=anna.id, text="x")
    assert texts(emulator, anna) == kept
    [call] = emulator.calls.of("sendMessage")
    assert (call.error, call.fault) == ("ConnectionLost", "lose")
    assert (call.result is None) == (name == "lose_before")


async def test_an_answer_is_garbled(http: Http, emulator: TelegramEmulator, anna: Person) -> None:
    plan(emulator, "garble")
    body = {"chat_id": anna.id, "text": "x"}
    async with http.session.post(http.bot_url("sendMessage"), json=body) as response:
        assert b"Bad Gateway" in await response.read()


async def test_a_slow_answer_comes_after_the_message(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    emulator.faults.add(Fault.named("delay", method="sendMessage", delay_seconds=0.05))
    sending = asyncio.create_task(http.call("sendMessage", chat_id=anna.id, text="x"))
    await emulator.until(lambda: texts(emulator, anna) == ["/start", "x"])
    assert not sending.done()
    assert (await sending)["text"] == "x"


@pytest.mark.parametrize(("name", "kept"), [("hold", ["/start"]), ("hold_after", ["/start", "x"])])
async def test_a_held_call_waits_for_its_release(
    http: Http, emulator: TelegramEmulator, anna: Person, name: str, kept: list[str]
) -> None:
    plan(emulator, name)
    sending = asyncio.create_task(http.call("sendMessage", chat_id=anna.id, text="x"))
    await emulator.until(lambda: emulator.faults.held == 1)
    assert texts(emulator, anna) == kept

    assert emulator.faults.release() == 1
    assert (await sending)["text"] == "x"
    assert texts(emulator, anna) == ["/start", "x"]


async def test_a_held_call_can_lose_its_connection(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    plan(emulator, "hold")
    sending = asyncio.create_task(http.call("sendMessage", chat_id=anna.id, text="x"))
    await emulator.until(lambda: emulator.faults.held == 1)
    emulator.faults.release(lose=True)
    with pytest.raises(LOST):
        await sending
    assert texts(emulator, anna) == ["/start"]


async def test_a_fault_keeps_to_its_method_and_chat(
    emulator: TelegramEmulator, anna: Person
) -> None:
    emulator.faults.add(Fault.named("500", method="sendMessage", chat_id=anna.id))
    others = (
        await emulator.ask(TOKEN, "sendChatAction", chat_id=anna.id, action="typing"),
        await emulator.ask(TOKEN, "sendMessage", chat_id=5, text="x"),
    )
    struck = await emulator.ask(TOKEN, "sendmessage", chat_id=anna.id, text="x")
    assert [body.get("error_code") for body in (*others, struck)] == [None, 400, 500]


async def test_a_fault_without_count_strikes_until_cleared(
    emulator: TelegramEmulator, anna: Person
) -> None:
    plan(emulator, "500", count=None, method="*")
    for _ in range(3):
        assert (await emulator.ask(TOKEN, "getMe"))["ok"] is False
    emulator.faults.clear()
    assert (await emulator.ask(TOKEN, "getMe"))["ok"] is True


async def test_faults_are_planned_over_http(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    await http.send("/control/faults", {"method": "sendMessage", "kind": "429", "retry_after": 4})
    await http.send("/control/faults", {"kind": "hold", "count": None})
    assert await http.get("/control/faults") == {"planned": 2, "held": 0}

    refused = await http.refused("sendMessage", chat_id=anna.id, text="x")
    assert refused["parameters"] == {"retry_after": 4}
    held = asyncio.create_task(http.call("getMe"))
    await emulator.until(lambda: emulator.faults.held == 1)
    await http.send("/control/faults", method="DELETE")
    assert await http.send("/control/release") == {"released": 1}
    assert (await held)["id"] == BOT_ID


@pytest.mark.parametrize("name", ["explode", "lose_sometimes", "700", "200"])
def test_an_unknown_fault_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=name.partition("_")[2] or name):
        Fault.named(name)


def test_names_say_before_or_after() -> None:
    accepted = {
        name: Fault.named(name).is_accepted
        for name in ("lose_before", "lose_after", "delay", "delay_before", "hold", "503")
    }
    assert accepted == {
        "lose_before": False,
        "lose_after": True,
        "delay": True,
        "delay_before": False,
        "hold": False,
        "503": False,
    }
    assert Fault.named("503").kind is Kind.ERROR
