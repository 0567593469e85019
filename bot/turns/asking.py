"""What one attempt asks the model."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.core.calls import Output
from bot.ports import Line, Question, Speaker
from bot.turns.brief import Brief
from bot.turns.calls import TurnCalls
from bot.turns.conversations import Conversations

CONTINUE: Final = (
    "The connection broke while you were answering. The client has already received the bubbles"
    " above. Go on from there: do not greet again and do not repeat them."
)
SPEAK: Final = (
    "The client sees no commentary and has received nothing yet. Give the final answer now."
)
SEEN: Final = "The client has received what you said beside these calls. Do not repeat it."
UNSEEN: Final = "The client has not received what you said beside these calls."


@dataclass(frozen=True, slots=True)
class Asking:
    """What goes to the conversation: of the moment, of what was called, of the client."""

    told: tuple[Line, ...] = ()
    lines: tuple[Line, ...] = ()
    outputs: tuple[Output, ...] = ()

    def going_on(self, seen: Sequence[str]) -> "Asking":
        """What the client has seen goes along, so that the model does not say it again."""
        said = (Line(Speaker.ASSISTANT, text) for text in seen)
        return replace(self, lines=(*self.lines, *said, Line(Speaker.DESK, CONTINUE)))

    def question(
        self, brief: Brief, calls: TurnCalls, where: Conversations, conversation: str
    ) -> Question:
        """The model call."""
        return Question(
            conversation_id=conversation,
            model=brief.model,
            effort=brief.effort,
            instructions=brief.instructions,
            opens=where.empty,
            told=self.told,
            lines=self.lines,
            cache_key=brief.cache_key,
            safety_identifier=brief.safety_identifier,
            tools=calls.definitions,
            outputs=self.outputs,
            must_speak=calls.must_speak,
            servers=calls.servers.offered,
        )


NOTHING: Final = Asking()  # it is all there


def ask_for_speech() -> Asking:
    """Where there was nothing but commentary."""
    return Asking(lines=(Line(Speaker.DESK, SPEAK),))
