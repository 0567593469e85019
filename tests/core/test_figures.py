import pytest

from bot.core.figures import dollars, number, roughly


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "1,234,567"), ("it", "1.234.567"), ("ru", "1\u00a0234\u00a0567"), ("de", "1,234,567")],
)
def test_thousands_stand_apart_as_the_language_has_it(language: str, written: str) -> None:
    assert number(1_234_567, language) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0"), (1, "10"), (12, "10"), (99, "100"), (1_234, "1,200"), (98_765, "99,000")],
)
def test_an_estimate_claims_no_more_than_two_figures(value: int, written: str) -> None:
    assert roughly(value, "en") == written


@pytest.mark.parametrize(
    ("language", "written"), [("en", "$1.50"), ("it", "1,50\u00a0USD"), ("ru", "1,50\u00a0$")]
)
def test_amounts_are_to_the_cent(language: str, written: str) -> None:
    assert dollars(1.499, language) == written
