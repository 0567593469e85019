"""A pressed button, and calls about it that may be repeated."""

import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any

from telegram import CallbackQuery, Update

from bot.core.json_text import to_json
from bot.errors import SportelloError
from bot.telegram.admin.visit import Step
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


async def follow_press(
    query: CallbackQuery, step: Step, showing: Callable[..., AbstractAsyncContextManager[bool]]
) -> None:
    """What is seen of a press: a word on the key, and what takes the place of its message.

    What that quotes may have been forgotten since the commit: `showing` a message says whether
    what was read at a time may still stand there.
    """
    await best_effort(query.answer, step.toast or None)
    if step.card and query.message:
        first, *_ = step.card.drafts()  # a message has no room for more
        message_id, read_at = str(query.message.message_id), step.read_at
        free = nullcontext(enter_result=True)
        async with free if read_at is None else showing(message_id, read_at=read_at) as may_stand:
            if may_stand:
                edit, markup = query.edit_message_text, step.card.markup
                await best_effort(edit, first.text, reply_markup=markup)
    elif step.spent:
        await best_effort(query.edit_message_reply_markup)


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
