"""Getting a turn's answer from the model, over cut streams, crashes and lost conversations."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from bot.core.retry import MODEL
from bot.errors import (
    CallUnanswered,
    ContextOverflow,
    ConversationGone,
    GiveUp,
    InDoubt,
    NoStream,
    OutOfCredit,
    OutOfPatience,
    RetryLater,
    SportelloError,
)
from bot.ports import (
    Answer,
    Began,
    BubbleClosed,
    Clock,
    Item,
    Line,
    Model,
    ModelEvent,
    Outcome,
    Question,
    Role,
    Speaking,
    Telemetry,
    Usage,
)
from bot.turns.brief import Brief
from bot.turns.lease import Lease
from bot.turns.patience import Patience, PatientModel
from bot.turns.speech import Speech
from db.journal import Journal
from db.operations import Began as StoreBegan
from db.operations import SetConversation
from db.records import Turn
from db.transcript import SEEDED

RUNNING_SECONDS = 30.0
ERASED_AFTER_SECONDS = 3600.0
RECOVERIES = 6
STRAYS = 2  # answers that were no stream at all: a third would hardly be one
CONTINUE = (
    "The connection broke while you were answering. The client has already received the bubbles"
    " above. Go on from there: do not greet again and do not repeat them."
)
SPEAK = "The client sees no commentary and has received nothing yet. Give the final answer now."


History = Callable[[Turn, int], Awaitable[Sequence[Line]]]


@dataclass(frozen=True, slots=True)
class Answering:
    """What an answer needs besides its turn."""

    model: Model
    journal: Journal
    clock: Clock
    lease: Lease
    telemetry: Telemetry
    history: History
    running_seconds: float = RUNNING_SECONDS  # for an answer that goes on without us

    async def answer(self, turn: Turn, brief: Brief, speech: Speech, patience: Patience) -> "Heard":
        """Say the whole answer.

        Raises GiveUp, RetryLater or OutOfPatience when there is none to be had.
        """
        model = PatientModel(self.model, patience)
        return await _Attempts(self, turn, brief, speech, patience, model, brief.lines).run()


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer, and when its first text came."""

    answer: Answer
    first_delta_at: float | None


@dataclass(slots=True)
class _Attempts:
    """The tries of one turn, and what they know of each other."""

    tools: Answering
    turn: Turn
    brief: Brief
    speech: Speech
    patience: Patience
    model: PatientModel
    lines: tuple[Line, ...]
    conversation: str | None = field(init=False)
    response: str | None = field(init=False)
    start: int = field(init=False)  # the turn's message with which that response begins
    uncertain: bool = field(init=False)  # an earlier request may have been carried out
    last_item: str | None = field(init=False)
    seeded: bool = True
    history_lines: int = SEEDED
    first_delta_at: float | None = None
    trouble: str = ""  # what was met last
    commented_in: str | None = None  # the conversation that holds our words and only commentary

    def __post_init__(self) -> None:
        self.conversation, self.response = self.turn.conversation_id, self.turn.response_id
        self.start = self.turn.response_start
        self.uncertain, self.last_item = self.turn.adopted, self.turn.last_item_id

    async def run(self) -> Heard:
        """Try until there is an answer or it is time to give up."""
        try:
            return await self._try()
        except OutOfPatience:
            await self._end()
            raise OutOfPatience(self.trouble) from None
        except SportelloError:
            await self._end()
            raise

    async def _end(self) -> None:
        """There is no answer; one that may still come would hold its conversation meanwhile."""
        if self.uncertain:
            await self._leave_conversation()

    async def _try(self) -> Heard:
        tried = recoveries = strays = 0
        while True:
            try:
                answer = await self._once()
                if answer.outcome is Outcome.COMMENTARY and self.commented_in is None:
                    self._ask_once_more()
                    continue
                return Heard(answer, self.first_delta_at)
            except InDoubt as error:
                self.tools.telemetry.record("answer in doubt", turn=self.turn.fence.turn)
                self.uncertain = True
                recoveries += 1
                strays += isinstance(error, NoStream)
                if strays >= STRAYS:
                    raise GiveUp(str(error)) from None
                if recoveries > RECOVERIES:
                    raise GiveUp("the stream was cut again and again") from None
                self.trouble = str(error)
                await self.patience.sleep(MODEL.delay(recoveries - 1) or 0.0)
            except (ConversationGone, ContextOverflow, CallUnanswered) as error:
                recoveries += 1
                if recoveries > RECOVERIES:
                    raise
                await self._mend(error)
            except OutOfCredit:
                raise
            except RetryLater as error:
                delay = MODEL.delay(tried, at_least=error.after)
                if delay is None:
                    raise
                tried += 1
                self.tools.telemetry.record("model delayed", cause=error.cause, seconds=delay)
                self.trouble = error.cause
                await self.patience.sleep(delay)

    def _ask_once_more(self) -> None:
        self.tools.telemetry.record("only commentary", turn=self.turn.fence.turn)
        self.commented_in, self.uncertain = self.conversation, False

    async def _once(self) -> Answer:
        commented = self.conversation is not None and self.conversation == self.commented_in
        self.lines = (Line(Role.DESK, SPEAK),) if commented else self.brief.lines
        conversation = self.conversation if self.uncertain else None
        if conversation and (answer := await self._recover(conversation)):
            self.speech.hear_again(self.start)
            self.speech.rest(answer.bubbles)
            return answer
        await self._continue()
        conversation = self.conversation or await self._open_conversation()
        if not self.seeded:
            await self._seed(conversation)
        return await self._ask(conversation)

    async def _ask(self, conversation: str) -> Answer:
        if await self.tools.lease.regain():  # raises Stale if the turn was adopted meanwhile
            await self.tools.journal.do(StoreBegan(self.turn.fence, self.response, self.start))
        start = self.speech.written
        try:
            async with aclosing(self.model.ask(self._question(conversation))) as events:
                async for event in events:
                    if answer := await self._take(event, start=start):
                        return answer
        except OutOfPatience:
            self.uncertain = True
            raise
        raise InDoubt("the stream ended without an answer")

    async def _take(self, event: ModelEvent, *, start: int) -> Answer | None:
        """An event of an answer whose first message is the turn's number `start`."""
        match event:
            case Began(response_id):
                self.response, self.start, self.uncertain = response_id, start, False
                await self.tools.journal.do(StoreBegan(self.turn.fence, response_id, start))
            case Speaking():
                self.first_delta_at = self.first_delta_at or self.tools.clock.now()
            case BubbleClosed(text):
                written = self.speech.written
                self.speech.next(text)
                if self.speech.written > written:
                    self.patience.renew()
            case Answer(outcome=Outcome.FAILED, cause=cause):
                raise RetryLater(0.0, cause)  # to go on after the bubbles that were said
            case Answer() as answer:
                self.speech.rest(answer.bubbles)
                return answer
        return None

    def _question(self, conversation: str) -> Question:
        return Question(
            conversation_id=conversation,
            model=self.brief.model,
            effort=self.brief.effort,
            instructions=self.brief.instructions,
            lines=self.lines,
            cache_key=self.brief.cache_key,
            safety_identifier=self.brief.safety_identifier,
        )

    # ---------------------------------------------------------------- conversations

    async def _open_conversation(self) -> str:
        """A new conversation, its id stored before it is used."""
        created = await self.model.create_conversation()
        await self.tools.journal.do(SetConversation(self.turn.fence, self.turn.thread, created))
        self.conversation, self.last_item, self.seeded = created, None, False
        return created

    async def _seed(self, conversation: str) -> None:
        """What was said before; begun again it goes on where it stopped."""
        if lines := await self.tools.history(self.turn, self.history_lines):
            await self.model.seed(conversation, lines)
        self.seeded = True

    async def _mend(self, error: GiveUp) -> None:
        self.tools.telemetry.record("conversation mended", cause=type(error).__name__)
        match error:
            case CallUnanswered(call_ids=call_ids) if self.conversation:
                await self.model.answer_calls(self.conversation, call_ids)
            case ContextOverflow():
                self.history_lines //= 4
                await self._leave_conversation()
            case _:
                self.conversation = self.response = None

    async def _leave_conversation(self) -> None:
        """Nobody will use it again: it is erased later."""
        if self.conversation:
            later = self.tools.clock.now() + ERASED_AFTER_SECONDS
            await self.tools.journal.do(
                SetConversation(self.turn.fence, self.turn.thread, None, self.conversation, later)
            )
        self.conversation = self.response = None

    # ---------------------------------------------------------------- recovery

    async def _recover(self, conversation: str) -> Answer | None:
        """The answer to an earlier request, if there is one; else `lines` say what to ask."""
        if self.response and (answer := await self._retrieve(self.response)):
            if answer.outcome is not Outcome.RUNNING:
                return answer
            await self._leave_conversation()  # the old answer may still arrive there
            return None
        return await self._find(conversation)

    async def _retrieve(self, response_id: str) -> Answer | None:
        """The answer by its id, waited for while it runs; None when it failed or is unknown."""
        until = self.tools.clock.boottime() + self.tools.running_seconds
        answer = await self._look_up(response_id)
        while answer and answer.outcome is Outcome.RUNNING and self.tools.clock.boottime() < until:
            await self.patience.sleep(1.0)
            answer = await self._look_up(response_id)
        return answer

    async def _look_up(self, response_id: str) -> Answer | None:
        try:
            answer = await self.model.retrieve(response_id)
        except GiveUp:
            return None
        return None if answer.outcome is Outcome.FAILED else answer

    async def _find(self, conversation: str) -> Answer | None:
        """Look for our words, and an answer to them, at the end of the conversation."""
        items = await self.model.items_after(conversation, self.last_item)
        start = _find_words(items, [line.text for line in self.brief.lines])
        if start is None:
            return None
        said, seen = _split_continued(items[start:])
        spoken = [item for item in said if item.role is Role.ASSISTANT]
        if not spoken:
            self.lines = ()
            return None
        self.start = seen
        bubbles = tuple(bubble for item in spoken for bubble in item.bubbles)
        return Answer(
            response_id=self.response or "",
            outcome=Outcome.COMPLETED,
            bubbles=bubbles,
            last_item_id=items[-1].item_id,
            usage=Usage(),
            model=self.brief.model,
        )

    async def _continue(self) -> None:
        """What the client has seen goes along, so that the model does not say it again."""
        seen = self.speech.heard
        if not seen:
            return
        await self.speech.go_on()
        self.lines = (
            *self.lines,
            *(Line(Role.ASSISTANT, text) for text in seen),
            Line(Role.DESK, CONTINUE),
        )


def _split_continued(items: Sequence[Item]) -> tuple[Sequence[Item], int]:
    """What was said behind the last request to go on, and how many messages went along with it."""
    ends = [at for at, item in enumerate(items) if item.role is Role.DESK]
    if not ends:
        return items, 0
    before = items[ends[-2] + 1 if len(ends) > 1 else 0 : ends[-1]]
    seen = (len(item.bubbles) for item in before if item.role is Role.ASSISTANT)
    return items[ends[-1] + 1 :], sum(seen)


def _find_words(items: Sequence[Item], words: Sequence[str]) -> int | None:
    """Where the items behind our words begin, searched from the end."""
    size = len(words)
    for start in range(len(items) - size, -1, -1):
        said = items[start : start + size]
        ours = all(item.role is Role.CLIENT for item in said)
        if size and ours and [" ".join(item.bubbles) for item in said] == list(words):
            return start + size
    return None
