"""The `sportello` command, also as `python -m bot`."""

from bot.cli.commands import commands


def main() -> None:
    """Carry out the command line; exits 0 (done), 1 (something is wrong) or 2 (cannot start)."""
    commands(prog_name="sportello")


if __name__ == "__main__":
    main()
