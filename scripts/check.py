"""Everything but the tests, as many steps at once as there are cores; each says when it is over.

python -m scripts.check
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Final

TOOLS: Final = Path(sys.executable).parent
# What takes longest begins first.
STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "mypy: types": ("mypy",),
    # What it compiles, the workers of `make test` need not compile, each for itself.
    "pytest: all tests can be collected": ("pytest", "--collect-only", "-q"),
    "the wheel: holds what it should and runs by itself": ("python", "-m", "scripts.wheel"),
    "alembic: the migrations lead to the tables": ("python", "-m", "scripts.schema", "check"),
    "import-linter: who may import whom": ("lint-imports", "--no-logo"),
    "deptry: what is imported is what is declared": ("deptry", ".", "--no-ansi"),
    "codespell: spelling": ("codespell",),
    "ruff: style": ("ruff", "check", "--quiet", "."),
    "ruff: format (make fmt mends it)": ("ruff", "format", "--check", "."),
}


def done(command: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """A step that is over, with what it told."""
    tool, *arguments = command
    try:
        return subprocess.run(
            [TOOLS / tool, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    except OSError as error:  # such as a tool that is not there
        return subprocess.CompletedProcess(command, 1, f"{error}\n")


def main() -> None:
    """Exit with 1, once all have told, when one of them found something."""
    wrong = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        steps = {pool.submit(done, command): title for title, command in STEPS.items()}
        for step in as_completed(steps):
            told = step.result().stdout
            if step.result().returncode:
                wrong.append(steps[step])
            else:
                told = "".join(told.splitlines(keepends=True)[-1:])
            print(f"\n== {steps[step]}\n{told}", end="", flush=True)
    for title in wrong:
        print(f"\nNot well: {title}", file=sys.stderr)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
