"""Getting a turn's answer from the model, over cut streams, crashes and lost conversations."""

from contextlib import aclosing, suppress
from dataclasses import dataclass

from bot.core.waits import MODEL, RECOVERIES, RECOVERY
from bot.errors import (
    CallUnanswered,
    ChatGone,
    ContextOverflow,
    ConversationGone,
    GiveUp,
    InDoubt,
    ModelRefused,
    NoStream,
    OutOfCredit,
    OutOfPatience,
    RetryElsewhere,
    RetryLater,
    ServersDown,
    SportelloError,
    Unauthorized,
    Unserved,
    cause_of,
)
from bot.ports import (
    AllSaid,
    Answer,
    AnswerState,
    Began,
    BubbleClosed,
    Clock,
    Model,
    ModelEvent,
    Speaking,
    Telemetry,
)
from bot.turns.asking import NOTHING, Asking
from bot.turns.brief import Brief
from bot.turns.calls import TurnCalls
from bot.turns.conversations import Conversations, History
from bot.turns.found import find_after, find_answer
from bot.turns.lease import Lease
from bot.turns.patience import Patience, PatientModel
from bot.turns.retrieving import Retrieving
from bot.turns.spares import Spares
from bot.turns.speech import Speech
from bot.turns.steps import Steps
from bot.turns.told import write_told
from db.journal import Journal
from db.operations import NoteResponse
from db.records import Turn

RUNNING_SECONDS = 30.0
STRAYS = 2  # answers that were no stream at all: a third would hardly be one
LOCKED_SECONDS = (0.15, 0.3, 0.6)  # a conversation holds on to itself after an answer with calls


@dataclass(frozen=True, slots=True)
class Answering:
    """What an answer needs besides its turn."""

    model: Model
    journal: Journal
    clock: Clock
    lease: Lease
    telemetry: Telemetry
    spares: Spares
    history: History
    running_seconds: float = RUNNING_SECONDS  # for an answer that goes on without us

    async def answer(
        self, turn: Turn, brief: Brief, speech: Speech, patience: Patience, calls: TurnCalls
    ) -> "Heard":
        """Say the whole answer, and carry out what it calls.

        Raises GiveUp, RetryLater or OutOfPatience when there is none to be had.
        """
        model = PatientModel(self.model, patience)
        where = Conversations(
            turn, model, self.journal, self.clock, self.spares, self.history, asks=brief.model
        )
        tries = _Attempts(
            tools=self,
            turn=turn,
            brief=brief,
            speech=speech,
            patience=patience,
            model=model,
            conversations=where,
            steps=Steps(brief, calls, speech, where),
            retrieving=Retrieving(model, self.clock, self.telemetry, self.running_seconds),
            response=turn.response_id,
            start=turn.response_start,
            uncertain=turn.adopted,
        )
        try:
            return await tries.run()
        except SportelloError as error:
            await where.end(running=tries.uncertain)
            if isinstance(error, OutOfPatience) and (met := tries.met):
                raise OutOfPatience(cause_of(met)).because(met.why) from None
            raise


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
    conversations: Conversations
    steps: Steps
    retrieving: Retrieving
    response: str | None
    start: int  # the turn's message with which that response begins
    uncertain: bool  # an earlier request may have been carried out
    tried: int = 0
    recoveries: int = 0
    strays: int = 0
    first_delta_at: float | None = None
    met: SportelloError | None = None  # last
    unanswered: tuple[str, ...] = ()  # function calls in the conversation that is asked
    asking: Asking = NOTHING
    locked: int = 0

    async def run(self) -> Heard:
        """Try until there is an answer that calls nothing more, or it is time to give up."""
        await self.steps.resume()
        while True:
            if self.patience.stopped:
                await self._leave_answered()
                raise OutOfPatience
            try:
                answer = await self._once()
                if not await self._goes_on(answer):
                    return Heard(self.steps.summed(answer), self.first_delta_at)
            except InDoubt as error:
                await self._recover_soon(error)
            except (ChatGone, OutOfCredit, Unauthorized, Unserved):
                raise  # no other conversation would help
            except RetryLater as error:
                await self._retry(error)
            except CallUnanswered as error:
                self._answer_soon(error)
            except ServersDown as error:
                await self._leave_out(error)
            except GiveUp as error:
                self._ask_elsewhere(error, running=False)

    async def _leave_answered(self) -> None:
        """The client wants no more: no call of the last answer is left without its output."""
        asked, outputs = self.conversations.asked, self.steps.due
        if asked and outputs and not self.uncertain:
            with suppress(SportelloError):  # what cannot be done now is mended by the next turn
                await self.model.answer_calls(asked, outputs)

    async def _recover_soon(self, error: InDoubt) -> None:
        cause = cause_of(error)
        self.tools.telemetry.record("answer in doubt", turn=self.turn.fence.turn, cause=cause)
        self.uncertain, self.met = True, error
        self.recoveries += 1
        self.strays += isinstance(error, NoStream)
        if self.strays >= STRAYS:
            raise GiveUp(str(error)).because(error.why) from None
        if (delay := RECOVERY.delay(self.recoveries - 1)) is None:
            self._ask_elsewhere(error, running=True)
            return
        await self.patience.sleep(delay)

    async def _retry(self, error: RetryLater) -> None:
        is_locked = error.why is not None and error.why.code == "conversation_locked"
        if is_locked and self.asking.outputs and self.locked < len(LOCKED_SECONDS):
            self.locked += 1
            await self.patience.sleep(LOCKED_SECONDS[self.locked - 1])
            return
        delay = MODEL.delay(self.tried, at_least=error.after)
        if delay is None:
            if not isinstance(error, RetryElsewhere):
                raise error
            self._ask_elsewhere(error, running=self.uncertain)
            return
        self.tried += 1
        self.met = error
        self.tools.telemetry.record("model delayed", cause=error.cause, seconds=delay)
        await self.patience.sleep(delay)

    def _answer_soon(self, error: CallUnanswered) -> None:
        self.recoveries += 1
        if self.recoveries > RECOVERIES:
            self._ask_elsewhere(error, running=False)
            return
        self.tools.telemetry.record("conversation mended", turn=self.turn.fence.turn)
        self.conversations.holds()
        self.unanswered = error.call_ids

    async def _leave_out(self, error: ServersDown) -> None:
        """Ask without these servers; elsewhere, where the answer that waits for one may go on."""
        if not await self.steps.calls.servers.leave_out(error.labels):
            self._ask_elsewhere(error, running=error.running)
        elif error.running:
            self.conversations.move(running=True)
            self.response, self.uncertain = None, False
            self.steps.leave()

    def _ask_elsewhere(self, error: SportelloError, *, running: bool) -> None:
        """Waiting mends nothing here: ask a new conversation; one that is new is not at fault."""
        cause, where = cause_of(error), self.conversations
        shorter = isinstance(error, ContextOverflow)
        # What was called may be what is too long: a new one is told of it in short.
        may_shorten = not where.shortest or bool(self.asking.outputs)
        again = isinstance(error, ConversationGone) or (shorter and may_shorten)
        self.recoveries += again
        if where.fresh and (not again or self.recoveries > RECOVERIES):
            raise ModelRefused(cause).because(error.why) from error
        self.tools.telemetry.record("conversation refused", cause=cause)
        where.move(running=running, shorter=shorter)
        self.response, self.uncertain, self.met, self.tried = None, False, error, 0
        self.unanswered = ()
        self.steps.leave()

    async def _goes_on(self, answer: Answer) -> bool:
        """Whether another answer is asked for, after this one."""
        telemetry, turn = self.tools.telemetry, self.turn.fence.turn
        if self.steps.goes_on(answer):
            await self.steps.go_on(answer, start=self.start)
            self.uncertain, self.tried, self.locked = False, 0, 0
            return True
        if answer.state is AnswerState.COMMENTARY and self.steps.comment():
            telemetry.record("only commentary", turn=turn)
            self.uncertain = False
            return True
        if answer.calls:
            telemetry.record("not called any more", turn=turn)
        return False

    async def _once(self) -> Answer:
        asked = self.conversations.asked
        if asked and self.unanswered:
            outputs = await self.steps.calls.stored(self.unanswered)
            await self.model.answer_calls(asked, outputs)
            self.steps.mended.update(self.unanswered)
            self.unanswered = ()
        self.asking = self.steps.asking(asked)
        if self.uncertain and (answer := await self._recover()):
            if not self.steps.goes_on(answer):
                self.speech.hear_again(self.start)
                await self.steps.end(answer)
            return answer
        if seen := self.speech.heard[self.steps.begins :]:
            await self.speech.go_on()
            self.asking = self.asking.going_on(seen)
        return await self._ask(await self.conversations.open())

    async def _ask(self, conversation: str) -> Answer:
        if await self.tools.lease.regain():  # raises Stale if the turn was adopted meanwhile
            await self._note_response()
        start = self.speech.written
        question = self.asking.question(
            self.brief, self.steps.calls, self.conversations, conversation
        )
        try:
            async with aclosing(self.model.ask(question)) as events:
                async for event in events:
                    if answer := await self._take(event, start=start):
                        await self.conversations.answered(conversation)
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
                await self._note_response()
            case Speaking():
                self.first_delta_at = self.first_delta_at or self.tools.clock.now()
            case BubbleClosed(text):
                written = self.speech.written
                await self.speech.next(text)
                if self.speech.written > written:
                    self.patience.renew()
            case AllSaid() if self.speech.written > start:
                self.speech.lane.all_said()
            case Answer(state=AnswerState.FAILED, cause=cause):
                raise RetryElsewhere(0.0, cause)  # to go on after the bubbles that were said
            case Answer() as answer:
                if not self.steps.goes_on(answer):
                    await self.steps.end(answer)
                return answer
        return None

    async def _note_response(self) -> None:
        told = write_told(self.brief.told)
        await self.tools.journal.do(
            NoteResponse(self.turn.fence, self.response, told=told, start=self.start)
        )

    # ---------------------------------------------------------------- recovery

    async def _recover(self) -> Answer | None:
        """The answer to an earlier request, if there is one; else `asking` says what to ask."""
        called = self.response and self.steps.calls.knows(self.response)
        if self.response and not called and (answer := await self.retrieving.answer(self.response)):
            if answer.state is not AnswerState.RUNNING:
                if told := answer.conversation_id or self.conversations.asked:
                    await self.conversations.answered(told)
                return answer
            self.conversations.move(running=True)  # the old answer may still arrive there
            self.response, self.uncertain = None, False
            self.steps.leave()
            self.asking = self.steps.asking(None)
            return None
        asked = self.conversations.asked
        return await self._find(asked) if asked else None

    async def _find(self, conversation: str) -> Answer | None:
        """Look for our words, and an answer to them, at the end of the conversation."""
        items = await self.model.items_after(conversation, self.conversations.last_item)
        if items:
            self.conversations.holds()
        if outputs := self.asking.outputs:
            found = find_after(items, [one.call_id for one in outputs])
        else:
            found = find_answer(items, [line.text for line in self.brief.lines])
        if found is None:
            return None
        if not found.bubbles and not found.calls:
            await self.steps.calls.servers.note(found.as_answer("", self.brief.model))
            self.asking = NOTHING
            return None
        self.start = self.steps.begins + found.seen
        await self.conversations.answered(conversation)
        return found.as_answer(self.response or "", self.brief.model)
