"""One measurement by itself, without the rounds of `python -m bench`."""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from bench.databases import Kind, open_databases
from bench.measure import Figures


class Measurement(Protocol):
    """What measures one thing in processes of its own."""

    def __call__(self, *, database_url: str, folder: Path, say: Callable[[str], object]) -> Figures:
        """The figures; `folder` is made, `say` is told of each step."""


def measure_alone(measurement: Measurement, *, name: str, description: str | None) -> Figures:
    """Measure on the database that the command line names, an empty one."""
    parser = argparse.ArgumentParser(prog=f"python -m bench.{name}", description=description)
    parser.add_argument("--database", choices=[*Kind], default=Kind.SQLITE)
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        open_databases(Kind(given.database), Path(folder)) as create,
    ):
        return measurement(
            database_url=create(name),
            folder=Path(folder) / name,
            say=lambda step: print(step, file=sys.stderr),
        )
