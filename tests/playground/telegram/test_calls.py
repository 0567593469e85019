"""The log of calls."""

from bot.playground.telegram.emulator import TelegramEmulator
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
