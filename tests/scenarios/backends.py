"""What is tried on which database, where tests/db has tried both."""

from typing import Final

import pytest

from tests.databases import Backend

POSTGRESQL: Final = pytest.param("postgresql", marks=pytest.mark.postgresql)
LATER: Final = pytest.param("postgresql", marks=[pytest.mark.postgresql, pytest.mark.long])
on_both = pytest.mark.parametrize("backend", ["sqlite", POSTGRESQL], indirect=True)
on_sqlite_first = pytest.mark.parametrize("backend", ["sqlite", LATER], indirect=True)


@pytest.fixture(params=["sqlite", LATER])
def backend(request: pytest.FixtureRequest) -> Backend:
    """SQLite: what is said and done does not hang on the database. What is `long` has the other.

    A test of turns in which the database itself takes part is told `on_both`.
    """
    backend: Backend = request.getfixturevalue(request.param)
    return backend
