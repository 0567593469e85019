"""What clients sent beside words, fetched when their turn runs: looked at, heard or read.

What was heard or read is kept with the message before the model is asked, so that it is paid for
once, and a turn that is taken over says the same. The content itself is gone with the turn.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import starmap
from pathlib import PurePath
from typing import Final

from bot.core.attachments import (
    LARGEST_BYTES,
    LARGEST_FILES_BYTES,
    LARGEST_PICTURE_BYTES,
    LONGEST_SPEECH_SECONDS,
    LONGEST_TEXT,
    LONGEST_TEXTS,
    MOST,
    Attachment,
    AttachmentKind,
    Extract,
    NotRead,
    told_of,
)
from bot.core.labels import label
from bot.core.recordings import seconds_of
from bot.core.signatures import is_pdf, picture_type, speech_name
from bot.core.texts import Text
from bot.core.tokens import hidden
from bot.core.waits import Retry
from bot.errors import (
    GiveUp,
    OutOfPatience,
    RetryLater,
    SportelloError,
    TooMuch,
    Trouble,
    cause_of,
)
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
from bot.ports import Channel, ClientMessage, Clock, File, Line, Model, Speaker, Telemetry
from bot.turns.brief import Brief, Briefing
from bot.turns.budget import day, days
from bot.turns.hosts import Hosts
from bot.turns.patience import Patience
from bot.turns.places import Places
from bot.turns.redact import Redaction
from db.journal import Journal
from db.operations import KeepExtracts
from db.records import Turn
from db.versions import CountTokens
from tenants.profile import Profile
from tenants.values import Scans

TRIES: Final = Retry(attempts=2)
LONGEST_REST_SECONDS: Final = 20.0  # before another try: nobody waits for more
# Of a recording, as they count in a day: what it costs would buy about as many.
TOKENS_A_SECOND: Final = 50
_FULL_SECONDS: Final = 5.0  # until another turn may be over
_HEAD: Final = 1024  # bytes that tell what it is
_READ_CHARACTERS: Final = 2_000_000  # that a file may have for its beginning to be read
_LATE: Final = Extract(why=NotRead.FAILED)
_LONGEST_TOKEN: Final = 200  # characters, wrapped
# What else the model is asked with, so that the next question fails as well.
_OF_THE_ACCOUNT: Final = frozenset(
    {Trouble.OUT_OF_CREDIT, Trouble.KEY_REFUSED, Trouble.COUNTRY, Trouble.UNREACHABLE}
)

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
    lost: NotRead | None = None  # why it is not shown, though it was shown before


@dataclass(frozen=True, slots=True)
class Attachments:
    """Fetches what came with a turn's messages, and makes of it what the model can take."""

    channels: Mapping[str, Channel]
    model: Model
    journal: Journal
    clock: Clock
    briefing: Briefing
    hosts: Hosts
    redaction: Redaction
    telemetry: Telemetry
    patience_seconds: float  # of one turn: what is not there by then is told as not got
    read_text: ReadText = field(default_factory=Reader)
    places: Places = field(default_factory=Places)

    async def understood(self, turn: Turn, profile: Profile, brief: Brief) -> Brief:
        """The brief with what was sent beside its words. Raises Stale."""
        if not any(one.attachment for one in brief.heard):
            return brief
        got = _bounded(await _Share(self, turn, profile).all_of(brief.heard))
        got |= await self._keep(turn, brief.heard, got)
        heard = [
            replace(one, extract=got[one.message_id].extract) if one.message_id in got else one
            for one in brief.heard
        ]
        files = {message_id: one.file for message_id, one in got.items() if one.file}
        if files and not self.model.looks(brief.model):
            key = f"blind {brief.model} {day(self.clock.now())}"
            bot_id = turn.address.bot_id
            await self.hosts.tell(Text.HOST_BLIND, bot_id, key=key, model=brief.model)
        # Beside the lines, which say the same as before: by them an answer is found again.
        lost = tuple(line for line in _lost(heard, got) if line not in brief.told)
        brief = replace(brief, told=(*brief.told, *lost))
        return self.briefing.again(turn, brief, heard, files)

    async def _keep(
        self, turn: Turn, heard: Sequence[ClientMessage], got: Mapping[str, _Got]
    ) -> dict[str, _Got]:
        """Those that were heard, as they may be kept: what is said aloud may be a secret too."""
        channel, bot_id = self.channels[turn.address.channel], turn.address.bot_id
        stored = {one.message_id: one for one in turn.messages}
        payloads, redacted = dict[int, str](), dict[str, _Got]()
        for one in heard:
            its = got.get(one.message_id)
            if its is None or its.extract == one.extract:
                continue
            message = stored[one.message_id]
            kept = channel.keep(message.payload, its.extract)
            if one.attachment and one.attachment.kind is AttachmentKind.SPEECH:
                kept = await self.redaction.rest(turn.address, kept)
                extract = channel.read(kept, bot_id=bot_id).extract
                redacted[one.message_id] = replace(its, extract=extract or its.extract)
            payloads[message.row] = kept
        if payloads:
            await self.journal.do(KeepExtracts(turn.fence, payloads))
        return redacted


@dataclass(frozen=True, slots=True)
class _Share:
    """The attachments of one turn."""

    all: Attachments
    turn: Turn
    profile: Profile

    async def all_of(self, heard: Sequence[ClientMessage]) -> dict[str, _Got]:
        """What each of them gives, by its message's id."""
        attached = [(one, one.attachment) for one in heard if one.attachment]
        got = {one.message_id: _Got(Extract(why=NotRead.TOO_MANY)) for one, _ in attached}
        taken = attached[:MOST]
        for one, _ in taken:
            known = one.extract
            got[one.message_id] = _Got(known, lost=_LATE.why) if known else _Got(_LATE)

        async def get(one: ClientMessage, attachment: Attachment) -> None:
            got[one.message_id] = await self._get(attachment, one.extract)

        patience = Patience(self.all.clock, self.all.patience_seconds)
        try:
            await patience.of(asyncio.gather(*starmap(get, taken)))
        except OutOfPatience:
            self.all.telemetry.warn("attachments late", turn=self.turn.fence.turn)
        return got

    async def _get(self, attachment: Attachment, known: Extract | None) -> _Got:
        """What it gives, or gave earlier."""
        if known and (known.text or known.why):
            return _Got(known)
        try:
            _admit(attachment)
            return await self._fetched(attachment)
        except _Failed as error:
            self.all.telemetry.record("attachment not read", why=error.why)
            # A turn that was taken over says the same of what could be looked at before.
            return _Got(known, lost=error.why) if known else _Got(Extract(why=error.why))

    async def _fetched(self, attachment: Attachment) -> _Got:
        """Try again where that may help; nothing is held meanwhile."""
        is_large, attempt = (attachment.size or 0) > LARGEST_PICTURE_BYTES, 0
        while True:
            try:
                async with self.all.places.taken(self.turn.address, is_large=is_large):
                    return await self._made_of(attachment, is_large=is_large)
            except TooMuch:
                if is_large or attachment.kind is AttachmentKind.PICTURE:
                    raise _Failed(NotRead.TOO_LARGE) from None
                is_large = True
            except RetryLater as error:
                await self._rest(error, attempt)
                attempt += 1

    async def _made_of(self, attachment: Attachment, *, is_large: bool) -> _Got:
        if self.all.places.are_full and attachment.kind is not AttachmentKind.SPEECH:
            raise RetryLater(_FULL_SECONDS, "too much is kept for the model")
        content = await self._content(attachment, is_large=is_large)
        if attachment.kind is AttachmentKind.SPEECH:
            return await self._heard(content)
        if media_type := picture_type(content[:_HEAD]):
            return self._looked_at(media_type, content)
        if attachment.kind is AttachmentKind.PICTURE:
            raise _Failed(NotRead.UNSUPPORTED)
        return await self._read(attachment.name, content)

    def _looked_at(self, media_type: str, data: bytes) -> _Got:
        if len(data) > LARGEST_PICTURE_BYTES:
            raise _Failed(NotRead.TOO_LARGE)
        extension = media_type.partition("/")[2]
        return self._shown(File(f"picture.{extension}", media_type, data))

    def _shown(self, file: File) -> _Got:
        return _Got(Extract(), self.all.places.keep(file))

    async def _content(self, attachment: Attachment, *, is_large: bool) -> bytes:
        address = self.turn.address
        most = LARGEST_BYTES if is_large else LARGEST_PICTURE_BYTES
        try:
            channel = self.all.channels[address.channel]
            return await channel.fetch(attachment, bot_id=address.bot_id, max_bytes=most)
        except TooMuch:
            raise
        except GiveUp as error:
            self.all.telemetry.record("attachment gone", cause=cause_of(error))
            raise _Failed(NotRead.GONE) from None

    async def _heard(self, speech: bytes) -> _Got:
        name = speech_name(speech[:_HEAD])
        if name is None:
            raise _Failed(NotRead.UNSUPPORTED)
        seconds = seconds_of(speech)
        if (seconds or 0) >= LONGEST_SPEECH_SECONDS + 1:  # clients say whole seconds
            raise _Failed(NotRead.TOO_LONG)
        keywords = [one for one in (self.profile.company_name, self.profile.assistant_name) if one]
        try:
            heard = await self.all.model.transcribe(name, speech, keywords=keywords)
        except RetryLater:
            raise
        except SportelloError as error:
            await self._report(error)
            raise _Failed(NotRead.FAILED) from None
        used = heard.tokens or round((heard.seconds or seconds or 0) * TOKENS_A_SECOND)
        await self.all.journal.do(CountTokens(days(self.all.clock.now()), used))
        text = heard.text
        return _Got(_extract(text) if text.strip() else Extract(why=NotRead.SILENT))

    async def _read(self, name: str, data: bytes) -> _Got:
        try:
            text = await self.all.read_text(name, data, max_characters=_READ_CHARACTERS)
        except TextMissing:
            return self._scanned(name, data)
        except FileError as error:
            raise _Failed(_WHY.get(type(error), NotRead.BROKEN)) from None
        return _Got(_extract(text))

    def _scanned(self, name: str, data: bytes) -> _Got:
        """A file without text, of whose pages the model may be shown pictures."""
        if not is_pdf(data[:_HEAD]) or self.profile.scans is not Scans.READ:
            raise _Failed(NotRead.NO_TEXT)
        if len(data) > LARGEST_PICTURE_BYTES:
            raise _Failed(NotRead.TOO_LARGE)
        return self._shown(File(_pdf_name(name), "application/pdf", data))

    async def _rest(self, error: RetryLater, attempt: int) -> None:
        delay = TRIES.delay(attempt, at_least=error.after)
        if delay is None or delay > LONGEST_REST_SECONDS:
            await self._report(error)
            raise _Failed(NotRead.FAILED) from None
        await self.all.clock.sleep(delay)

    async def _report(self, error: SportelloError) -> None:
        hosts, bot_id = self.all.hosts, self.turn.address.bot_id
        self.all.telemetry.warn("attachment failed", cause=cause_of(error))
        if error.trouble in _OF_THE_ACCOUNT:
            model = self.all.briefing.model_of(self.profile)
            await hosts.tell_of(error.trouble, bot_id, model=model)
        elif error.trouble:
            key = f"deaf {day(self.all.clock.now())}"
            await hosts.tell(Text.HOST_DEAF, bot_id, key=key, cause=str(error.why))


def _extract(text: str) -> Extract:
    """Its beginning, without what opens a bot, an account or a role."""
    beginning = hidden(text[: LONGEST_TEXT + _LONGEST_TOKEN])
    return Extract(beginning).within(LONGEST_TEXT)


def _lost(heard: Sequence[ClientMessage], got: Mapping[str, _Got]) -> Iterator[Line]:
    """What the model cannot look at any more, though its line says nothing of that."""
    for one in heard:
        its = got.get(one.message_id)
        if one.attachment and its and its.lost and its.extract == Extract():
            why = told_of(one.attachment.kind, Extract(why=its.lost))
            yield Line(Speaker.DESK, "\n".join(filter(None, (label(one.labels, ""), why))))


def _admit(attachment: Attachment) -> None:
    """What is too much by what is said of it is not fetched at all."""
    if (attachment.seconds or 0) > LONGEST_SPEECH_SECONDS:
        raise _Failed(NotRead.TOO_LONG)
    if (attachment.size or 0) > LARGEST_BYTES:
        raise _Failed(NotRead.TOO_LARGE)


def _pdf_name(name: str) -> str:
    """What the model's server takes for a PDF by its name."""
    return f"{PurePath(name).stem or 'file'}.pdf"


def _bounded(got: Mapping[str, _Got]) -> dict[str, _Got]:
    """As much as one question may hold: the texts shortened, and what is left over named."""
    characters, room, bounded = LONGEST_TEXTS, LARGEST_FILES_BYTES, dict[str, _Got]()
    for message_id, one in got.items():
        extract, size = one.extract, len(one.file.content) if one.file else 0
        if size > room or (extract.text and not characters):
            bounded[message_id] = _Got(Extract(why=NotRead.TOO_MANY))
            continue
        extract = extract.within(characters)
        characters, room = characters - len(extract.text), room - size
        bounded[message_id] = replace(one, extract=extract)
    return bounded
