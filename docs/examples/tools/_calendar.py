"""Where tables are booked: a JSON file, in the place of a restaurant's real calendar.

Its name begins with `_`: it holds no tool, and what stands beside it may import it.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

FILE: Final = Path(__file__).with_name("bookings.json")
TIMES: Final = (time(19), time(19, 30), time(20), time(20, 30), time(21))
TABLES: Final = 3  # at each time
SEATS: Final = 6  # at each table

Booking = dict[str, Any]


def free(day: date) -> list[time]:
    """When a table is free on a day."""
    with _bookings() as bookings:
        taken = [one["time"] for one in bookings.values() if one["day"] == f"{day}"]
    return [one for one in TIMES if taken.count(f"{one:%H:%M}") < TABLES]


def book(key: str, day: date, at: time, **rest: Any) -> Booking | None:
    """Book a table, or find what this key has booked before; None where no table is free."""
    with _bookings() as bookings:
        taken = [one for one in bookings.values() if one["day"] == f"{day}"]
        here = [one for one in taken if one["time"] == f"{at:%H:%M}"]
        if key not in bookings and at in TIMES and len(here) < TABLES:
            bookings[key] = {"day": f"{day}", "time": f"{at:%H:%M}", **rest}
        return bookings.get(key)


def booked(key: str) -> Booking | None:
    """What this key has booked."""
    with _bookings() as bookings:
        return bookings.get(key)


@contextmanager
def _bookings() -> Iterator[dict[str, Booking]]:
    """All of them, by key; nobody else looks meanwhile, and what is changed is kept whole."""
    with FileLock(f"{FILE}.lock"):
        text = FILE.read_text(encoding="utf-8") if FILE.exists() else "{}"
        bookings: dict[str, Booking] = json.loads(text)
        yield bookings
        if (changed := json.dumps(bookings, indent=2)) != text:
            new = FILE.with_suffix(".new")
            new.write_text(changed, encoding="utf-8")
            os.replace(new, FILE)
