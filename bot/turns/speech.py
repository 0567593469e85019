"""A turn's reply as it becomes messages: which bubbles are written down, which are new."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.ports import Answer, Channel, Rendered
from bot.turns.keys import Offered, answer_keys, can_tap
from bot.turns.lane import Lane
from bot.turns.lanes import Lanes
from bot.turns.links import Links
from db.records import Draft, OutboxKind, Purpose

PREVIEW_MARK = "👁 "  # before each bubble of a preview: it is not the published assistant's


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a reply is said in one turn; its first message always is."""

    bubbles: int
    characters: int

    def admit(self, texts: Sequence[str], text: str) -> bool:
        """Whether one more message may follow those of the turn."""
        if not texts:
            return True
        size = sum(map(len, texts)) + len(text)
        return len(texts) < self.bubbles and size <= self.characters


@dataclass(slots=True)
class Speech:
    """Says each bubble once, though an answer may be heard again after a crash or a cut stream.

    What is beyond the limits is not said, nor is a bubble that repeats the one before it.
    """

    lanes: Lanes
    lane: Lane
    channel: Channel
    turn: int
    reply_to: str | None  # the message that the first bubble refers to
    texts: list[str]  # the messages of this turn that have a row, or will with the next commit
    limits: Limits
    mark: str = ""  # stands before each bubble, and before nothing that the model is told
    offers: bool = False  # whether short answers to tap are shown
    keys: str | None = None  # what stands under the last message of the reply
    links: Links | None = None  # those of the model that a client may be sent
    full: bool = False  # something was beyond the limits; nothing of the turn is said after it
    _before: str | None = None  # the bubble before the next one of the present answer
    _closed: int = 0  # bubbles heard of the present answer
    _skip: int = 0  # messages of the present answer that are written already

    @property
    def written(self) -> int:
        """How many messages the reply has so far."""
        return len(self.texts)

    @property
    def heard(self) -> tuple[str, ...]:
        """The reply so far as the model said it."""
        return tuple(text.removeprefix(self.mark) for text in self.texts)

    def hear_again(self, start: int) -> None:
        """An answer whose first message is the turn's number `start` follows from its beginning."""
        self._closed, self._skip = 0, max(0, self.written - start)
        self._before = None

    async def go_on(self) -> None:
        """Another answer follows, which continues what was said: so that has its rows first."""
        self._closed, self._skip = 0, 0
        self._before = None
        self.lanes.expect(self.lane)
        await self.lanes.record(self.lane)

    async def next(self, bubble: str) -> None:
        """One more bubble of the present answer."""
        repeated, self._before = bubble == self._before, bubble
        self._closed += 1
        if self.full or self.lane.stopped or repeated:
            return
        pieces = await self._render(bubble)
        new = pieces[self._skip :]
        self._skip = max(0, self._skip - len(pieces))
        start = self.written
        for piece in new:
            self.full = self.full or not self.limits.admit(self.texts, piece.text)
            if not self.full:
                self.texts.append(piece.text)
        self._say(new[: self.written - start], start)

    async def rest(self, bubbles: Sequence[str]) -> None:
        """The whole present answer: say what was not heard yet."""
        for bubble in bubbles[self._closed :]:
            await self.next(bubble)

    async def end(self, answer: Answer) -> None:
        """The present answer is over: say what was not heard yet, and offer its short answers.

        Where the end of a reply is not said, nothing is offered; nor ever a link that is not sent:
        tapped, it would be the client's.
        """
        await self.rest(answer.bubbles)
        short, links = answer.stated.buttons, self.links
        if not (short and self.offers and can_tap(self.channel, self.lane.address)):
            return
        offered = [one for one in short if not links or await links.sift(one) == one]
        rows = answer_keys(self.turn, offered)
        if rows and self.written and not self.full and not self.lane.stopped:
            self.keys = self.channel.keys(rows)
            self.lane.offer(Offered(self.written - 1, self.keys))

    async def ask(self, question: str, answers: Sequence[str]) -> None:
        """One more bubble, with keys for its answers if there are any here.

        However long the reply is, it is ours.
        """
        if self.lane.stopped:
            return
        start = self.written
        new = [one for one in await self._render(question) if one.text not in self.texts]
        self.texts += [one.text for one in new]
        self._say(new, start)
        if can_tap(self.channel, self.lane.address):
            self.keys = self.channel.keys(answer_keys(self.turn, answers))
            self.lane.offer(Offered(self.written - 1, self.keys))

    async def _render(self, bubble: str) -> Sequence[Rendered]:
        text = await self.links.sift(bubble) if self.links else bubble
        return self.channel.render(text, mark=self.mark)

    def _say(self, pieces: Sequence[Rendered], start: int) -> None:
        """Messages of the reply, the first of them its number `start`."""
        if said := drafts(OutboxKind.REPLY, pieces, start=start):
            if not start:
                said = (replace(said[0], reply_to=self.reply_to), *said[1:])
            self.lanes.say(self.lane, said)

    def aside(self, kind: OutboxKind, text: str) -> None:
        """Something that is no part of the model's reply."""
        self.lanes.say(self.lane, drafts(kind, self.channel.render(text, mark=self.mark)))


def mark_of(purpose: Purpose) -> str:
    """What stands before each bubble of a thread."""
    return PREVIEW_MARK if purpose is Purpose.PREVIEW else ""


def drafts(kind: OutboxKind, pieces: Iterable[Rendered], *, start: int = 0) -> tuple[Draft, ...]:
    """Rendered texts as drafts in a row."""
    return tuple(
        Draft(kind, position, piece.text, piece.entities)
        for position, piece in enumerate(pieces, start)
    )
