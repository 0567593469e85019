"""The stage, with the program on it."""

from collections.abc import AsyncIterator

import pytest

pytest.register_assert_rewrite("tests.scenarios.people", "tests.scenarios.stage")

from tests.scenarios.stage import Stage, on_stage  # noqa: E402 - after the line above


@pytest.fixture
async def closed(database_url: str) -> AsyncIterator[Stage]:
    """A stage on which the program is not running yet."""
    async with on_stage(database_url) as stage:
        yield stage


@pytest.fixture
async def stage(closed: Stage) -> Stage:
    await closed.opens()
    return closed
