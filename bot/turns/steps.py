"""A turn's answers: each but the last calls tools, whose outputs the next one is told."""

from dataclasses import dataclass, field, replace

from bot.core.calls import Output
from bot.ports import Answer, Line, Speaker
from bot.turns.asking import SEEN, UNSEEN, Asking, ask_for_speech
from bot.turns.brief import Brief
from bot.turns.calls import TurnCalls
from bot.turns.confirming import answers
from bot.turns.conversations import Conversations
from bot.turns.speech import Speech


@dataclass(slots=True)
class Steps:
    """Which answer is the next one, and what it is asked."""

    brief: Brief
    calls: TurnCalls
    speech: Speech
    conversations: Conversations
    begins: int = 0  # with which of the turn's messages the present one does
    mended: set[str] = field(default_factory=set)  # calls that were answered beside a question
    _calling_in: str | None = None  # the conversation that waits for outputs
    _beside: tuple[Line, ...] = ()  # what is told with them
    _broken: bool = False  # an answer had nothing but pieces of calls
    _commented: bool = False
    _commented_in: str | None = None  # the conversation that holds our words and only commentary

    @property
    def due(self) -> tuple[Output, ...]:
        """Outputs for which the conversation that is asked waits."""
        if self._calling_in is None:
            return ()
        return tuple(one for one in self.calls.outputs if one.call_id not in self.mended)

    def asking(self, conversation: str | None) -> Asking:
        """What this conversation is asked; None: a new one."""
        if conversation and conversation == self._commented_in:
            return ask_for_speech()
        if conversation and conversation == self._calling_in:
            return Asking(lines=self._beside, outputs=self.due)
        told = self.calls.told(anew=conversation is None or self.conversations.empty)
        return Asking((*self.brief.told, *told), self.brief.lines)

    def goes_on(self, answer: Answer) -> bool:
        """Whether another answer follows, once the calls of this one are over."""
        if self.calls.must_speak:
            return False
        if not self.calls.definitions:  # what a server may not do is refused all the same
            return any(call.server for call in answer.calls)
        return bool(answer.calls or (answer.broken and not self._broken))

    async def go_on(self, answer: Answer, *, start: int) -> None:
        """T7 to T9; `start`: with which of the turn's messages that answer began."""
        self._calling_in = answer.conversation_id or self.conversations.asked
        self._commented_in, self._broken = None, self._broken or not answer.calls
        self.mended.clear()
        said = SEEN if self.speech.written > start else UNSEEN
        self._beside = (Line(Speaker.DESK, said),) if answer.bubbles else ()
        await self.calls.servers.note(answer)
        await self.calls.propose(answer, replies=self.speech.written)
        await self._carry_out()

    async def resume(self) -> None:
        """Go on with what a dead process had called."""
        if self.calls.rows:
            self._calling_in = self.conversations.asked if self.calls.awaited else None
            await self._carry_out()

    async def end(self, answer: Answer) -> None:
        """Say what was not heard of it, and what the client has to confirm."""
        await self.calls.servers.note(answer)
        if self.calls.rows and (question := self.calls.question):
            await self.speech.rest(answer.bubbles)
            await self.speech.ask(question, answers(self.calls.language))
        else:
            await self.speech.end(answer)

    async def _carry_out(self) -> None:
        await self.speech.go_on()
        if self.calls.awaited:
            self.conversations.holds()
        self.begins = self.calls.replies
        await self.calls.finish()
        if self.speech.links:
            self.speech.links.learn([one.text for one in self.calls.outputs])

    def leave(self) -> None:
        """A new conversation is asked, which knows nothing of all this."""
        self.begins, self._calling_in = 0, None

    def comment(self) -> bool:
        """There was only commentary: whether the client's answer is asked for once more."""
        if self._commented:
            return False
        self._commented, self._commented_in = True, self.conversations.asked
        self.conversations.holds()
        return True

    def summed(self, answer: Answer) -> Answer:
        """The last answer, with the tokens of all of them."""
        return replace(answer, usage=answer.usage + self.calls.usage)
