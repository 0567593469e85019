"""What is tried on which database, where tests/db has tried both."""

import pytest

from tests.databases import Backend

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgresql)
on_both = pytest.mark.parametrize("backend", ["sqlite", POSTGRESQL], indirect=True)


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgresql, pytest.mark.long])]
)
def backend(request: pytest.FixtureRequest) -> Backend:
    """SQLite: what is said and done does not hang on the database. What is `long` has the other.

    A test in which the database itself takes part is told `on_both`.
    """
    backend: Backend = request.getfixturevalue(request.param)
    return backend
