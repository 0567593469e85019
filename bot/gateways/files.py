"""Files that a program names by where they are, or has in its request: kept like uploads.

Anybody may have a key that is in an address, and what is fetched is told to them. So public
addresses alone are asked, whatever the host excepts for tools; redirects are judged likewise.
"""

import asyncio
import binascii
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import unquote, unquote_to_bytes, urlsplit
from weakref import WeakValueDictionary

from bot.core.attachments import LARGEST_BYTES, AttachmentKind, NotRead
from bot.core.labels import one_line
from bot.errors import OutOfPatience
from bot.files.kinds import EXTENSIONS
from bot.net.outside import Arriving, Barring, NoReply, Outbound, Unreached
from bot.turns.patience import Patience
from bot.web.attached import Attached
from bot.web.problems import ProblemDetails, unavailable
from bot.web.uploads import PIECE_BYTES, Uploads, shown
from db.records import Address

MOST: Final = 4  # of a message
SECONDS: Final = 15.0  # for all of them
AT_ONCE: Final = 16  # in this process
OF_A_KEY: Final = 4  # ... whose program holds up no other
NOT_VALID: Final = "not valid"  # is no {url, mediaType}
LONGEST_URL: Final = 2000
LONGEST_NAME: Final = 120
_DATA: Final = "data:"  # an address that is what it leads to (RFC 2397)
_HEAD: Final = 256  # characters of it that tell what that is
_OK: Final = 200
_GONE: Final = (404, 410)
_KINDS: Final = {
    "image": AttachmentKind.PICTURE,
    "audio": AttachmentKind.SPEECH,
    "video": AttachmentKind.SPEECH,
}
_SUFFIXES: Final = {
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/html": ".html",
    "text/csv": ".csv",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
WayOut = Callable[[], AbstractAsyncContextManager[Outbound]]


@dataclass(frozen=True, slots=True)
class Link:
    """Where a file is, and what it is said to be, or to be called."""

    url: str
    media_type: str
    called: str = ""

    @property
    def came(self) -> Sequence[str]:
        """As it is known again."""
        return self.url, self.media_type, *([self.called] if self.called else [])

    @property
    def is_data(self) -> bool:
        """Whether it came along, and is nowhere else."""
        return self.url[: len(_DATA)].lower() == _DATA

    def name(self, media_type: str = "") -> str:
        """What it is called there, so that it can be told what it is. `media_type`: as it came."""
        name = one_line(PurePath(self.called or self._path()).name, LONGEST_NAME) or "file"
        if PurePath(name).suffix.lower().removeprefix(".") in EXTENSIONS:
            return name
        return name + _SUFFIXES.get(self.media_type or media_type, "")

    def missing(self, why: NotRead) -> Attached:
        """In its place, where it could not be had."""
        kind = _KINDS.get(self.media_type.partition("/")[0], AttachmentKind.FILE)
        return Attached("", kind, self.name(), 0, why)

    def _path(self) -> str:
        try:
            return "" if self.is_data else unquote(urlsplit(self.url).path)
        except ValueError:  # no address at all
            return ""


def link_in(told: Any) -> Link | None:
    """What is named as `{url, mediaType}`; None: nothing."""
    url = told.get("url") if isinstance(told, dict) else None
    if not isinstance(url, str) or not 0 < len(url) <= LONGEST_URL or "\0" in url:
        return None
    kind = told.get("mediaType")
    return Link(url, _media_type(kind) if isinstance(kind, str) else "")


def data_link(url: str, called: str = "") -> Link:
    """A file that came along in a data: URL."""
    return Link(url, _media_type(url[len(_DATA) : _HEAD].partition(",")[0]), called)


def had(named: Sequence[Link | None]) -> Sequence[Link]:
    """What is had of all that is named."""
    return [*filter(None, named)][:MOST]


def left_out(
    named: Sequence[Link | None], attached: Sequence[Attached]
) -> Iterator[tuple[int, str]]:
    """What is not looked at of all that is named, by its place there, and why.

    `attached`: what became of those that were to be had.
    """
    left, number = iter(attached), 0
    for place, link in enumerate(named):
        if link is None:
            yield place, NOT_VALID
            continue
        number += 1
        got = next(left, None)
        if why := NotRead.TOO_MANY if number > MOST else got and got.why:
            yield place, why


def _media_type(told: str) -> str:
    kind = told.partition(";")[0].strip().lower()
    return kind if kind.isascii() else ""


@dataclass(frozen=True, slots=True)
class Fetching:
    """Has what programs name. `way_out`: opened for each message that names something."""

    uploads: Uploads
    way_out: WayOut
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    keys: WeakValueDictionary[int, asyncio.Semaphore] = field(default_factory=WeakValueDictionary)

    async def fetched(
        self, key: int, address: Address, links: Sequence[Link]
    ) -> Sequence[Attached]:
        """All of them; one that cannot be had keeps nothing else from being said.

        Raises ProblemDetails where nothing at all can be kept.
        """
        if not links:
            return ()
        if not self.uploads.outside.has_room():
            raise unavailable(60)
        async with self.way_out() as outbound:
            having = (self._had(outbound, key, address, one) for one in links)
            return await asyncio.gather(*having)

    async def _had(self, outbound: Outbound, key: int, address: Address, link: Link) -> Attached:
        have = self._taken if link.is_data else partial(self._fetched, outbound, key)
        try:
            having = have(address, link)
            return await Patience(self.uploads.outside.clock, SECONDS).of(having)
        except _Missing as error:
            why = error.why
        except Barring:
            why = NotRead.NOT_PUBLIC
        except (Unreached, NoReply, OutOfPatience, ProblemDetails):
            why = NotRead.FAILED
        self.uploads.outside.telemetry.record("file not fetched", why=why)
        return link.missing(why)

    async def _taken(self, address: Address, link: Link) -> Attached:
        content = _content(link.url)
        if not content:
            raise _Missing(NotRead.BROKEN)
        upload = await self.uploads.keep(_cut(content), address, len(content))
        return shown(upload, link.name())

    async def _fetched(
        self, outbound: Outbound, key: int, address: Address, link: Link
    ) -> Attached:
        of_key = self.keys.setdefault(key, asyncio.Semaphore(OF_A_KEY))
        arrives = outbound.fetch(link.url, seconds=SECONDS)
        async with of_key, self.places, arrives as arriving:
            return await self._kept(arriving, address, link)

    async def _kept(self, arriving: Arriving, address: Address, link: Link) -> Attached:
        if arriving.status != _OK:
            raise _Missing(NotRead.GONE if arriving.status in _GONE else NotRead.FAILED)
        size = LARGEST_BYTES if arriving.size is None else arriving.size
        if size > LARGEST_BYTES:
            raise _Missing(NotRead.TOO_LARGE)
        if not size:
            raise _Missing(NotRead.BROKEN)
        upload = await self.uploads.keep(_pieces(arriving), address, size)
        return shown(upload, link.name(arriving.kind))


class _Missing(Exception):
    """It is not there as it is wanted."""

    def __init__(self, why: NotRead) -> None:
        super().__init__(why)
        self.why = why


def _content(url: str) -> bytes:
    head, _, data = url.partition(",")
    content = unquote_to_bytes(data)
    try:
        return binascii.a2b_base64(content) if head.lower().endswith(";base64") else content
    except binascii.Error:
        raise _Missing(NotRead.BROKEN) from None


async def _cut(content: bytes) -> AsyncGenerator[bytes]:
    for start in range(0, len(content), PIECE_BYTES):
        yield content[start : start + PIECE_BYTES]


async def _pieces(arriving: Arriving) -> AsyncGenerator[bytes]:
    """As large as they are kept."""
    held, size = bytearray(), 0
    async with aclosing(arriving.content) as content:
        async for more in content:
            held += more
            size += len(more)
            if size > LARGEST_BYTES:
                raise _Missing(NotRead.TOO_LARGE)
            while len(held) >= PIECE_BYTES:
                yield bytes(held[:PIECE_BYTES])
                del held[:PIECE_BYTES]
    if held:
        yield bytes(held)
