"""The tests, as CI runs them: the few that fail are run once more, and told of if they then pass.

python -m scripts.flaky [what pytest takes]
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

MOST: Final = 5  # of more, a busy machine is no explanation
LAST_FAILED: Final = Path(".pytest_cache/v/cache/lastfailed")


def tested(*arguments: str) -> int:
    """What pytest ends with."""
    command = (sys.executable, "-m", "pytest", *arguments)
    return subprocess.run(command, check=False).returncode


def failed() -> tuple[str, ...]:
    """The tests that failed when each was last run."""
    return tuple(json.loads(LAST_FAILED.read_text())) if LAST_FAILED.exists() else ()


def main(arguments: Sequence[str]) -> int:
    """0 if all pass, those that failed at their second run, one by one."""
    code = tested("--cache-clear", *arguments)
    again = failed()
    if code != pytest.ExitCode.TESTS_FAILED or not 0 < len(again) <= MOST:
        return code
    print(f"\nOnce more, alone: {', '.join(again)}", flush=True)
    if code := tested(*arguments, "-n0", "--last-failed"):
        return code
    for test in again:
        print(f"FLAKY: {test} failed, and passed alone: it has a fault to be mended", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
