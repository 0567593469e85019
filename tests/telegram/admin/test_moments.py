import pytest

from bot.telegram.admin.moments import brief_moment, moment, shown_day
from tests.fakes.clock import NOON

NIGHT = 1_782_939_600.0  # 1 July 2026, 21:00 UTC


def test_a_time_is_that_of_the_companys_zone() -> None:
    assert moment(NIGHT, "it", zone="Europe/Rome") == "01/07/2026 23:00"
    assert moment(NIGHT, "ru", zone="Europe/Moscow") == "02.07.2026 00:00"
    assert moment(NIGHT, "en", zone="Europe/London") == "01 Jul 2026 22:00"


@pytest.mark.parametrize(
    ("later_days", "language", "expected"),
    [
        (0, "it", "23:00"),
        (1, "it", "01/07 23:00"),
        (1, "en", "01 Jul 23:00"),
        (1, "xx", "07-01 23:00"),
    ],
)
def test_a_key_has_no_more_of_a_moment_than_is_needed(
    later_days: int, language: str, expected: str
) -> None:
    now = NIGHT + later_days * 86_400
    assert brief_moment(NIGHT, language, zone="Europe/Rome", now=now) == expected


def test_of_another_year_a_key_has_the_day() -> None:
    now = NIGHT + 365 * 86_400
    assert brief_moment(NIGHT, "it", zone="Europe/Rome", now=now) == "01/07/2026"


def test_a_day_is_that_of_the_companys_zone() -> None:
    assert shown_day(NIGHT, "ru", zone="Europe/Moscow") == "02.07.2026"


def test_a_zone_that_the_machine_has_not_got_is_no_failure() -> None:
    assert moment(NOON, "it", zone="Nowhere/Atlantis") == moment(NOON, "it", zone="Africa/Abidjan")
