"""Served over HTTP without a bot in Telegram."""

import socket
from contextlib import closing

import pytest

from bot.errors import ConfigError
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


async def test_a_port_that_somebody_has_is_told_in_a_line(stage: Stage) -> None:
    stage.settings.pop("url")
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(
            ConfigError, match=rf"^HTTP_PORT {port} on 127\.0\.0\.1: Address already"
        ):
            await stage.opens(http_port=port)
