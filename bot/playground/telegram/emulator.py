"""The emulator as one object: what bots call, what people do, what is made to go wrong."""

import inspect
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from bot.playground.telegram.accounts import Accounts
from bot.playground.telegram.botfather import BotFather
from bot.playground.telegram.calls import Call, Calls
from bot.playground.telegram.clients import Clients
from bot.playground.telegram.errors import ApiError, bad_request, not_found, unauthorized
from bot.playground.telegram.events import Events
from bot.playground.telegram.faults import (
    DOWNLOAD,
    ConnectionLost,
    Fault,
    Faults,
    Garbled,
    Kind,
)
from bot.playground.telegram.methods import METHODS
from bot.playground.telegram.methods.commands import describe_commands
from bot.playground.telegram.params import Params
from bot.playground.telegram.records import Bot, File, Json
from bot.playground.telegram.registry import Registry
from bot.playground.telegram.world import World

CALLS_KEPT: Final = 10_000


class TelegramEmulator:
    """Telegram on one's own machine; serve it with `server.build_app`.

    With `state`, everything but calls, faults and events is kept in that file and found again
    after a stop or a kill. `now` gives seconds since the epoch. Raises sqlite3.Error if the file
    is in use or is no database.
    """

    def __init__(
        self,
        *,
        state: Path | None = None,
        now: Callable[[], float] = time.time,
        calls_kept: int = CALLS_KEPT,
    ) -> None:
        self.world = World(state=state, now=now)
        self.accounts = Accounts(self.world)
        self.clients = Clients(self.world)
        self.registry = Registry(self.world)
        self.botfather = BotFather(self.world, self.registry)  # not there until it is opened
        self.calls = Calls(kept=calls_kept)
        self.faults = Faults()

    @property
    def events(self) -> Events:
        return self.world.events

    def close(self) -> None:
        """Release held calls and the state file."""
        self.faults.release(lose=True)
        self.world.store.close()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Return when the condition holds; it is asked again at every event and every call."""
        await self.events.until(condition)

    async def call(self, token: str, method: str, params: Params) -> tuple[int, Json]:
        """Answer a bot's call: the HTTP status and the body.

        Raises ConnectionLost or Garbled when a fault asks for it.
        """
        bot = self.world.bot_by_token(token)
        if bot is None:
            refusal = unauthorized() if _is_wellformed(token) else not_found()
            return refusal.code, refusal.body()
        call = self.calls.begin(
            bot_id=bot.id, method=method, chat_id=_chat_id(params), params=params.values
        )
        self.events.notify()
        try:
            call.result = await self._answer(bot, call, params)
            return 200, {"ok": True, "result": call.result}
        except ApiError as refusal:
            call.error = refusal.description
            return refusal.code, refusal.body()
        except (ConnectionLost, Garbled) as loss:
            call.error = type(loss).__name__
            raise
        finally:
            self.calls.end(call)
            self.events.notify()

    async def download(self, token: str, path: str) -> tuple[File, bool]:
        """A file's content for a bot, and whether it is cut off in the middle.

        Raises ApiError for a path that getFile did not answer within the last hour, and
        ConnectionLost or Garbled when a fault asks for it.
        """
        bot = self.world.bot_by_token(token)
        if bot is None:
            raise not_found()
        call = self.calls.begin(
            bot_id=bot.id, method=DOWNLOAD, chat_id=None, params={"file_path": path}
        )
        try:
            fault = self.faults.take(DOWNLOAD, None)
            is_cut = fault is not None and fault.kind is Kind.CUT
            if fault is not None and not is_cut:
                await self._strike(fault, call)
            file = self.world.files.lent(path, bot_id=bot.id, now=self.world.now())
            if file is None:
                raise not_found()
            return file, is_cut
        finally:
            self.calls.end(call)
            self.events.notify()

    async def ask(self, token: str, method: str, **params: Any) -> Json:
        """The body of the answer to a call made without HTTP."""
        return (await self.call(token, method, Params(params)))[1]

    async def _answer(self, bot: Bot, call: Call, params: Params) -> Any:
        method = METHODS.get(call.method.lower())
        if method is None:
            raise not_found()
        fault = self.faults.take(call.method.lower(), call.chat_id)
        if fault is not None and not fault.is_accepted:
            await self._strike(fault, call)
        try:
            result = method(self.world, bot, params)
        except UnicodeEncodeError:
            raise bad_request("strings must be encoded in UTF-8") from None
        if inspect.isawaitable(result):
            result = await result
        if fault is not None and fault.is_accepted:
            call.result = result
            await self._strike(fault, call)
        return result

    async def _strike(self, fault: Fault, call: Call) -> None:
        call.fault = fault.kind.value
        self.events.notify()
        await self.faults.strike(fault)

    def describe(self) -> Json:
        """Bots, people and chats as pages see them; `seq` is where their events go on."""
        return {
            "seq": self.events.seq,
            "bots": [_describe_bot(bot) for bot in self.world.bots.values()],
            "people": [person.dump() for person in self.world.people.values()],
            "chats": [self.world.describe(chat) for chat in self.world.chats.values()],
        }


def _describe_bot(bot: Bot) -> Json:
    texts = {kind: bot.texts.get(kind, {}) for kind in ("description", "short_description")}
    rights = {"can_manage_bots": bot.can_manage_bots, "manager": bot.manager_id}
    return bot.user() | {"commands": describe_commands(bot), "owner": bot.owner_id} | rights | texts


def _is_wellformed(token: str) -> bool:
    number, _, secret = token.partition(":")
    return number.isdecimal() and bool(secret)


def _chat_id(params: Params) -> int | None:
    return params.integer("chat_id") or None
