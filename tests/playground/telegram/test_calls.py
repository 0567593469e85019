"""The log of calls, and the load for the benchmark."""

from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.load import Load
from bot.playground.telegram.records import Person
from tests.playground.telegram.support import BOT_ID, TOKEN, Http


async def test_a_call_is_logged_with_its_answer(
    http: Http, emulator: TelegramEmulator, anna: Person
) -> None:
    await http.call("sendMessage", chat_id=anna.id, text="ciao")
    await http.refused("sendMessage", chat_id=5, text="ciao")

    sent, refused = await http.get("/control/calls")
    assert (sent["method"], sent["chat_id"], sent["bot_id"]) == ("sendMessage", anna.id, BOT_ID)
    assert sent["params"] == {"chat_id": anna.id, "text": "ciao"}
    assert (sent["result"]["message_id"], sent["error"]) == (2, None)
    assert (refused["result"], refused["error"]) == (None, "Bad Request: chat not found")
    assert sent["arrived_at"] <= sent["answered_at"] <= refused["arrived_at"]

    assert await http.get(f"/control/calls?after={sent['seq']}") == [refused]
    assert await http.get("/control/calls?method=getMe") == []


async def test_only_the_latest_calls_are_kept() -> None:
    emulator = TelegramEmulator(calls_kept=2)
    emulator.accounts.add_bot(TOKEN)
    for method in ("getMe", "getMyCommands", "getWebhookInfo"):
        await emulator.ask(TOKEN, method)
    assert [call.method for call in emulator.calls.after()] == ["getMyCommands", "getWebhookInfo"]


async def test_a_load_knows_when_each_thing_happened(emulator: TelegramEmulator) -> None:
    load = Load(emulator, bot_id=BOT_ID, chats=2)
    await load.run(["a", "b", "c"], count=3, per_second=0)
    assert [sent.chat_id for sent in load.sent] == [5_000_000, 5_000_001, 5_000_000]
    assert all(sent.handed_at is None for sent in load.sent)

    updates = (await emulator.ask(TOKEN, "getUpdates"))["result"]
    await emulator.ask(TOKEN, "sendMessage", chat_id=5_000_001, text="Prego")

    assert [sent.update_id for sent in load.sent] == [update["update_id"] for update in updates]
    assert all(sent.handed_at and sent.handed_at >= sent.written_at for sent in load.sent)
    assert [(arrived.chat_id, arrived.message_id) for arrived in load.arrived] == [(5_000_001, 4)]


async def test_a_load_runs_over_http(http: Http, emulator: TelegramEmulator) -> None:
    assert await http.get("/control/load") == {"done": True, "sent": [], "arrived": []}
    body = {"bot": BOT_ID, "chats": 5, "count": 20, "per_second": 1_000}
    await http.send("/control/load", body)
    await emulator.until(lambda: emulator.world.updates[BOT_ID].pending == 20)
    report = await http.get("/control/load")
    assert len(report["sent"]) == 20
    await http.send("/control/load", method="DELETE")
    assert emulator.calls.listeners == []
