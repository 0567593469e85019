"""The house in which the engine's tests take place."""

from collections.abc import Iterator

import pytest

from db.engine import Database
from tests.turns.desk import House


@pytest.fixture
def house(database: Database) -> Iterator[House]:
    made = House(database)
    yield made
    assert not made.model.scripts, "the model was asked less often than the test said"
