"""A console that lacks letters, and a system that lacks more."""

import json
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.cli.conftest import Sportello
from tests.cli.processes import start

LATIN = {"PYTHONIOENCODING": "latin-1"}
NAME = "Кафе Весна"


@pytest.fixture(autouse=True)
def company(sportello: Sportello) -> None:
    Path("vesna.toml").write_text(f'company_name = "{NAME}"', encoding="utf-8")
    assert sportello("tenants", "apply", "vesna.toml").exit_code == 0


async def says(folder: Path, *arguments: str) -> tuple[str, str]:
    process = await start(folder, *arguments, **LATIN)
    told, complaint = await process.communicate()
    return told.decode("latin-1"), complaint.decode("latin-1")


async def test_a_letter_that_the_console_lacks_stops_nothing(tmp_path: Path) -> None:
    told, complaint = await says(tmp_path, "tenants", "list")

    assert (NAME.encode("ascii", "backslashreplace").decode() in told, complaint) == (True, "")


async def test_scripts_read_every_letter(tmp_path: Path) -> None:
    told, _ = await says(tmp_path, "tenants", "list", "--json")

    assert json.loads(told)[0]["company"] == NAME


async def test_a_file_is_never_written_with_letters_missing(tmp_path: Path) -> None:
    assert await says(tmp_path, "tenants", "export", "vesna") == (
        "",
        "sportello: latin-1, in which this console is written, has no '\\u041a':"
        " set PYTHONUTF8=1, or name a file\n",
    )


async def test_the_check_says_so(tmp_path: Path) -> None:
    told, _ = await says(tmp_path, "check")

    assert told.startswith("warning  Console   iso8859-1 lacks most letters: set PYTHONUTF8=1\n")


def test_windows_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main("win32")

    assert (ended.value.code, capsys.readouterr().err) == (
        2,
        "sportello: Windows is not supported: use WSL, or a container\n",
    )
