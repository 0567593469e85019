"""Long polling that confirms to Telegram only what has been accepted."""

import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from telegram.request import BaseRequest

from bot.core.json_text import to_json
from bot.core.waits import Retry
from bot.errors import GiveUp, RetryLater, Unauthorized
from bot.ports import Clock, Telemetry
from bot.telegram.account import TelegramBot
from bot.telegram.errors import Contested, repeatable
from bot.telegram.naming import Naming
from bot.telegram.request import READ_SECONDS, Fields, call
from bot.telegram.route import ALLOWED_UPDATES
from bot.telegram.wire import integer, mapping, sequence
from bot.turns.backlog import Backlog
from db.records import Incoming

MOST_AT_ONCE: Final = 100  # updates that Telegram gives: fewer are all that waited
POLL_SECONDS: Final = 30  # Telegram holds an empty poll so long
LOOK_SECONDS: Final = 1.0  # between two looks at a right to poll that is not ours
PAUSE_SECONDS: Final = 0.2  # after an answer at once with nothing new: no server should do that
AWAITED_SECONDS: Final = 3.0  # between two tries, at most, while a bubble in doubt waits for one
RETRY: Final = Retry(first_seconds=1.0, ceiling_seconds=30.0)


@dataclass(slots=True, kw_only=True)
class Poller:
    """One bot's getUpdates loop, on a request of its own.

    `accept` stores a batch durably, or raises, and then the same batch comes again. `may_poll`
    says whether this process is the one that polls this bot. The questions of `backlog` are
    answered by a poll after which nothing can wait; or by the fact that another process has had
    the right (`elsewhere`) for two leases, so it has renewed it and is alive.
    """

    bot: TelegramBot = field(repr=False)  # its repr holds the token
    request: BaseRequest
    naming: Naming
    accept: Callable[[Sequence[Incoming]], Awaitable[None]]
    may_poll: Callable[[], bool]
    elsewhere: Callable[[], bool]
    clock: Clock
    telemetry: Telemetry
    lease_seconds: float
    backlog: Backlog
    _questions: int = 0  # those that the poll under way will answer
    _offset: int = 0  # the first update that is not accepted yet; 0: whatever Telegram has
    _failures: int = 0
    _warned: str = ""

    async def run(self) -> None:
        """Poll until cancelled, which ends a long poll at once. Raises Unauthorized."""
        since: float | None = None  # when we learned that another process polls
        while True:
            if self.may_poll():
                since = None
                await self._poll()
                continue
            await self.clock.sleep(LOOK_SECONDS)
            if not self.elsewhere():  # perhaps nobody does
                since = None
                continue
            since = self.clock.boottime() if since is None else since
            # One that died is found out at the latest when it should have renewed twice.
            if self.clock.boottime() - since > 2 * self.lease_seconds:
                self.backlog.answer(self.backlog.questions)

    async def _poll(self) -> None:
        began, self._questions = self.clock.boottime(), self.backlog.questions
        try:
            updates = await self._fetch()
            if updates:
                await self._accept([self.naming.route(to_json(update)) for update in updates])
        except Unauthorized:
            raise
        except Contested as error:
            await self._back_off("another process polls this bot", error)
            if error.by_webhook:
                await self._remove_webhook()
        except (RetryLater, GiveUp) as error:
            await self._back_off("Telegram cannot be polled", error)
        except Exception as error:  # whatever the store raises, nothing of the batch is confirmed
            await self._back_off("updates not stored", error)
        else:
            if updates is None:
                return
            if self._warned:
                self.telemetry.warn("polling again", bot=self.bot.id, after=self._warned)
            self._warned, self._failures, before = "", 0, self._offset
            ids = (integer(mapping(update).get("update_id")) for update in updates)
            last = max((one for one in ids if one is not None), default=None)
            self._offset = before if last is None else last + 1
            if asked := self.backlog.open and len(updates) < MOST_AT_ONCE:
                self.backlog.answer(self._questions)
            nothing_new = self._offset == before and (updates or not asked)
            if nothing_new and self.clock.boottime() - began < PAUSE_SECONDS:
                await self.clock.sleep(PAUSE_SECONDS)

    async def _accept(self, incoming: Sequence[Incoming]) -> None:
        """What may be for the bot under another name comes last: nobody waits for the answer."""
        unsure = [one for one in incoming if self.naming.is_unsure(one)]
        if sure := [one for one in incoming if one not in unsure]:
            await self.accept(sure)
        if unsure:
            await self.accept(await self.naming.ask(unsure))

    async def _fetch(self) -> Sequence[Any] | None:
        """The updates from the offset on; Telegram forgets those before it.

        None: it was left, for somebody asks what waits, and Telegram would only answer to news.
        """
        fields: Fields = {
            "timeout": 0 if self.backlog.open else POLL_SECONDS,
            "allowed_updates": json.dumps(ALLOWED_UPDATES),
        }
        if self._offset:
            fields["offset"] = self._offset
        if self.backlog.open:
            return sequence(await self._call("getUpdates", fields))
        found = await self.backlog.unless_asked(
            self._call("getUpdates", fields), after=self._questions
        )
        return None if found is None else sequence(found)

    async def _remove_webhook(self) -> None:
        """A bot that had a webhook cannot be polled before it is gone."""
        with suppress(RetryLater, GiveUp):
            await self._call("deleteWebhook", {})

    async def _call(self, method: str, fields: Fields) -> Any:
        url, seconds = f"{self.bot.base_url}/{method}", POLL_SECONDS + READ_SECONDS
        with repeatable():
            return await call(self.request, url, fields, read_seconds=seconds)

    async def _back_off(self, what: str, error: Exception) -> None:
        """Say once what is wrong, and wait longer each time."""
        if what != self._warned:
            self.telemetry.warn(what, bot=self.bot.id, cause=_cause(error))
        self._warned = what
        told = error.after if isinstance(error, RetryLater) else 0.0
        delay = RETRY.delay(self._failures, at_least=told) or 0.0
        self._failures += 1
        if self.backlog.awaited:
            await self.clock.sleep(max(told, min(delay, AWAITED_SECONDS)))
            return
        until = self.clock.boottime() + told
        await self.backlog.unless_asked(self.clock.sleep(delay), after=self._questions)
        await self.clock.sleep(until - self.clock.boottime())


def _cause(error: Exception) -> str:
    return error.cause if isinstance(error, RetryLater) else type(error).__name__
