"""The sources of a company's knowledge: put, lengthen, take away. Pure.

Two sources of the same name, small and capital letters being the same, are one.
"""

from collections.abc import Sequence
from typing import Final
from zlib import crc32

from tenants.profile import Source

NAME_CHARACTERS: Final = 120
_NAMELESS: Final = "?"


def key_of(source: Source) -> str:
    """A short name for a button: it stays the same whatever becomes of the other sources."""
    return f"{crc32(source.name.casefold().encode()):08x}"


def find(sources: Sequence[Source], key: str) -> Source | None:
    """The source with that key, while there is one."""
    return next((source for source in sources if key_of(source) == key), None)


def named(name: str) -> str:
    """A file's name as a source's: what can be seen of it, in one line and not too long."""
    seen = "".join(character if character.isprintable() else " " for character in name)
    return " ".join(seen.split())[:NAME_CHARACTERS].strip() or _NAMELESS


def put(sources: Sequence[Source], source: Source, *, instead_of: str = "") -> tuple[Source, ...]:
    """With the source in the place of the one that has its name or the key `instead_of`."""
    gone = {key_of(source), instead_of}
    place = next((at for at, one in enumerate(sources) if key_of(one) in gone), len(sources))
    before = [one for one in sources[:place] if key_of(one) not in gone]
    after = [one for one in sources[place:] if key_of(one) not in gone]
    return (*before, source, *after)


def lengthen(source: Source, text: str, *, joint: str, now: float) -> Source:
    """The source with more text at its end. Raises ValidationError when it is too long."""
    return Source(name=source.name, text=f"{source.text}{joint}{text}", added_at=now)


def without(sources: Sequence[Source], key: str) -> tuple[Source, ...]:
    """The sources but one."""
    return tuple(one for one in sources if key_of(one) != key)
