"""One response from its acceptance to its commit, whoever is listening."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from bot.playground.openai.api_error import Json
from bot.playground.openai.draft import Draft, Rhythm, count_closings, split_chunks
from bot.playground.openai.events import Composer, Frame
from bot.playground.openai.faults import Fault, FaultKind, Then
from bot.playground.openai.request import ResponseRequest
from bot.playground.openai.state import Answered, Conversation, State
from bot.playground.openai.timing import Timing
from bot.playground.openai.tokens import count_tokens

RUNNING: Json = {
    "status": "in_progress",
    "completed_at": None,
    "error": None,
    "incomplete_details": None,
    "output": [],
    "usage": None,
}  # what changes in a response object, before it has changed
_CHARS_PER_TOKEN = 4


class Ending(StrEnum):
    """How a response ends, or how its stream breaks off."""

    COMPLETED = "completed"
    INCOMPLETE = "incomplete"
    FAILED = "failed"
    ERROR_EVENT = "error_event"
    ERROR_FIELD = "error_field"
    SILENT_END = "silent_end"
    CUT = "cut"
    PINGS = "pings"


_ENDINGS = {
    FaultKind.INCOMPLETE: Ending.INCOMPLETE,
    FaultKind.FAILED: Ending.FAILED,
    FaultKind.ERROR_EVENT: Ending.ERROR_EVENT,
    FaultKind.ERROR_FIELD: Ending.ERROR_FIELD,
    FaultKind.SILENT_END: Ending.SILENT_END,
    FaultKind.CUT: Ending.CUT,
    FaultKind.PINGS: Ending.PINGS,
}
_BREAKS = frozenset({Ending.SILENT_END, Ending.CUT, Ending.PINGS})


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be written: the chunks that are shown, and how it ends."""

    draft: Draft
    rhythm: Rhythm
    text: str  # all that is generated, shown or not
    chunks: tuple[str, ...]  # of it, what is shown
    ending: Ending
    fault: Fault

    @property
    def seconds(self) -> float:
        """How long the writing takes."""
        further = max(len(self.chunks) - 1, 0)
        return self.rhythm.first_seconds + further * self.rhythm.delta_seconds


def make_plan(draft: Draft, *, fault: Fault, rhythm: Rhythm, max_tokens: int | None) -> Plan:
    """Decide what becomes of a draft under a fault and a token limit."""
    ending = _ENDINGS.get(fault.kind, Ending.COMPLETED)
    text = draft.body
    if max_tokens is not None and count_tokens(text) > max_tokens:
        text, ending = text[: max_tokens * _CHARS_PER_TOKEN], Ending.INCOMPLETE
    chunks = split_chunks(text, rhythm.chunks)
    if fault.kind in _ENDINGS:
        chunks = chunks[: max(fault.after_deltas, 0)]
    if fault.kind is FaultKind.INCOMPLETE:
        text = "".join(chunks)
    return Plan(draft, rhythm, text, chunks, ending, fault)


@dataclass(slots=True)
class Generation:
    """A response under way."""

    request: ResponseRequest
    plan: Plan
    state: State
    conversation: Conversation | None
    answered: Answered
    timing: Timing
    then: Then
    composer: Composer
    usage: Json

    @property
    def stop(self) -> asyncio.Event:
        """Set once nobody listens any more."""
        return self.answered.stop

    def begin(self) -> None:
        """Make the response known as in progress."""
        if self.request.store:
            self.state.responses[self.answered.response_id] = self.answered

    def opening(self) -> Iterator[Frame]:
        """The events up to the last delta that is shown."""
        plan, body = self.plan, RUNNING
        if plan.ending in _BREAKS and plan.fault.after_deltas < 0:
            return
        yield self.composer.whole("response.created", body)
        yield self.composer.whole("response.in_progress", body)
        if self.request.background:
            yield self.composer.whole("response.queued", {**body, "status": "queued"})
        if plan.chunks or plan.ending in {Ending.COMPLETED, Ending.INCOMPLETE}:
            yield from self.composer.output(plan.chunks, count_closings(plan.chunks))

    def closing(self) -> Iterator[Frame]:
        """The events after the last delta. Commits first: who sees the end sees the items."""
        match self.plan.ending:
            case Ending.COMPLETED | Ending.INCOMPLETE:
                body = self.settle()
                yield from self.composer.output_done(self.plan.text, status=body["status"])
                yield self.composer.whole(f"response.{body['status']}", body)
            case Ending.FAILED:
                yield self.composer.whole("response.failed", self.settle())
            case Ending.ERROR_EVENT | Ending.ERROR_FIELD:
                self.settle()
                nested = self.plan.ending is Ending.ERROR_FIELD
                code, message = self.plan.fault.code or "server_error", self.plan.fault.message
                yield self.composer.error(code, message, nested=nested)
            case Ending.SILENT_END | Ending.CUT | Ending.PINGS:
                return
            case _:
                assert_never(self.plan.ending)

    def settle(self) -> Json:
        """End the response and commit it with its items; returns what changed in it."""
        if self._is_cancelled():
            return self.answered.body
        changed = self._outcome()
        self.answered.body.update(changed)
        self.timing.completed = time.monotonic()
        items = [*self.answered.input_items, *changed["output"]]
        self.state.commit(
            self.answered if self.request.store else None,
            conversation=self.conversation,
            items=items if changed["status"] in {"completed", "incomplete"} else [],
        )
        self.release()  # now: the client's next request may come before this one's handler ends
        return changed

    async def outlive(self, seconds: float) -> None:
        """Do what is due once nobody listens any more: finish, later or never."""
        if self._is_cancelled():
            return
        if self.then is Then.DROP:
            self.state.responses.pop(self.answered.response_id, None)
            return
        late = self.plan.fault.then_seconds
        await asyncio.sleep(seconds if late is None else late)
        self.settle()

    def release(self) -> None:
        """Let the next response use the conversation."""
        if self.conversation is not None:
            self.conversation.busy = False

    def _is_cancelled(self) -> bool:
        return bool(self.answered.body["status"] == "cancelled")

    def _outcome(self) -> Json:
        fault, text = self.plan.fault, self.plan.text
        match self.plan.ending:
            case Ending.COMPLETED | Ending.SILENT_END | Ending.CUT | Ending.PINGS:
                return self._finished("completed", text)
            case Ending.INCOMPLETE:
                reason = fault.code or "max_output_tokens"
                details = {"incomplete_details": {"reason": reason}}
                return {**self._finished("incomplete", text), **details}
            case Ending.FAILED | Ending.ERROR_EVENT | Ending.ERROR_FIELD:
                error = {"code": fault.code or "server_error", "message": fault.message}
                return {**RUNNING, "status": "failed", "error": error}
            case _:
                assert_never(self.plan.ending)

    def _finished(self, status: str, text: str) -> Json:
        tokens = count_tokens(text)
        usage = {
            **self.usage,
            "output_tokens": tokens,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": self.usage["input_tokens"] + tokens,
        }
        return {
            **RUNNING,
            "status": status,
            "output": self.composer.items(text, status=status),
            "usage": usage,
            "completed_at": int(time.time()) if status == "completed" else None,
        }
