"""Pressed buttons that wait for the bot's answer."""

from dataclasses import dataclass
from typing import Final

LIFETIME_SECONDS: Final = 60  # the real limit is not published; reports name tens of seconds


@dataclass(frozen=True, slots=True)
class Query:
    """One press of a callback button."""

    id: str
    bot_id: int
    chat_id: int
    pressed_at: float


class Queries:
    """The presses without an answer; a query is answered at most once."""

    def __init__(self) -> None:
        self._waiting: dict[str, Query] = {}

    def add(self, query: Query) -> None:
        self._waiting[query.id] = query

    def take(self, query_id: str, *, bot_id: int, now: float) -> Query | None:
        """The query, if this bot may still answer it."""
        query = self._waiting.get(query_id)
        if query is None or query.bot_id != bot_id:
            return None
        del self._waiting[query_id]
        return query if now - query.pressed_at <= LIFETIME_SECONDS else None
