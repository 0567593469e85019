"""Each bot can be measured: real processes, a few turns."""

import os
from pathlib import Path

import psutil
import pytest

from bench.__main__ import SUBJECTS
from bench.measure import TOKEN, Sizes, Subject, measure
from bench.processes import read_address, running

FEW = Sizes(
    crowd=2,
    crowd_turns=2,
    some=2,
    some_turns=2,
    alone_turns=2,
    floor_turns=2,
    updates_per_second=100,
    updates=4,
)


@pytest.mark.long
@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.name)
def test_every_bot_answers_and_costs_something(subject: Subject, tmp_path: Path) -> None:
    steps: list[str] = []
    url = f"sqlite+aiosqlite:///{tmp_path}/sportello.db"
    figures = measure(subject, FEW, database_url=url, folder=tmp_path / "run", say=steps.append)
    assert len(steps) == (5 if subject.ours else 2)
    assert all(value >= 0 for value in figures.values())
    assert figures["memory"] > 1


def test_a_process_keeps_to_its_core_and_is_gone_afterwards(tmp_path: Path) -> None:
    core = max(os.sched_getaffinity(0))
    with running(
        "bench.clients", TOKEN, core=core, environment={}, log=tmp_path / "log"
    ) as process:
        assert read_address(process).startswith("http://127.0.0.1:")
        assert psutil.Process(process.pid).cpu_affinity() == [core]
    assert process.returncode is not None


def test_a_process_that_does_not_start_is_told(tmp_path: Path) -> None:
    with (
        running("bench.nothing", core=0, environment={}, log=tmp_path / "log") as process,
        pytest.raises(RuntimeError, match="did not start"),
    ):
        read_address(process)
    assert "No module named" in (tmp_path / "log").read_text()
