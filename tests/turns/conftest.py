"""The house in which the engine's tests take place."""

import pytest

from db.engine import Database
from tests.turns.desk import House


@pytest.fixture
def house(database: Database) -> House:
    return House(database)
