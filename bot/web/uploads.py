"""What visitors and programs send beside words: taken piece by piece, and named by a message."""

import asyncio
import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from bot.core.attachments import LARGEST_BYTES, AttachmentKind
from bot.turns.engine import Outside
from bot.web.attached import HEAD, Attached, kind_by
from bot.web.bodies import SentFile
from bot.web.bounds import Bound, Bounds
from bot.web.problems import QUOTA, ProblemDetails, not_found, unavailable
from bot.web.senders import Sender, Senders
from bot.web.shapes import moment
from bot.web.visitors import Gate, Program, SiteVisitor
from db.api_keys import Scope
from db.limits import Quota, Spend
from db.records import Address
from db.seconds import DAY_SECONDS
from db.uploads import UNNAMED_SECONDS, KeepPiece, Upload, unnamed_uploads

PIECE_BYTES: Final = 256 * 1024  # of a commit; all others wait for it
IN_A_MINUTE: Final = 60  # of one visitor, and
OF_A_KEY: Final = 600  # of all clients of a company's program
MEGABYTE: Final = 1024**2


@dataclass(frozen=True, slots=True)
class UploadLimits:
    """Within a day: of one chat, and of all chats of a site or of a company's programs."""

    chat_megabytes: int = 100
    site_megabytes: int = 1_000


@dataclass(frozen=True, slots=True)
class Uploads:
    """`writing`: one piece is written at a time, so that no commit has two."""

    gate: Gate
    asks: Bounds
    outside: Outside
    limits: UploadLimits
    under_way: Senders = field(default_factory=Senders)
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def take(self, request: Request) -> Response:
        """`POST /v1/chats/{chat}/files`: a file as it is, whatever it is said to be."""
        who = await self.gate.asking(request)
        address = self.gate.place_of(who, request.path_params["chat"], Scope.CHAT)
        size = _declared(request)
        if not self.outside.has_room():
            raise unavailable(60)
        place = self.gate.peer(request)
        with self.under_way.one(who, place) as sender:
            headers = await self.asks.take(_bounds(who, place))
            upload = await self.keep(pieces(request, sender), address, size)
        told = {
            "file": upload.token,
            "kind": shown(upload).sent,
            "size": upload.size,
            "until": moment(self.outside.clock.now() + UNNAMED_SECONDS),
        }
        return JSONResponse(told, 201, dict(headers))

    async def named(self, address: Address, files: Sequence[SentFile]) -> Sequence[Attached]:
        """Those that a message names. Raises ProblemDetails where one is not there."""
        if not files:
            return ()
        found = await self.outside.database.read(
            unnamed_uploads, address, [one.file for one in files]
        )
        if any(one.file not in found for one in files):
            raise ProblemDetails(422, "file-gone", "A file is not there any more: send it again.")
        return [shown(found[one.file], one.name) for one in files]

    async def keep(self, coming: AsyncGenerator[bytes], address: Address, at_most: int) -> Upload:
        """A file, piece by piece: of what is counted of the day, the rest is given back.

        Raises ProblemDetails, and what `coming` does.
        """
        await self._spend(address, at_most)
        token, upload = f"f_{secrets.token_urlsafe(16)}", None
        size = number = 0
        try:
            async with aclosing(coming) as pieces:
                piece = await anext(pieces, b"")
                while piece:
                    following = await anext(pieces, b"")
                    size += len(piece)
                    kind = upload.kind if upload else kind_by(piece[:HEAD])
                    upload = Upload(address, token, kind, size)
                    await self._write(upload, number, piece, is_last=not following)
                    piece, number = following, number + 1
        finally:
            if size < at_most:  # it did not come, and is nothing of the day's
                await self._spend(address, size - at_most)
        if upload is None:
            raise ProblemDetails(400, "not-valid", "The file is empty.")
        return upload

    async def _write(self, upload: Upload, number: int, piece: bytes, *, is_last: bool) -> None:
        keep = KeepPiece(upload, number, piece, is_last, self.outside.clock.now())
        async with self.writing:
            if not await self.outside.journal.do(keep):
                raise not_found()  # the chat was forgotten meanwhile

    async def _spend(self, address: Address, size: int) -> None:
        """So many bytes of what may come within a day."""
        site = str(address.bot_id)
        quotas = [
            Quota(
                self.asks.hashed("chat-bytes", f"{site}/{address.chat_id}"),
                self.limits.chat_megabytes * MEGABYTE,
                DAY_SECONDS,
                size,
            ),
            Quota(
                self.asks.hashed("site-bytes", site),
                self.limits.site_megabytes * MEGABYTE,
                DAY_SECONDS,
                size,
            ),
        ]
        spent = await self.outside.journal.do(Spend(quotas, self.outside.clock.now()))
        if spent.wait > 0:
            title = "Too much was sent within a day."
            raise ProblemDetails(429, QUOTA, title, {"Retry-After": str(ceil(spent.wait))})


def _bounds(who: SiteVisitor | Program, place: str) -> Sequence[Bound]:
    if isinstance(who, Program):
        return (Bound("files", f"key/{who.key.id}", OF_A_KEY),)
    return Bound("files", who.session.chat, IN_A_MINUTE), Bound("address-files", place, OF_A_KEY)


def _declared(request: Request) -> int:
    """How large it is: the server below takes no more than is declared."""
    told = request.headers.get("content-length", "")
    if not told.isdecimal():
        raise ProblemDetails(411, "length-required", "Say how large the file is.")
    if not (size := int(told)):
        raise ProblemDetails(400, "not-valid", "The file is empty.")
    if size > LARGEST_BYTES:
        title = f"A file is at most {LARGEST_BYTES // 1024**2} MB."
        raise ProblemDetails(413, "too-large", title)
    return size


async def pieces(request: Request, sender: Sender) -> AsyncGenerator[bytes]:
    """The body, in pieces of one size but for the last. Raises ProblemDetails."""
    held = bytearray()
    try:
        async with aclosing(request.stream()) as stream:
            while True:
                async with sender.awaiting():
                    while (
                        len(held) < PIECE_BYTES and (more := await anext(stream, None)) is not None
                    ):
                        held += more
                if not held:
                    return
                yield bytes(held[:PIECE_BYTES])
                del held[:PIECE_BYTES]
    except TimeoutError:
        raise ProblemDetails(408, "too-slow", "The body took too long.") from None
    except ClientDisconnect:
        raise ProblemDetails(400, "cut", "The body was cut.") from None


def shown(upload: Upload, name: str = "") -> Attached:
    """As it stands in a letter."""
    return Attached(upload.token, AttachmentKind(upload.kind), name, upload.size)
