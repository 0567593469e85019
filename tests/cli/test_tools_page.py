"""The commands of the page about tools, as it has them."""

import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import Sportello
from tests.tools.test_example import blocks, bookings, copied


def test_the_commands_of_the_page_do_what_it_says(
    sportello: Sportello, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copied(tmp_path)
    first, *typed = [line for block in blocks("") for line in block.splitlines()]
    assert first == "export TOOLS_DIR=docs/examples/tools"
    monkeypatch.setenv("TOOLS_DIR", "docs/examples/tools")
    for line in typed:
        name, *arguments = shlex.split(line)
        assert name == "sportello"
        done = sportello(*arguments)
        assert (done.exit_code, done.stderr) == (0, ""), line
    assert [one["day"] for one in bookings(folder)] == ["2030-12-24"]
