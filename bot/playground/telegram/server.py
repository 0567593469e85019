"""The emulator over HTTP: the bots' side, the people's side and the controls."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.playground.telegram.bot_api import BotApi
from bot.playground.telegram.client_api import ClientApi
from bot.playground.telegram.control_api import ControlApi
from bot.playground.telegram.emulator import TelegramEmulator


def build_app(emulator: TelegramEmulator) -> Starlette:
    """The ASGI application; run it with `bot.playground.serve.serve`."""
    return Starlette(routes=build_routes(emulator))


def build_routes(emulator: TelegramEmulator) -> list[BaseRoute]:
    """The same as routes, for an application that has others beside them."""
    sides = (BotApi(emulator), ClientApi(emulator), ControlApi(emulator))
    return [route for side in sides for route in side.routes()]
