"""Served over HTTP without a bot in Telegram."""

from tests.scenarios.stage import AI_NOTICE, Stage
from tests.scenarios.web import SITE
from tests.web.reader import Reader
from tests.web.talk import heard, texts


async def test_a_visitor_is_answered_without_telegram(stage: Stage) -> None:
    reader = Reader(stage.settings.pop("url"))
    await stage.opens(telegram_bot_token=None)
    chat = await reader.opens(SITE, language="it")
    stage.will_say("Dalle 14:00.")
    await reader.says(chat, "A che ora è il check-in?", "m1")
    events = await heard(reader, chat, number=3)
    assert texts(events)[1:] == [("notice", AI_NOTICE), ("assistant", "Dalle 14:00.")]
    await stage.settles()
    assert stage.telegram.calls.of("getMe") == []
    onward = await reader.asks("POST", f"/v1/chats/{chat}/telegram", {})
    assert (onward.status, onward.kind) == (409, "no-telegram")
    await reader.http.close()
