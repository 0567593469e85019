"""The stage, with the program on it."""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import redirect_stderr
from io import StringIO

import pytest
import structlog
from aiohttp import web

from bot.ops.logs import set_up_logging
from tests.scenarios.stage import Stage, on_stage
from tests.systems import System, serving


@pytest.fixture
async def closed(database_url: str) -> AsyncIterator[Stage]:
    """A stage on which the program is not running yet."""
    async with on_stage(database_url) as stage:
        yield stage


@pytest.fixture
async def stage(closed: Stage) -> Stage:
    await closed.opens()
    return closed


@pytest.fixture
def log() -> Iterator[StringIO]:
    """The whole log, from which nothing is blotted out because it is known to be secret."""
    root, written = logging.getLogger(), StringIO()
    handlers, level = root.handlers[:], root.level
    with redirect_stderr(written):
        set_up_logging(level="debug", form="json")
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
async def system() -> AsyncIterator[System]:
    """The hotel's own, which answers everything."""

    async def answers(request: web.BaseRequest) -> web.Response:
        said = {"table": 7, "seen": request.headers.get("Authorization", "")}
        return web.json_response(said)

    async with serving(answers) as served:
        yield served
