"""What the model is told for one turn."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from itertools import chain, groupby
from typing import Final

from bot.core.attachments import AttachmentKind, told_of
from bot.core.labels import Label, label
from bot.ports import Channel, ClientMessage, File, Line, Speaker, Telemetry
from bot.turns.speech import mark_of
from db.records import Address, Message, Turn, UpdateKind
from db.transcript import Spoken
from tenants.profile import Profile
from tenants.prompt import render

_CORRECTION: Final = Label("correction of an earlier message")
_ELSEWHERE: Final = Label("what follows was said in the chat on the web site, by the same client")
_FROM_HERE: Final = Label("from here on in this chat")
_NO_FILES: Final[Mapping[str, File]] = {}
_SHOWN_EARLIER: Final = Label("looked at earlier, not shown here again")
_RECALLED: Final = 1_000  # characters of a file's text
_LAST_SECOND: Final = 253_402_300_799.0  # of the year 9999: a date is what an update says


@dataclass(frozen=True, slots=True)
class Brief:
    """One turn's words and instructions."""

    lines: tuple[Line, ...]
    heard: tuple[ClientMessage, ...]  # what the lines are made of
    instructions: str
    model: str
    effort: str
    cache_key: str
    safety_identifier: str
    told: tuple[Line, ...] = ()  # of the moment: see bot/turns/told

    @property
    def last(self) -> ClientMessage | None:
        """The last message; None: there is none to read."""
        return self.heard[-1] if self.heard else None


@dataclass(frozen=True, slots=True)
class Briefing:
    """Makes briefs. `model` and `effort` are the host's, where a profile names none."""

    channels: Mapping[str, Channel]
    model: str
    effort: str
    telemetry: Telemetry

    def make(self, turn: Turn, profile: Profile) -> Brief:
        """The brief for a turn's messages; one that cannot be read is left out and reported."""
        heard = self._read(turn.messages, turn.address)
        person = heard[-1].sender_id if heard else turn.address.chat_id
        return Brief(
            lines=tuple(self._lines(turn, heard)),
            heard=tuple(heard),
            instructions=render(profile),
            model=self.model_of(profile),
            effort=self.effort,
            cache_key=f"tenant-{turn.tenant}-{turn.pinned}-{turn.assistant}",
            # Who writes, for OpenAI's abuse checks, in a form that names nobody.
            safety_identifier=sha256(f"{turn.address.bot_id}:{person}".encode()).hexdigest(),
        )

    def again(
        self,
        turn: Turn,
        brief: Brief,
        heard: Sequence[ClientMessage],
        files: Mapping[str, File],
    ) -> Brief:
        """The same brief of the same messages, once it is known what came with them.

        `files`: what is shown to the model, by the message's id.
        """
        lines = tuple(self._lines(turn, heard, files))
        return replace(brief, heard=tuple(heard), lines=lines)

    def model_of(self, profile: Profile) -> str:
        """The model that answers for it."""
        return profile.model or self.model

    def _lines(
        self, turn: Turn, heard: Sequence[ClientMessage], files: Mapping[str, File] = _NO_FILES
    ) -> Iterator[Line]:
        """A line each; too many messages are one text, each under its date if it has one."""
        shown = [(files[one.message_id],) if one.message_id in files else () for one in heard]
        if not turn.gap:
            for message, its in zip(heard, shown, strict=True):
                yield replace(self._line(turn, message), files=its)
            return
        first = self._read(turn.messages[: turn.gap.after], turn.address)
        dates = {one.message_id: one.written_at for one in reversed(turn.messages)}
        dated = [(_date(dates.get(one.message_id)), one) for one in heard]
        texts = [self._line(turn, one, *date).text for date, one in dated]
        if turn.gap.left_out:
            texts.insert(len(first), str(Label(f"{turn.gap.left_out} messages left out here")))
        if heard:
            yield Line(Speaker.CLIENT, "\n".join(texts), tuple(chain.from_iterable(shown)))

    def _read(self, messages: Sequence[Message], address: Address) -> list[ClientMessage]:
        """The messages in order, each in its last edited form; that of an earlier one says so."""
        channel, corrections = self.channels[address.channel], set[str]()
        heard: dict[str, ClientMessage] = {}
        for message in messages:
            try:
                read = channel.read(message.payload, bot_id=address.bot_id)
            except ValueError:
                self.telemetry.warn("message unreadable", update=message.row)
                continue
            if message.kind is UpdateKind.EDIT and read.message_id not in heard:
                corrections.add(read.message_id)
            heard[read.message_id] = read
        return [_correction(one) if key in corrections else one for key, one in heard.items()]

    def recall(self, turn: Turn, spoken: Sequence[Spoken]) -> list[Line]:
        """What was said in the thread before a turn; what was answered together as in its turn.

        Where it goes on from another chat, that stands before what was said there.
        """
        lines: list[Line] = []
        last: Address | None = None
        readable = (one for one in spoken if self._is_readable(one))
        for (is_heard, elsewhere), together in groupby(readable, key=_place_of):
            if elsewhere != last:
                where, last = _ELSEWHERE if elsewhere else _FROM_HERE, elsewhere
                lines.append(Line(Speaker.DESK, str(where)))
            if is_heard:
                messages = [one.message for one in together if one.message]
                heard = map(_recalled, self._read(messages, elsewhere or turn.address))
                lines += [self._line(turn, one) for one in heard]
            else:
                texts = [(one.text or "").removeprefix(mark_of(turn.purpose)) for one in together]
                lines += [Line(Speaker.ASSISTANT, text) for text in texts]
        return lines if last is None else [*lines, Line(Speaker.DESK, str(_FROM_HERE))]

    def _is_readable(self, one: Spoken) -> bool:
        """Whether this process has the channel on which it was said."""
        return one.elsewhere is None or one.elsewhere.channel in self.channels

    def _is_private(self, turn: Turn) -> bool:
        return self.channels[turn.address.channel].is_private(turn.address)

    def _line(self, turn: Turn, message: ClientMessage, *labels: Label) -> Line:
        speaker = () if self._is_private(turn) else (Label("from", message.sender),)
        words = label((*labels, *speaker, *message.labels), message.text)
        return Line(Speaker.CLIENT, "\n".join(filter(None, (words, _made_of(message)))))


def _place_of(one: Spoken) -> tuple[bool, Address | None]:
    return one.message is not None, one.elsewhere


def _made_of(message: ClientMessage) -> str:
    if message.attachment is None or message.extract is None:
        return ""
    return told_of(message.attachment.kind, message.extract)


def _recalled(message: ClientMessage) -> ClientMessage:
    """As it is told a new conversation: what was heard whole, of a file the beginning."""
    attachment, made = message.attachment, message.extract
    if attachment is None or made is None or attachment.kind is AttachmentKind.SPEECH:
        return message
    if not made.text and not made.why:
        return replace(message, labels=(*message.labels, _SHOWN_EARLIER))
    return replace(message, extract=made.within(_RECALLED))


def _correction(message: ClientMessage) -> ClientMessage:
    return replace(message, labels=(_CORRECTION, *message.labels))


def _date(written_at: float | None) -> tuple[Label, ...]:
    """Nothing where the channel does not date its messages."""
    if written_at is None:
        return ()
    seconds = min(max(written_at, 0.0), _LAST_SECOND)
    return (Label(f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M}"),)
