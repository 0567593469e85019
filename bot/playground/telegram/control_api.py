"""The controls over HTTP: faults, held calls, the log of calls, raw updates, the bots there are."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.playground.telegram.bodies import BotChange, NewFault, OwnBot, RawUpdate, Release
from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.faults import Fault
from bot.playground.telegram.http_json import answers_json, path_number, query_number
from bot.playground.telegram.records import Json, encode


class ControlApi:
    """The routes under /control."""

    def __init__(self, emulator: TelegramEmulator) -> None:
        self._emulator = emulator

    def routes(self) -> list[BaseRoute]:
        table = (
            ("POST", "/control/faults", self.add_fault),
            ("DELETE", "/control/faults", self.clear_faults),
            ("GET", "/control/faults", self.get_faults),
            ("POST", "/control/release", self.release),
            ("GET", "/control/calls", self.get_calls),
            ("POST", "/control/updates", self.inject_update),
            ("POST", "/control/bots", self.create_bot),
            ("PATCH", "/control/bots/{bot_id}", self.change_bot),
            ("DELETE", "/control/bots/{bot_id}", self.delete_bot),
            ("POST", "/control/bots/{bot_id}/revoke", self.revoke_token),
        )
        return [Route(path, answers_json(f), methods=[method]) for method, path, f in table]

    async def add_fault(self, request: Request) -> Json:
        body = NewFault.model_validate_json(await request.body())
        fault = Fault.named(
            body.kind,
            method=body.method,
            chat_id=body.chat_id,
            description=body.description,
            retry_after_seconds=body.retry_after,
            delay_seconds=body.seconds,
        )
        self._emulator.faults.add(fault, count=body.count)
        return {}

    async def clear_faults(self, request: Request) -> Json:
        self._emulator.faults.clear()
        return {}

    async def get_faults(self, request: Request) -> Json:
        """How many faults still wait for a call, and how many calls are held."""
        faults = self._emulator.faults
        return {"planned": len(faults.planned), "held": faults.held}

    async def release(self, request: Request) -> Json:
        body = Release.model_validate_json(await request.body() or b"{}")
        return {"released": self._emulator.faults.release(lose=body.lose)}

    async def get_calls(self, request: Request) -> Response:
        calls = self._emulator.calls.after(query_number(request, "after", 0))
        method = request.query_params.get("method")
        described = [call.describe() for call in calls if method in (None, call.method)]
        return Response(encode(described), media_type="application/json")

    async def inject_update(self, request: Request) -> Json:
        body = RawUpdate.model_validate_json(await request.body())
        return {"update_id": self._emulator.world.updates[body.bot].inject(body.update)}

    async def create_bot(self, request: Request) -> Json:
        """What @BotFather answers: the new bot, and its token."""
        body = OwnBot.model_validate_json(await request.body())
        bot = self._emulator.registry.create(
            body.name,
            body.username,
            owner=body.owner,
            can_manage_bots=body.can_manage_bots,
        )
        return bot.user() | {"token": bot.token}

    async def change_bot(self, request: Request) -> Json:
        body = BotChange.model_validate_json(await request.body())
        bot_id = path_number(request, "bot_id")
        if body.can_manage_bots is not None:
            self._emulator.registry.let_manage(bot_id, body.can_manage_bots)
        if body.owner is not None:
            self._emulator.registry.give(bot_id, body.owner)
        return {}

    async def delete_bot(self, request: Request) -> Json:
        self._emulator.registry.delete(path_number(request, "bot_id"))
        return {}

    async def revoke_token(self, request: Request) -> Json:
        return {"token": self._emulator.registry.revoke(path_number(request, "bot_id"))}
