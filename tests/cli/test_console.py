"""A console that lacks letters, and a system that lacks more."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.cli.conftest import Sportello

LATIN = "iso8859-1"
NAME = "Кафе Весна"


@pytest.fixture(autouse=True)
def company(current: Path, sportello: Sportello) -> None:
    Path("vesna.toml").write_text(f'company_name = "{NAME}"', encoding="utf-8")
    assert sportello("tenants", "apply", "vesna.toml").exit_code == 0


Says = Callable[..., tuple[str, str]]


@pytest.fixture
def says() -> Iterator[Says]:
    """Type a command at a console of Western Europe."""
    before = sys.argv[:]

    def says(*arguments: str) -> tuple[str, str]:
        told, complaint = (
            io.TextIOWrapper(io.BytesIO(), LATIN, errors)
            for errors in ("strict", "backslashreplace")
        )
        sys.argv[1:] = arguments
        with redirect_stdout(told), redirect_stderr(complaint), pytest.raises(SystemExit):
            main()
        return written_to(told), written_to(complaint)

    yield says
    sys.argv[:] = before


def written_to(console: io.TextIOWrapper) -> str:
    console.flush()
    console.seek(0)
    return console.read()


def test_a_letter_that_the_console_lacks_stops_nothing(says: Says) -> None:
    told, complaint = says("tenants", "list")

    assert (NAME.encode("ascii", "backslashreplace").decode() in told, complaint) == (True, "")


def test_scripts_read_every_letter(says: Says) -> None:
    told, _ = says("tenants", "list", "--json")

    assert json.loads(told)[0]["company"] == NAME


def test_a_file_is_never_written_with_letters_missing(says: Says) -> None:
    assert says("tenants", "export", "vesna") == (
        "",
        "sportello: latin-1, in which this console is written, has no '\\u041a':"
        " set PYTHONUTF8=1, or name a file\n",
    )


def test_the_check_says_so(says: Says) -> None:
    told, _ = says("check")

    assert told.startswith("warning  Console   iso8859-1 lacks most letters: set PYTHONUTF8=1\n")


def test_windows_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main("win32")

    assert (ended.value.code, capsys.readouterr().err) == (
        2,
        "sportello: Windows is not supported: use WSL, or a container\n",
    )
