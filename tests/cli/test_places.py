"""A database in a place where it cannot be: one line that says what is wrong and what to do."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.processes import LIKE_ANYBODY, Told, Typed, start, typed

NOBODY = 65_534
WITH_BOTH = {"TELEGRAM_BOT_TOKEN": "4711:AAAA", "OPENAI_API_KEY": "sk-x"}
COMMANDS = {
    "the playground": ((), {"PLAYGROUND_PORT": "0"}),
    "run": (("run",), WITH_BOTH),
    "apply": (("tenants", "apply", "hotel-aurora"), {}),
    "list": (("tenants", "list"), {}),
}

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or not shutil.which(LIKE_ANYBODY[0]),
    reason="only Linux's root, with setpriv, can make what is somebody else's",
)


def somebody_elses(place: Path) -> str:
    os.chown(place, NOBODY, NOBODY)
    return (
        f"{place} belongs to nobody ({NOBODY}), and this process, run by root (0), may not write"
        f" there: chown {'-R ' if place.is_dir() else ''}0 {place}"
    )


def a_folder_of_somebody_else(data: Path) -> str:
    data.mkdir(mode=0o755)
    return somebody_elses(data)


def a_closed_folder_of_somebody_else(data: Path) -> str:
    data.mkdir(mode=0o700)
    return somebody_elses(data)


def a_folder_that_its_owner_closed(data: Path) -> str:
    data.mkdir(mode=0o500)
    return f"{data} may not be written to by its owner: chmod u+rwX {data}"


def nowhere_to_make_it(data: Path) -> str:
    data.parent.chmod(0o500)
    return (
        f"{data} cannot be made by root (0): make it, and give it to that user"
        f" (install -d -o 0 {data})"
    )


def a_file_in_its_place(data: Path) -> str:
    data.touch()
    return f"{data} is a file, and a folder is needed there: move it, or choose another place"


def a_database_of_somebody_else(data: Path) -> str:
    (data / "sportello.db").touch(mode=0o644)
    return somebody_elses(data / "sportello.db")


def a_lock_of_somebody_else(data: Path) -> str:
    (data / "sportello.db.lock").touch(mode=0o644)
    return somebody_elses(data / "sportello.db.lock")


def a_folder_in_its_place(data: Path) -> str:
    (data / "sportello.db").mkdir()
    return f"{data}/sportello.db is a folder, and the database is a file: choose another place"


def another_kind_of_file(data: Path) -> str:
    (data / "sportello.db").write_text("Caro diario, oggi non ho scritto nessuna base di dati.")
    return f"{data}/sportello.db is no SQLite database: is it the right file?"


FOLDERS = (
    *((a_folder_of_somebody_else, command) for command in COMMANDS),
    *((a_closed_folder_of_somebody_else, command) for command in ("run", "list")),
    (a_folder_that_its_owner_closed, "apply"),
    (nowhere_to_make_it, "run"),
    (a_file_in_its_place, "the playground"),
)
FILES = (
    a_database_of_somebody_else,
    a_lock_of_somebody_else,
    a_folder_in_its_place,
    another_kind_of_file,
)


def arranged(place: Path, arrange: Callable[[Path], str]) -> str:
    place.mkdir()
    if arrange in FILES:
        (place / "data").mkdir()
    return arrange(place / "data")


async def test_a_place_that_cannot_be_used_is_told_in_a_line(tmp_path: Path) -> None:
    expected: dict[tuple[str, str], Told] = {}
    commands: list[Typed] = []
    for arrange, command in (*FOLDERS, *((one, "run") for one in FILES)):
        folder = tmp_path / str(len(commands))
        why = arranged(folder, arrange)
        expected[arrange.__name__, command] = Told(2, "", f"sportello: {why}\n")
        commands.append(Typed(folder, *COMMANDS[command]))

    told = await typed(commands, through=LIKE_ANYBODY)

    assert dict(zip(expected, told, strict=True)) == expected


async def test_the_check_says_so_too(tmp_path: Path) -> None:
    why = a_closed_folder_of_somebody_else(tmp_path / "data")
    process = await start(tmp_path, "check", through=LIKE_ANYBODY)
    told, _ = await process.communicate()
    assert f"problem  Database  {why}\n" in told.decode()
