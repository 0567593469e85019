"""The program served over HTTP, where a minute lasts a minute, and programs of its companies."""

from collections.abc import AsyncIterator

import pytest
from openai import AsyncOpenAI

from db.api_keys import Scope
from tests.gateways.openai_client import client_of
from tests.scenarios.conftest import backend
from tests.scenarios.stage import Stage, on_stage
from tests.scenarios.web import serve_web
from tests.web.conftest import Programs, page, program
from tests.web.reader import Reader

__all__ = ["backend", "page", "program"]  # fixtures


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
