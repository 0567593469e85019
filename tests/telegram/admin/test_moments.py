from bot.telegram.admin.moments import moment, shown_day
from tests.fakes.clock import NOON

NIGHT = 1_782_939_600.0  # 1 July 2026, 21:00 UTC


def test_a_time_is_that_of_the_companys_zone() -> None:
    assert moment(NIGHT, "it", zone="Europe/Rome") == "01/07/2026 23:00"
    assert moment(NIGHT, "ru", zone="Europe/Moscow") == "02.07.2026 00:00"
    assert moment(NIGHT, "en", zone="Europe/London") == "01 Jul 2026 22:00"


def test_a_day_is_that_of_the_companys_zone() -> None:
    assert shown_day(NIGHT, "ru", zone="Europe/Moscow") == "02.07.2026"


def test_a_zone_that_the_machine_has_not_got_is_no_failure() -> None:
    assert moment(NOON, "it", zone="Nowhere/Atlantis") == moment(NOON, "it", zone="Africa/Abidjan")
