"""Waits for a test run to end, even by `kill -9`; then stops its server and removes its files."""

import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path


def main(folder: Path) -> None:
    """The run holds the other end of our standard input for as long as it lives."""
    sys.stdin.read()
    with suppress(FileNotFoundError, ProcessLookupError):
        stop(int((folder / "pg" / "postmaster.pid").read_text().split()[0]))
    shutil.rmtree(folder, ignore_errors=True)


def stop(server: int) -> None:
    """At once: nothing in it is worth a proper end. Raises ProcessLookupError when it is gone."""
    while True:
        os.kill(server, signal.SIGQUIT)
        time.sleep(0.05)  # no child of ours: no portable call waits for it, one can only ask


if __name__ == "__main__":
    main(Path(sys.argv[1]))
