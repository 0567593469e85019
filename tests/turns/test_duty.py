"""Who is told of a client at what time."""

from datetime import datetime

import pytest

from bot.turns.duty import is_on_duty, readers
from bot.turns.zones import clock_of
from db.duty import NEVER
from tenants.permissions import Role

ROME = clock_of("Europe/Rome")


@pytest.mark.parametrize(
    ("hours", "moment", "expected"),
    [
        ("Fri 9-18", "2026-11-20 13:00", True),  # a Friday
        ("Fri 9-18", "2026-11-20 18:00", False),
        ("Sat 9-18", "2026-11-20 13:00", False),
        ("Fri 22-6", "2026-11-21 05:59", True),
        ("Fri 22-6", "2026-11-20 05:59", False),
        ("24/7", "2026-11-20 03:00", True),
        ("Mon-Sun 9-18; 20 Nov closed", "2026-11-20 13:00", False),
        (NEVER, "2026-11-20 13:00", False),
        (None, "2026-11-20 03:00", True),
        ("every other full moon", "2026-11-20 03:00", True),
    ],
)
def test_hours_are_the_companys(hours: str | None, moment: str, expected: bool) -> None:
    local = datetime.fromisoformat(moment).replace(tzinfo=ROME)
    assert is_on_duty(hours, local) is expected


def test_of_clients_those_are_told_who_may_read_what_they_say() -> None:
    """Of a private assistant's only those who decide who may talk to it."""
    assert readers(private=False) == {Role.OWNER, Role.ADMIN, Role.OPERATOR}
    assert readers(private=True) == {Role.OWNER, Role.ADMIN}
