"""Write which city each time zone is named after, in each language, as Babel has it.

`bot/core/texts/catalogues/LANGUAGE/cities.txt`: a start reads that, and not Babel's whole data.
"""

from babel.dates import get_timezone_location

from bot.core.texts import LANGUAGES
from bot.core.texts.cities import table
from tenants.zones import ZONES


def render(language: str) -> str:
    """The file of a language."""
    named = {
        zone: get_timezone_location(zone, locale=language, return_city=True)
        for zone in sorted(ZONES)
    }
    return "".join(f"{zone} {city}\n" for zone, city in named.items())


if __name__ == "__main__":
    for each in LANGUAGES:
        table(each).write_text(render(each), encoding="utf-8")
