"""The program served over HTTP, a page of a company's site, and a program with a key."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Final

import pytest
from aiohttp import ClientSession

from db.api_keys import Scope
from db.records import Actor
from tests.scenarios.stage import Stage, on_stage
from tests.scenarios.web import FORGETTABLE, serve_web
from tests.web.keys import issue_key
from tests.web.reader import Reader

ADA: Final = Actor(None, "test")
Programs = Callable[..., Awaitable[Reader]]


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    """Served over HTTP as well; it does not run yet."""
    async with on_stage(database_url) as made:
        made.settings["url"] = await serve_web(made)
        yield made


@pytest.fixture
async def page(stage: Stage) -> AsyncIterator[Reader]:
    """A page of the site's; the program runs."""
    url = stage.settings.pop("url")
    await stage.opens()
    async with ClientSession() as http:
        yield Reader(url, http=http)


@pytest.fixture
async def unhurried(stage: Stage) -> AsyncIterator[Reader]:
    """The same where a minute lasts a minute; the company pauses, so no model is needed."""
    stage.clock.speed = 1.0
    url = stage.settings.pop("url")
    await stage.opens()
    await stage.runs("UPDATE tenants SET state = 'paused'")
    async with ClientSession() as http:
        yield Reader(url, http=http)


@pytest.fixture
def program(stage: Stage, page: Reader) -> Programs:
    """A company's own program, with a key that has these scopes."""

    async def program(*scopes: Scope) -> Reader:
        token = await issue_key(stage.database, FORGETTABLE, *scopes)
        return replace(page, origin=None, token=token)

    return program
