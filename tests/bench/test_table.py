"""The table says what was measured, and whether it is good enough."""

from collections.abc import Sequence

import pytest

from bench.gateways import TITLES
from bench.measure import Sizes
from bench.table import OURS, STREAMS, WAITS, Round, Row, write_table


def rounds(*values: float) -> list[Round]:
    return [{OURS: {"x": value}} for value in values]


def cells(values: Sequence[float], *, unit: str = "ms", most: float | None = None) -> list[str]:
    row = Row("x", unit, lambda each: each[OURS]["x"], most)
    return [cell.strip() for cell in row.write(rounds(*values)).strip("|").split("|")]


def test_a_figure_is_its_median_and_its_range() -> None:
    assert cells([30.4, 4.25, 12.1]) == ["x", "12 ms", "4.2-30", "", ""]


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(39.0, "met"), (40.4, "met"), (41.0, "missed by 1.0 ms"), (90.0, "missed by 50 ms")],
)
def test_a_target_is_met_or_missed_by_so_much(value: float, verdict: str) -> None:
    assert cells([value], most=40)[3:] == ["<= 40 ms", verdict]


def test_a_ratio_has_no_unit() -> None:
    assert cells([0.63], unit="", most=0.5)[1:] == [
        "0.63",
        "0.63-0.63",
        "<= 0.50",
        "missed by 0.13",
    ]


def test_every_row_finds_its_figure() -> None:
    ours = [f"{name} {p}" for name in OVERHEADS for p in ("p50", "p99")]
    figures = dict.fromkeys((*ours, *COSTS, *FIRST, *WEB, *GATEWAYS), 1.0)
    lines = list(write_table([dict.fromkeys((OURS, STREAMS, WAITS), figures)], Sizes()))
    assert "| CPU per turn: Sportello / floor that waits | 1.0 | 1.0-1.0 | <= 1.2 | met |" in lines


COSTS = ("cpu", "throughput", "wait", "memory")
WEB = ("web cpu", "web event", "web event ratio", "stream memory", "streams cpu")
GATEWAYS = [f"{way} {what}" for way in TITLES for what in ("first", "first ratio", "cpu")]
FIRST = ("first delay", "first cpu", "tool cpu", "flood ratio")
OVERHEADS = ("overhead 1", "overhead some", "overhead crowd", "delay", "acceptance")
