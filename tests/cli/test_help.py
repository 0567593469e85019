"""What the command says about itself."""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from bot.cli.commands import commands
from scripts.commands_page import PAGE, render
from tests.cli.conftest import Sportello

HERE = Path(__file__).parents[2]
HEAVY = ("alembic", "openai", "pydantic", "sqlalchemy", "starlette", "telegram", "uvloop")


def paths(command: Any, *above: str) -> Iterator[tuple[str, ...]]:
    """Each command below one, as it is typed."""
    for name, child in getattr(command, "commands", {}).items():
        yield (*above, name)
        yield from paths(child, *above, name)


@pytest.mark.parametrize("command", list(paths(get_command(commands))), ids=" ".join)
def test_every_command_has_help(sportello: Sportello, command: tuple[str, ...]) -> None:
    told = sportello(*command, "--help")

    assert told.exit_code == 0
    assert f"Usage: sportello {' '.join(command)}" in told.stdout


def test_help_loads_none_of_the_libraries() -> None:
    code = (
        "import sys; sys.argv = ['sportello', '--help']\n"
        "from bot.__main__ import main\n"
        "try: main()\n"
        f"finally: print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=HERE, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0
    assert done.stderr.strip() == "[]"


def test_the_version_is_the_projects(sportello: Sportello) -> None:
    project = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert sportello("--version").stdout == f"sportello {project['version']}\n"


def test_a_checkout_has_the_command_in_any_folder(tmp_path: Path) -> None:
    # Its first call runs make, which installs what .venv lacks: a test downloads nothing.
    make = shutil.which("make")
    if make is None:
        pytest.skip("there is no make, which ./sportello needs")
    if subprocess.run([make, "-q", ".venv/run.stamp"], cwd=HERE, check=False).returncode:
        pytest.skip("./sportello would install first: .venv is not as requirements/run.txt says")
    (tmp_path / "bot").mkdir()  # of somebody else
    linked = tmp_path / "linked"
    linked.symlink_to(HERE / "sportello")

    for command in (HERE / "sportello", linked):
        done = subprocess.run(
            [command, "--version"], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout.split()[0], done.stderr) == (0, "sportello", "")


@pytest.mark.parametrize("arguments", ["sing", "tenants", "transcript", "run x"])
def test_what_cannot_be_understood_is_a_usage_error(sportello: Sportello, arguments: str) -> None:
    told = sportello(*arguments.split())

    assert told.exit_code == 2
    assert "Usage: sportello" in told.stdout + told.stderr


def test_the_reference_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "run `make docs`"
