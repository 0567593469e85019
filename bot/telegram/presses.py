"""A pressed button, and calls about it that may be repeated."""

from collections.abc import Awaitable, Callable
from typing import Any

from telegram import CallbackQuery, Update

from bot.errors import SportelloError
from bot.telegram.errors import repeatable


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
