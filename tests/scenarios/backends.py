"""Which scenarios are told on which database."""

import pytest

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgresql)
on_both = pytest.mark.parametrize("backend", ["sqlite", POSTGRESQL], indirect=True)
