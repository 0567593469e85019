"""The cities of the time zones, as Babel has them."""

import pytest

from bot.core.texts import LANGUAGES
from bot.core.texts.cities import cities, table
from scripts.cities import render
from tenants.zones import ZONES


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_zone_has_the_city_that_babel_names(language: str) -> None:
    assert table(language).read_text("utf-8") == render(language), "run `make docs`"
    assert cities(language).keys() == ZONES
