"""On which database a test runs at once, and on which with those that are `long`."""

from typing import Final

import pytest

POSTGRESQL: Final = pytest.param("postgresql", marks=pytest.mark.postgresql)
LATER: Final = pytest.param("postgresql", marks=[pytest.mark.postgresql, pytest.mark.long])
# Where the database itself takes part: what is sent, and what a dead process left.
on_both: Final = pytest.mark.parametrize("backend", ["sqlite", POSTGRESQL], indirect=True)
