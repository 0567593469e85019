"""When somebody of a company wants to be told of its clients. Pure."""

from datetime import datetime
from typing import Final

from bot.turns.opening import opening_at
from tenants.hours_reading import read

NEVER: Final = ""


def is_on_duty(hours: str, local: datetime) -> bool:
    """Whether these hours, as they are kept, have this moment in them, by the company's clock.

    They are read as a company's own are: somebody is on duty as it is open.
    """
    opening = opening_at(read(hours), local) if hours != NEVER else None
    return opening is not None and opening.is_open
