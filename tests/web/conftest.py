"""The program served over HTTP, a page of a company's site, and a program with a key."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Final

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr

from bot.core.api_keys import PURPOSE, SECRET, written
from bot.ops.vault import KeyVault
from db.api_keys import IssueKey, Scope
from db.journal import apply
from db.records import Actor
from tests.databases import SEEDED_AT
from tests.scenarios.backends import backend
from tests.scenarios.stage import Stage, on_stage
from tests.scenarios.web import FORGETTABLE, serve_web
from tests.web.reader import Reader

__all__ = ["backend"]  # a fixture

PROGRAM: Final = "0" * SECRET  # the secret of a program's key
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
def program(stage: Stage, page: Reader) -> Programs:
    """A company's own program, with a key that has these scopes."""

    async def program(*scopes: Scope) -> Reader:
        vault = KeyVault.open(SecretStr(FORGETTABLE))
        digest = vault.digests(PROGRAM, purpose=PURPOSE)[0]
        issue = IssueKey(
            tenant=1, name="crm", digest=digest, scopes=frozenset(scopes), actor=ADA, now=SEEDED_AT
        )
        (row,) = await stage.database.write(lambda connection: apply(connection, [issue]))
        return replace(page, origin=None, token=written(row, PROGRAM))

    return program
