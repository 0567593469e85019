"""A database that no migration has seen yet."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from db.engine import Database
from tests.databases import Backend, opened


@pytest.fixture
async def url(backend: Backend, tmp_path: Path) -> AsyncIterator[str]:
    """A database without tables."""
    async with backend.database(tmp_path, migrated=False) as url:
        yield url


@pytest.fixture
async def empty(url: str) -> AsyncIterator[Database]:
    async with opened(url) as database:
        yield database
