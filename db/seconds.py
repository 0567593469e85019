"""How many seconds spans of time have. Pure."""

from typing import Final

MINUTE_SECONDS: Final = 60.0
HOUR_SECONDS: Final = 3_600.0
DAY_SECONDS: Final = 86_400.0
