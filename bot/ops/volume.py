"""What a SQLite file lies on: the kind of its file system, and the room that is left there."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.errors import ConfigError
from db.files import resolved

MOUNTS: Final = Path("/proc/self/mountinfo")  # proc(5); other systems than Linux have none
# They keep locks and shared memory on one machine alone, if at all (sqlite.org/wal.html).
_REMOTE: Final = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs"})
_DOUBTFUL: Final = frozenset({"9p", "virtiofs", "fuse", "vboxsf", "vmhgfs", "prl_fs"})
MEGABYTE: Final = 1024**2


def ensure_local(path: Path, *, anywhere: bool = False, mounts: str | None = None) -> str | None:
    """What a host should know of the file system; None where all is well.

    Raises ConfigError where a file would not be safe, unless it may lie `anywhere`.
    """
    kind = _kind(path, _read_mounts() if mounts is None else mounts)
    if kind in _REMOTE and not anywhere:
        raise ConfigError(
            f"{path} lies on a network file system ({kind}), where SQLite loses data: choose a"
            " local disk or PostgreSQL; SQLITE_ANYWHERE=true says that it is safe there"
        )
    if kind in _REMOTE or kind.partition(".")[0] in _DOUBTFUL:
        return (
            f"{path} lies on {kind}, which may be a network file system: SQLite wants a local disk"
        )
    return None


def _read_mounts() -> str:
    return MOUNTS.read_text() if MOUNTS.exists() else ""


def _kind(path: Path, mounts: str) -> str:
    """The type of the file system with the longest mount point above the file; "" if unknown."""
    above = {str(one) for one in resolved(path).parents}
    found = ("", "")
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        point = before.split(" ")[4].encode().decode("unicode_escape")  # a space is \040
        if point in above and len(point) >= len(found[0]):
            found = point, after.split(" ")[0]
    return found[1]


def shortage(free_bytes: int | None, floor_megabytes: int) -> int | None:
    """The megabytes that are left, if too few; None too where there is nothing to look at."""
    if free_bytes is None or free_bytes >= floor_megabytes * MEGABYTE:
        return None
    return free_bytes // MEGABYTE


@dataclass(slots=True)
class FreeSpace:
    """Whether there is enough left on the disk to take work on; called, it tells.

    `runs_short` is called when there no longer is, with the megabytes that are left.
    """

    floor_megabytes: int
    runs_short: Callable[[int], object] = lambda _: None
    _enough: bool = True

    def __call__(self) -> bool:
        return self._enough

    def look(self, free_bytes: int | None) -> None:
        """So much is free now; None where that is nothing to look at."""
        left, had_enough = shortage(free_bytes, self.floor_megabytes), self._enough
        self._enough = left is None
        if had_enough and left is not None:
            self.runs_short(left)
