"""What stands in for missing credentials: Telegram with a page, and a model that works offline.

Each keeps what it knows in a file beside the database, whose chats and conversations are its own.
"""

import errno
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from bot.errors import ConfigError
from bot.playground.openai import NATURAL, Archive, Emulator
from bot.playground.page import About, loopback_middleware, page_routes
from bot.playground.serve import serve
from bot.playground.telegram.emulator import TelegramEmulator
from bot.playground.telegram.registry import new_token
from bot.playground.telegram.server import build_routes
from db.place import find_fault

BOT_ID: Final = 7_000_000_001
CLIENTS: Final = (
    ("Giulia Ferri", "giulia_ferri", "it"),
    ("Emma Clarke", "emma_clarke", "en"),
    ("Дмитрий Орлов", "dmitry_orlov", "ru"),
)
ADMIN: Final = ("Marco Bellini", "marco_bellini", "it")
GROUP: Final = "Verona"
PORTS_TRIED: Final = 20


@dataclass(frozen=True, slots=True)
class EmulatedTelegram:
    """Where the Bot API and the page are, and whom the page knows."""

    url: str
    admins: tuple[int, ...]
    token: str


@dataclass(frozen=True, slots=True)
class EmulatedOpenAI:
    """Where a model is that needs no account, and what it answers to."""

    base_url: str
    key: str = "offline"
    model: str = "gpt-6-luna"
    effort: str = "none"


@asynccontextmanager
async def emulate_telegram(
    *, state: Path, port: int, about: Callable[[tuple[int, ...]], Awaitable[About]]
) -> AsyncIterator[EmulatedTelegram]:
    """Serve the Bot API and the page on `port`, or on the next one that is free.

    `about` is told who are the admins. Raises ConfigError when file or ports cannot be used.
    """
    with _opening(state):
        emulator = TelegramEmulator(state=state)
    with closing(emulator):
        admins = _settle(emulator)
        token = emulator.registry.revoke(BOT_ID)  # one that nobody can know from before
        routes = [*page_routes(lambda: about(admins)), *build_routes(emulator)]
        app = Starlette(routes=routes, middleware=loopback_middleware())
        async with serve_near(app, port) as url:
            yield EmulatedTelegram(url, admins, token)


@asynccontextmanager
async def emulate_openai(*, state: Path) -> AsyncIterator[EmulatedOpenAI]:
    """Serve the offline model, which speaks at a natural pace. Raises ConfigError."""
    with _opening(state):
        archive = Archive(state)
    with archive:
        emulator = Emulator(rhythm=NATURAL, archive=archive)
        app = Starlette(routes=[Mount("/", emulator.app())], middleware=loopback_middleware())
        async with serve(app) as url:
            yield EmulatedOpenAI(f"{url}/v1")


def _settle(emulator: TelegramEmulator) -> tuple[int, ...]:
    """The first start brings the bot, its owner, clients and a group; each finds the admins."""
    accounts, world = emulator.accounts, emulator.world
    if BOT_ID not in world.bots:
        token = new_token(BOT_ID)
        accounts.add_bot(token, username="hotel_aurora_bot", first_name="Hotel Aurora")
    if not world.people:
        people = [_move_in(emulator, *one) for one in (*CLIENTS, ADMIN)]
        accounts.add_group(GROUP, members=[*people, BOT_ID])
    emulator.botfather.open()
    admins = tuple(one.id for one in world.people.values() if one.username == ADMIN[1])
    if admins and world.bots[BOT_ID].owner_id is None:
        emulator.registry.give(BOT_ID, admins[0])
        emulator.registry.let_manage(BOT_ID)
    return admins


def _move_in(emulator: TelegramEmulator, name: str, username: str, language: str) -> int:
    person = emulator.accounts.add_person(name, username=username, language_code=language)
    return person.id


@contextmanager
def _opening(state: Path) -> Iterator[None]:
    try:
        state.parent.mkdir(parents=True, exist_ok=True)
        yield
    except sqlite3.Error as error:
        if error.sqlite_errorname == "SQLITE_BUSY":
            problem = f"another `sportello` is using {state}; stop it first"
        else:
            problem = find_fault(state) or f"{state} cannot be used: {error}"
        raise ConfigError(problem) from None
    except OSError as error:
        problem = find_fault(state) or f"{state} cannot be made: {error.strerror}"
        raise ConfigError(problem) from None


@asynccontextmanager
async def serve_near(app: ASGIApp, port: int) -> AsyncIterator[str]:
    """Serve on `port`, or on the next one that is free; the address. Raises ConfigError."""
    ports = range(port, min(port + PORTS_TRIED, 65_536)) if port else (0,)
    async with AsyncExitStack() as stack:
        yield await _listen(stack, app, ports)


async def _listen(stack: AsyncExitStack, app: ASGIApp, ports: Sequence[int]) -> str:
    for port in ports:
        try:
            return await stack.enter_async_context(serve(app, port=port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                reason = error.strerror
                raise ConfigError(f"PLAYGROUND_PORT {port} cannot be used: {reason}") from None
    raise ConfigError(f"PLAYGROUND_PORT: {ports[0]} to {ports[-1]} are taken; set another, or 0")
