"""What a file lies on."""

from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.ops.volume import MEGABYTE, MOUNTS, FreeSpace, ensure_local

TABLE = """\
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
28 27 0:50 / /srv rw - nfs4 10.0.0.1:/srv rw
29 28 0:51 / /srv/local rw - xfs /dev/vdb rw
30 27 0:52 / /mnt/Foto\\040di\\040casa rw - cifs //nas/foto rw
31 27 0:53 / /host rw - 9p host rw
32 27 0:54 / /sshfs rw - fuse.sshfs me@host: rw
33 27 0:55 / /ceph rw - ceph 10.0.0.2:/ rw
34 27 0:56 / /ceph rw - ext4 /dev/vdc rw
"""


@pytest.mark.parametrize(
    "path", ["/var/lib/desk.db", "/srv/local/data/desk.db", "/ceph/desk.db", "/srv.db"]
)
def test_a_local_disk_is_well(path: str) -> None:
    assert ensure_local(Path(path), mounts=TABLE) is None


@pytest.mark.parametrize(
    ("path", "kind"), [("/srv/desk.db", "nfs4"), ("/mnt/Foto di casa/data/desk.db", "cifs")]
)
def test_a_network_file_system_is_refused(path: str, kind: str) -> None:
    with pytest.raises(ConfigError, match=rf"{path} lies on a network file system \({kind}\)"):
        ensure_local(Path(path), mounts=TABLE)
    assert kind in (ensure_local(Path(path), anywhere=True, mounts=TABLE) or "")


@pytest.mark.parametrize(("path", "kind"), [("/host/x.db", "9p"), ("/sshfs/x.db", "fuse.sshfs")])
def test_what_may_be_one_is_told_of(path: str, kind: str) -> None:
    assert f"lies on {kind}" in (ensure_local(Path(path), mounts=TABLE) or "")


def test_where_nothing_tells_all_is_well() -> None:
    assert ensure_local(Path("/x.db"), mounts="") is None


@pytest.mark.skipif(not MOUNTS.exists(), reason="only Linux lists its mounts there")
def test_this_machines_own_mounts_can_be_read(tmp_path: Path) -> None:
    own = f"{MOUNTS.read_text()}99 1 0:99 / {tmp_path} rw - nfs4 server:/ rw\n"
    with pytest.raises(ConfigError, match="nfs4"):
        ensure_local(tmp_path / "desk.db", mounts=own)
    ensure_local(tmp_path / "desk.db", anywhere=True)


@pytest.mark.parametrize(
    ("free", "enough"), [(0, False), (MEGABYTE - 1, False), (MEGABYTE, True), (None, True)]
)
def test_there_is_room_from_the_floor_on(free: int | None, enough: bool) -> None:
    room = FreeSpace(floor_megabytes=1)
    assert room()
    room.look(free)
    assert room() == enough


def test_running_short_is_told_once_until_there_was_enough() -> None:
    told: list[int] = []
    room = FreeSpace(3, told.append)
    for megabytes in (3, 2, 1, 5, 0):
        room.look(megabytes * MEGABYTE)
    assert told == [2, 0]
