"""One bot's updates: their numbers, who has confirmed what, and the long poll.

As the real server does it (core.telegram.org/bots/api#getupdates; tdlib/telegram-bot-api): an
update is forgotten when a call names a higher offset; a negative offset keeps only the last ones;
of two long polls the earlier ends with 409; an offset far in the future is ignored.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import Any, Final

from bot.playground.telegram.errors import ApiError, conflict, other_poll
from bot.playground.telegram.records import Bot, Json
from bot.playground.telegram.store import Store

FIRST_UPDATE_ID: Final = 700_000_001
MOST_AT_ONCE: Final = 100
MOST_AHEAD: Final = 10  # an offset beyond the next id and this is taken for a mistake
NOT_BY_DEFAULT: Final = ("chat_member", "message_reaction", "message_reaction_count")


class Updates:
    """The queue of one bot."""

    def __init__(
        self,
        bot: Bot,
        store: Store,
        *,
        last_id: int | None = None,
        on_read: Callable[[int, int], None] = lambda chat_id, message_id: None,
    ) -> None:
        self.last_id = FIRST_UPDATE_ID - 1 if last_id is None else last_id
        self._bot = bot
        self._store = store
        self._on_read = on_read  # gets the ids of each message that the bot has confirmed
        self._pending: deque[Json] = deque()
        self._poll: asyncio.Future[None] | None = None

    def restore(self, update: Json) -> None:
        """Take back an update that was pending before a restart."""
        self._pending.append(update)

    @property
    def pending(self) -> int:
        return len(self._pending)

    def unread_from(self, chat_id: int) -> int | None:
        """The first message of a chat that the bot has not confirmed."""
        messages = filter(None, map(_message, self._pending))
        return next((message_id for chat, message_id in messages if chat == chat_id), None)

    def add(self, kind: str, content: Any) -> int | None:
        """Queue an update; its id, or None if the bot did not ask for this kind."""
        if not self._is_allowed(kind):
            return None
        return self.inject({kind: content})

    def inject(self, update: Json) -> int:
        """Queue an update as it is, however malformed, under the next id; returns the id."""
        self.last_id += 1
        update = {"update_id": self.last_id} | update | {"update_id": self.last_id}
        self._store.put(f"counter/update/{self._bot.id}", self.last_id)
        self._store.put(self._key(self.last_id), update)
        self._pending.append(update)
        self._wake()
        return self.last_id

    async def take(self, *, offset: int, limit: int, timeout_seconds: float) -> list[Json]:
        """Confirm what is below the offset and return what is not, waiting if there is nothing.

        Raises ApiError(409) when a later poll, or a webhook, takes this one's place.
        """
        self.confirm(offset)
        if not self._pending and timeout_seconds > 0:
            await self._wait(timeout_seconds)
        limit = limit if 1 <= limit <= MOST_AT_ONCE else MOST_AT_ONCE
        return list(islice(self._pending, limit))

    def confirm(self, offset: int) -> None:
        if offset < 0:
            self._forget(max(0, len(self._pending) + offset))
        elif offset <= self.last_id + 1 + MOST_AHEAD:
            self._forget(sum(1 for update in self._pending if update["update_id"] < offset))

    def clear(self) -> None:
        self._forget(len(self._pending))

    def end_poll(self, refusal: ApiError) -> None:
        """Refuse the long poll under way, if there is one."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(refusal)

    def end_poll_for_webhook(self) -> None:
        self.end_poll(conflict("terminated by setWebhook request"))

    async def _wait(self, timeout_seconds: float) -> None:
        self.end_poll(other_poll())
        poll = self._poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(timeout_seconds):
                await poll
        except TimeoutError:
            pass
        finally:
            if self._poll is poll:
                self._poll = None

    def _wake(self) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)

    def _forget(self, count: int) -> None:
        gone = [self._pending.popleft() for _ in range(count)]
        self._store.delete([self._key(update["update_id"]) for update in gone])
        for chat_id, message_id in filter(None, map(_message, gone)):
            self._on_read(chat_id, message_id)

    def _key(self, update_id: int) -> str:
        return f"update/{self._bot.id}/{update_id:012}"

    def _is_allowed(self, kind: str) -> bool:
        allowed = self._bot.allowed_updates
        return kind in allowed if allowed else kind not in NOT_BY_DEFAULT


def _message(update: Json) -> tuple[int, int] | None:
    """The chat and the number of an update's message; none for other, and for odd, updates."""
    match update:
        case {"message": {"chat": {"id": int(chat_id)}, "message_id": int(message_id)}}:
            return chat_id, message_id
    return None
