"""What clients sent beside words, fetched when their turn runs: looked at, heard or read.

What was heard or read is kept with the message before the model is asked, so that it is paid for
once, and a turn that is taken over says the same. The content itself is gone with the turn.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Final

from bot.core.attachments import (
    LARGEST_BYTES,
    LARGEST_PICTURE_BYTES,
    LONGEST_SPEECH_SECONDS,
    LONGEST_TEXT,
    LONGEST_TEXTS,
    MOST,
    Attachment,
    AttachmentKind,
    Extract,
    NotRead,
)
from bot.core.signatures import is_pdf, picture_type, speech_name
from bot.core.waits import Retry
from bot.errors import GiveUp, RetryLater, SportelloError, TooMuch, cause_of
from bot.files import (
    EncryptedFile,
    FileError,
    Reader,
    ReadText,
    TextMissing,
    TextTooLong,
    TooLarge,
    TooSlow,
    Unsupported,
)
from bot.ports import Channel, ClientMessage, Clock, File, Model, Telemetry
from bot.turns.brief import Brief, Briefing
from bot.turns.hosts import Hosts
from bot.turns.patience import Patience
from db.journal import Journal
from db.operations import KeepExtracts
from db.records import Turn
from tenants.profile import Profile

AT_ONCE: Final = 8  # fetches of this process
OF_ONE_TURN: Final = 2  # ... that one turn takes up: a flood from one client holds up no other
TRIES: Final = Retry(attempts=2)
_HEAD: Final = 1024  # bytes that tell what it is
_READ_CHARACTERS: Final = 2_000_000  # that a file may have for its beginning to be read

_WHY: Final[Mapping[type[FileError], NotRead]] = {
    Unsupported: NotRead.UNSUPPORTED,
    TooLarge: NotRead.TOO_LARGE,
    TextTooLong: NotRead.TOO_LARGE,
    TooSlow: NotRead.TOO_LARGE,
    EncryptedFile: NotRead.LOCKED,
    TextMissing: NotRead.NO_TEXT,
}


class _Failed(Exception):
    """Nothing can be made of it."""

    def __init__(self, why: NotRead) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class _Got:
    """What one attachment gave."""

    extract: Extract
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Attachments:
    """Fetches what came with a turn's messages, and makes of it what the model can take."""

    channels: Mapping[str, Channel]
    model: Model
    journal: Journal
    clock: Clock
    briefing: Briefing
    hosts: Hosts
    telemetry: Telemetry
    read_text: ReadText = field(default_factory=Reader)
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def understood(
        self, turn: Turn, profile: Profile, brief: Brief, patience: Patience
    ) -> Brief:
        """The brief with what was sent beside its words. Raises OutOfPatience and Stale."""
        if not any(one.attachment for one in brief.heard):
            return brief
        share = _Share(self, turn, profile)
        got = _bounded(await patience.of(share.all_of(brief.heard)))
        await self._keep(turn, brief.heard, got)
        heard = [
            replace(one, extract=got[one.message_id].extract) if one.message_id in got else one
            for one in brief.heard
        ]
        files = {message_id: one.file for message_id, one in got.items() if one.file}
        return self.briefing.again(turn, brief, heard, files)

    async def _keep(
        self, turn: Turn, heard: Sequence[ClientMessage], got: Mapping[str, _Got]
    ) -> None:
        channel = self.channels[turn.address.channel]
        stored = {one.message_id: one for one in turn.messages}
        payloads = {
            stored[one.message_id].row: channel.keep(
                stored[one.message_id].payload, got[one.message_id].extract
            )
            for one in heard
            if one.message_id in got and got[one.message_id].extract != one.extract
        }
        if payloads:
            await self.journal.do(KeepExtracts(turn.fence, payloads))


@dataclass(frozen=True, slots=True)
class _Share:
    """The attachments of one turn."""

    all: Attachments
    turn: Turn
    profile: Profile

    async def all_of(self, heard: Sequence[ClientMessage]) -> dict[str, _Got]:
        """What each of them gives, by its message's id."""
        places = asyncio.Semaphore(OF_ONE_TURN)
        attached = [(one, one.attachment) for one in heard if one.attachment]
        taken = attached[:MOST]
        got = await asyncio.gather(
            *(self._get(attachment, one.extract, places) for one, attachment in taken)
        )
        found = {one.message_id: each for (one, _), each in zip(taken, got, strict=True)}
        too_many = _Got(Extract(why=NotRead.TOO_MANY))
        return {**found, **{one.message_id: too_many for one, _ in attached[MOST:]}}

    async def _get(
        self, attachment: Attachment, known: Extract | None, places: asyncio.Semaphore
    ) -> _Got:
        """What it gives, or gave earlier."""
        if known and (known.text or known.why):
            return _Got(known)
        try:
            _admit(attachment)
            async with places, self.all.places:
                return await self._fetched(attachment)
        except _Failed as error:
            self.all.telemetry.record("attachment not read", why=error.why)
            # A turn that was taken over says the same of what could be looked at before.
            return _Got(known or Extract(why=error.why))

    async def _fetched(self, attachment: Attachment) -> _Got:
        content = await self._content(attachment)
        if attachment.kind is AttachmentKind.SPEECH:
            return await self._heard(content)
        if media_type := picture_type(content[:_HEAD]):
            return _looked_at(media_type, content)
        if attachment.kind is AttachmentKind.PICTURE:
            raise _Failed(NotRead.UNSUPPORTED)
        return await self._read(attachment.name, content)

    async def _content(self, attachment: Attachment) -> bytes:
        channel = self.all.channels[self.turn.address.channel]
        attempt = 0
        while True:
            try:
                return await channel.fetch(
                    attachment, bot_id=self.turn.address.bot_id, max_bytes=LARGEST_BYTES
                )
            except TooMuch:
                raise _Failed(NotRead.TOO_LARGE) from None
            except RetryLater as error:
                await self._rest(error, attempt)
            except GiveUp as error:
                self.all.telemetry.record("attachment gone", cause=cause_of(error))
                raise _Failed(NotRead.GONE) from None
            attempt += 1

    async def _heard(self, speech: bytes) -> _Got:
        name = speech_name(speech[:_HEAD])
        if name is None:
            raise _Failed(NotRead.UNSUPPORTED)
        keywords = [one for one in (self.profile.company_name, self.profile.assistant_name) if one]
        attempt = 0
        while True:
            try:
                text = await self.all.model.transcribe(name, speech, keywords=keywords)
                return _Got(Extract(text) if text.strip() else Extract(why=NotRead.SILENT))
            except RetryLater as error:
                await self._rest(error, attempt)
            except SportelloError as error:
                await self._report(error)
                raise _Failed(NotRead.FAILED) from None
            attempt += 1

    async def _read(self, name: str, data: bytes) -> _Got:
        try:
            text = await self.all.read_text(name, data, max_characters=_READ_CHARACTERS)
        except TextMissing:
            if is_pdf(data[:_HEAD]) and len(data) <= LARGEST_PICTURE_BYTES:  # a scan
                return _Got(Extract(), File(_pdf_name(name), "application/pdf", data))
            raise _Failed(NotRead.NO_TEXT) from None
        except FileError as error:
            raise _Failed(_WHY.get(type(error), NotRead.BROKEN)) from None
        return _Got(Extract(text[:LONGEST_TEXT], whole=len(text) <= LONGEST_TEXT))

    async def _rest(self, error: RetryLater, attempt: int) -> None:
        delay = TRIES.delay(attempt, at_least=error.after)
        if delay is None:
            await self._report(error)
            raise _Failed(NotRead.FAILED) from None
        await self.all.clock.sleep(delay)

    async def _report(self, error: SportelloError) -> None:
        self.all.telemetry.warn("attachment failed", cause=cause_of(error))
        if error.trouble:
            model = self.all.briefing.model_of(self.profile)
            await self.all.hosts.tell_of(error.trouble, self.turn.address.bot_id, model=model)


def _admit(attachment: Attachment) -> None:
    """What is too much by what is said of it is not fetched at all."""
    if (attachment.seconds or 0) > LONGEST_SPEECH_SECONDS:
        raise _Failed(NotRead.TOO_LONG)
    if (attachment.size or 0) > LARGEST_BYTES:
        raise _Failed(NotRead.TOO_LARGE)


def _looked_at(media_type: str, data: bytes) -> _Got:
    if len(data) > LARGEST_PICTURE_BYTES:
        raise _Failed(NotRead.TOO_LARGE)
    extension = media_type.partition("/")[2]
    return _Got(Extract(), File(f"picture.{extension}", media_type, data))


def _pdf_name(name: str) -> str:
    """What the model's server takes for a PDF by its name."""
    return f"{PurePath(name).stem or 'file'}.pdf"


def _bounded(got: Mapping[str, _Got]) -> dict[str, _Got]:
    """The texts shortened where all of them together are too long."""
    left, bounded = LONGEST_TEXTS, dict[str, _Got]()
    for message_id, one in got.items():
        extract = one.extract
        if len(extract.text) > left:
            extract = replace(extract, text=extract.text[:left], whole=False)
        left -= len(extract.text)
        bounded[message_id] = replace(one, extract=extract)
    return bounded
