"""The program served over HTTP, where a minute lasts a minute, and programs of its companies."""

from collections.abc import AsyncIterator

import pytest
from openai import AsyncOpenAI

from bot.playground.phone.ami import EmulatedAMI
from bot.playground.serve import serve
from db.api_keys import Scope
from tests.gateways.caller import Caller, calling
from tests.gateways.openai_client import client_of
from tests.scenarios.stage import Stage, on_stage
from tests.scenarios.web import serve_web
from tests.web.conftest import Programs, page, program
from tests.web.reader import Reader

__all__ = ["page", "program"]  # fixtures


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    """As in tests/web; no caller is too fast."""
    async with on_stage(database_url) as made:
        made.settings |= {"url": await serve_web(made), "gateway_messages_per_minute": 0}
        made.clock.speed = 1.0
        yield made


@pytest.fixture
async def crm(program: Programs) -> Reader:
    """A program that may ask."""
    return await program(Scope.CHAT)


@pytest.fixture
async def openai(crm: Reader) -> AsyncIterator[AsyncOpenAI]:
    """OpenAI's own client, with that program's key."""
    async with client_of(crm) as made:
        yield made


@pytest.fixture
async def ami(stage: Stage) -> AsyncIterator[EmulatedAMI]:
    """The phone stack; a chat may have two turns a minute, and a minute is short."""
    made = EmulatedAMI()
    async with serve(made.app()) as url:
        stage.settings |= {"ami_url": url, "ami_context": "inside", "turns_per_minute": 2}
        stage.clock.speed = 50.0
        yield made


@pytest.fixture
async def caller(ami: EmulatedAMI, stage: Stage, program: Programs) -> Caller:
    """Somebody calls a company that lets calls be passed on."""
    reader = await program(Scope.CHAT)
    tools = {"tools": ["hang_up", "transfer"], "extensions": ["600 Reception"]}
    await stage.publishes(**tools)
    return calling(reader)
