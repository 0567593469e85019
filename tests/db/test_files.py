"""What clients wrote can be read by the owner of the database's files, and by nobody else."""

import os
from collections.abc import Iterator
from pathlib import Path
from stat import S_IMODE

import pytest

from db.engine import open_database
from db.files import keep_private, make_private, open_to_others
from db.migrate import migrate

NOBODY = 65_534


@pytest.fixture(autouse=True)
def careless() -> Iterator[None]:
    """Whoever starts the process lets everybody do everything."""
    before = os.umask(0)
    yield
    os.umask(before)


def rights(path: Path) -> dict[str, int]:
    return {one.name: S_IMODE(one.stat().st_mode) for one in path.parent.glob(f"{path.name}*")}


async def test_what_is_made_is_private(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    url = f"sqlite+aiosqlite:///{path}"
    database = open_database(url)
    await migrate(database, url)
    await database.read(lambda connection: connection.exec_driver_sql("SELECT 1").all())
    made = rights(path)
    await database.close()
    assert {"new.db", "new.db-wal", "new.db-shm"} <= made.keys()
    assert set(made.values()) == {0o600}


async def test_what_is_made_through_a_link_is_private_too(tmp_path: Path) -> None:
    path = tmp_path / "link.db"
    path.symlink_to(tmp_path / "new.db")
    url = f"sqlite+aiosqlite:///{path}"
    database = open_database(url)
    await migrate(database, url)
    for name in ("new.db", "new.db-wal"):
        assert rights(tmp_path / "new.db")[name] == 0o600
        (tmp_path / name).chmod(0o644)
    assert {file.name for file in open_to_others(path)} == {"link.db", "new.db-wal"}
    assert keep_private(path) == ()
    await database.close()


async def test_what_is_read_first_is_private_too(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    database = open_database(f"sqlite+aiosqlite:///{path}")
    await database.read(lambda connection: connection.exec_driver_sql("SELECT 1").all())
    await database.close()
    assert rights(path) == {"new.db": 0o600}


def test_what_was_open_to_others_becomes_private(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    for name, mode in (("old.db", 0o644), ("old.db-wal", 0o666), ("old.db-shm", 0o640)):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(mode)
    assert len(open_to_others(path)) == 3
    assert keep_private(path) == ()
    assert rights(path) == {"old.db": 0o600, "old.db-wal": 0o600, "old.db-shm": 0o600}


def test_what_its_owner_may_only_read_stays_so(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    path.touch()
    path.chmod(0o444)
    assert keep_private(path) == ()
    assert rights(path) == {"old.db": 0o400}


def test_a_file_that_is_there_is_not_opened(tmp_path: Path) -> None:
    """A descriptor of it that is closed again would end the locks of the whole process."""
    path = tmp_path / "old.db"
    os.mkfifo(path)  # to open it would wait for somebody who reads
    make_private(path)
    assert path.is_fifo()


def test_files_of_another_user_are_told() -> None:
    passwd, me = Path("/etc/passwd"), os.geteuid()
    os.seteuid(me or NOBODY)  # everything is root's to change
    try:
        assert keep_private(passwd) == (passwd,)
    finally:
        os.seteuid(me)


@pytest.mark.parametrize("path", ["/proc/version", "/proc/nothing", "/nowhere/at.db"])
def test_where_no_rights_can_be_changed_nothing_is_raised(path: str) -> None:
    make_private(Path(path))
    keep_private(Path(path))
