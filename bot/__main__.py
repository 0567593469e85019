"""The `sportello` command, also as `python -m bot`."""

import gc
import io
import sys
from typing import Final

from bot.cli.commands import commands

UNUSABLE: Final = 2


def main(platform: str = sys.platform) -> None:
    """Carry out the command line; exits 0 (done), 1 (something is wrong) or 2 (cannot start)."""
    if platform == "win32":
        print("sportello: Windows is not supported: use WSL, or a container", file=sys.stderr)
        sys.exit(UNUSABLE)
    gc.disable()  # until all is loaded: none of it is garbage, and looking takes a fifth of a start
    if isinstance(sys.stdout, io.TextIOWrapper):  # a sign that the console lacks stops nothing
        sys.stdout.reconfigure(errors="backslashreplace")
    commands(prog_name="sportello")


if __name__ == "__main__":
    main()
