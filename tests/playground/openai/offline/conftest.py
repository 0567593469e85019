"""The companies whose clients talk to the offline model."""

import pytest

from tenants import presets
from tests.playground.openai.offline.talk import Talk


@pytest.fixture
def hotel() -> Talk:
    """The hotel, which speaks Italian."""
    return Talk(presets.load("hotel-aurora"))


@pytest.fixture
def english_hotel() -> Talk:
    """The same hotel, which speaks English."""
    return Talk(presets.load("hotel-aurora-en"))


@pytest.fixture
def russian_hotel() -> Talk:
    """The same hotel, which speaks Russian."""
    return Talk(presets.load("hotel-aurora-ru"))
