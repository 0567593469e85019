"""A pressed button, and calls about it that may be repeated."""

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from telegram import CallbackQuery, Update

from bot.core.json_text import to_json
from bot.errors import SportelloError
from bot.telegram.errors import repeatable
from bot.turns.events import Work
from db.chats import ChatWork
from db.records import Draft


def pressed(update: Update) -> CallbackQuery:
    """The press that an update of that kind tells of."""
    if update.callback_query is None:
        raise ValueError("nobody pressed a button")
    return update.callback_query


async def best_effort(call: Callable[..., Awaitable[Any]], *args: Any, **named: Any) -> None:
    """Harmless to repeat and not worth a failure: the effect is in the tables already."""
    try:
        with repeatable():
            await call(*args, **named)
    except SportelloError:
        return


def without_card(payload: str, work: Work) -> Work:
    """A press is stored without the message that it was under: it may quote a client."""
    stored = json.loads(payload)
    message = stored.get("callback_query", {}).get("message", {})
    for name in ("text", "entities", "reply_markup"):
        message.pop(name, None)
    kept = to_json(stored)

    def pressed(chat: ChatWork) -> Sequence[Draft]:
        drafts = work(chat)
        chat.store(kept)
        return drafts

    return pressed
