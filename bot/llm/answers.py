"""What comes back: responses and items, read into answers and bubbles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.core.calls import Call
from bot.core.reply import ReplyEnd, ReplyParser
from bot.llm.mcp import is_approval, is_remote, read_approval, read_remote
from bot.llm.refusal import as_code
from bot.llm.requests import APPROVAL
from bot.ports import Answer, AnswerState, Item, Speaker, Usage
from db.records import NOTHING_STATED, Stated

_TEXTS = frozenset({"output_text", "input_text", "text"})
_PHASES = frozenset({None, "", "final_answer"})  # older models have none
_WHOLE = frozenset({None, "completed"})
_ROLES = frozenset(role.value for role in Speaker)


@dataclass(slots=True)
class ResponseText:
    """What the model says in one response, as it comes; usually one text.

    Where it is more than one, each is a reply of its own, and their bubbles follow one another.
    Commentary, such as a plan, is none, and an item that comes again under its id is said once.
    """

    refusal: str = ""
    given: int = 0  # bubbles
    whole: bool = False  # no bubble is to come, whatever becomes of the response
    item_id: str | None = None  # of the item that was heard last
    asides: set[object] = field(default_factory=set)  # items that are commentary
    _earlier: tuple[str, ...] = ()
    _stated: Stated = NOTHING_STATED  # of an earlier text
    _place: tuple[object, object] | None = None  # item of the output, part of its content
    _parser: ReplyParser = field(default_factory=ReplyParser)
    _heard_at: dict[str, object] = field(default_factory=dict)  # where each id was heard first

    @property
    def heard(self) -> bool:
        """Whether anything was said yet."""
        return self._place is not None or bool(self.refusal)

    def hear(
        self, delta: str, *, place: tuple[object, object], item_id: str | None
    ) -> tuple[str, ...]:
        """Take a piece of the text at this place of the output; the bubbles that it closes."""
        fresh: tuple[str, ...] = ()
        if place != self._place:
            if not self._attends(delta, item=place[0], item_id=item_id):
                return ()
            if self._place:  # what was said there is over
                self._earlier += self._parser.finish()
                self._stated = self.stated
                self._parser = ReplyParser()
            self._place, self.whole = place, False
            fresh = self._earlier[self.given :]
        fresh += self._parser.feed(delta)
        if "]" in delta or "}" in delta:
            self.whole = self._parser.whole
        self.given += len(fresh)
        return fresh

    def refuse(self, delta: str, *, item: object, item_id: str | None) -> None:
        """Take a piece of a refusal."""
        if self._attends(delta, item=item, item_id=item_id):
            self.refusal += delta

    def learn(self, item: Mapping[str, Any], *, place: object) -> None:
        """Take what is known of an item: it may be commentary, though it began like a reply."""
        if not _is_reply(item):
            self.asides.add(place)
            if self._place and self._place[0] == place:
                self._drop()
        elif item.get("status") == "completed" and self._place and self._place[0] == place:
            self.whole = True

    def bubbles(self, ending: ReplyEnd) -> tuple[str, ...]:
        """Every bubble, what was given included."""
        return self._earlier + self._parser.finish(ending, refusal=self.refusal)

    @property
    def stated(self) -> Stated:
        """What the reply says of itself; of several, the last one that says anything."""
        stated = self._parser.stated
        return self._stated if stated == NOTHING_STATED else stated

    def _attends(self, delta: str, *, item: object, item_id: str | None) -> bool:
        """Whether this piece belongs to a reply, and to one that was not said before."""
        if not delta or item in self.asides:
            return False
        if item_id and self._heard_at.setdefault(item_id, item) != item:
            return False
        self.item_id = item_id
        return True

    def _drop(self) -> None:
        """Forget the present text, but for the bubbles that were given."""
        self._earlier = (self._earlier + self._parser.finish())[: self.given]
        self._place, self._parser, self.whole = None, ReplyParser(), False


def read_output(output: Sequence[Mapping[str, Any]]) -> ResponseText:
    """What was said in a response that is over."""
    spoken = ResponseText()
    for index, item in enumerate(output):
        spoken.learn(item, place=index)
        for number, part in enumerate(item.get("content") or ()):
            if part.get("type") == "refusal":
                spoken.refuse(part.get("refusal") or "", item=index, item_id=item.get("id"))
            elif part.get("type") == "output_text":
                text = part.get("text") or ""
                spoken.hear(text, place=(index, number), item_id=item.get("id"))
    return spoken


def read_answer(
    response: Mapping[str, Any],
    spoken: ResponseText | None = None,
    remote: Sequence[Mapping[str, Any]] = (),
) -> Answer:
    """A response object as an answer.

    `spoken`: what was heard of it, if it was streamed. `remote`: what was called meanwhile.
    """
    output = response.get("output") or []
    spoken = spoken or ResponseText()
    for place, item in enumerate(output):
        spoken.learn(item, place=place)
    commented = bool(spoken.asides)
    if not spoken.heard:
        spoken = read_output(output)
    error, cut = response.get("error") or {}, response.get("incomplete_details") or {}
    cause = as_code(str(error.get("code") or cut.get("reason") or ""))
    kept = response.get("conversation")
    conversation = kept.get("id") if isinstance(kept, Mapping) else kept
    state, ending = _read_status(response.get("status"), cause)
    bubbles = spoken.bubbles(ending)
    calls, broken = _read_calls(output, whole=state is AnswerState.COMPLETED)
    if state is AnswerState.COMPLETED and spoken.refusal:
        state = AnswerState.REFUSED
    elif state is AnswerState.COMPLETED and commented and not (bubbles or calls):
        state = AnswerState.COMMENTARY
    return Answer(
        response_id=response.get("id", ""),
        state=state,
        bubbles=bubbles,
        last_item_id=output[-1].get("id") if output else spoken.item_id,
        usage=_read_usage(response.get("usage") or {}),
        model=response.get("model", ""),
        cause=cause,
        conversation_id=conversation if isinstance(conversation, str) else None,
        stated=spoken.stated,
        calls=calls,
        broken=broken,
        remote=tuple(read_remote(one) for one in output or remote if is_remote(one)),
    )


def _read_calls(
    output: Sequence[Mapping[str, Any]], *, whole: bool
) -> tuple[tuple[Call, ...], tuple[str, ...]]:
    """The calls of a response, each once, and the ids of those that are not to be carried out.

    Two calls may have one id; an item that comes again is the same call.
    """
    proposed = {_read_call(item): item for item in output if _is_call(item)}
    fit = [call for call, item in proposed.items() if whole and item.get("status") in _WHOLE]
    return tuple(fit), tuple(call.call_id for call in proposed if call not in fit)


def _is_call(item: Mapping[str, Any]) -> bool:
    own = item.get("type") == "function_call" and isinstance(item.get("call_id"), str)
    return own or is_approval(item)


def _read_call(item: Mapping[str, Any]) -> Call:
    if is_approval(item):
        return read_approval(item)
    return Call(item["call_id"], str(item.get("name") or ""), str(item.get("arguments") or ""))


def read_item(item: Mapping[str, Any]) -> Item:
    """An item of a conversation; commentary is no message of the dialogue."""
    if _is_call(item):
        return Item(item["id"], None, (), call=_read_call(item))
    if answers := _answers(item):
        return Item(item["id"], None, (), answers=answers)
    if is_remote(item):
        return Item(item["id"], None, (), remote=read_remote(item))
    role = item.get("role") if item.get("type") == "message" else None
    if role not in _ROLES or (role == Speaker.ASSISTANT and not _is_reply(item)):
        return Item(item["id"], None, ())
    if role != Speaker.ASSISTANT:
        return Item(item["id"], Speaker(role), (text_of(item),))
    ending = ReplyEnd.CUT if item.get("status") == "incomplete" else ReplyEnd.WHOLE
    spoken = read_output([item])
    return Item(item["id"], Speaker.ASSISTANT, spoken.bubbles(ending), spoken.stated)


def _answers(item: Mapping[str, Any]) -> str | None:
    """The id of the call whose output it is."""
    if item.get("type") == "mcp_approval_response":
        return f"{APPROVAL}{item.get('approval_request_id')}"
    return item.get("call_id") if item.get("type") == "function_call_output" else None


def text_of(item: Mapping[str, Any]) -> str:
    """The text of a message item, as it stands there or is to be written."""
    parts = item.get("content") or ()
    if isinstance(parts, str):
        return parts
    return "".join(part.get("text", "") for part in parts if part.get("type") in _TEXTS)


def _is_reply(item: Mapping[str, Any]) -> bool:
    """Whether an item is meant for the client; a phase that nobody knows yet is not."""
    return item.get("phase") in _PHASES


def _read_status(status: str | None, cause: str) -> tuple[AnswerState, ReplyEnd]:
    match status:
        case "completed":
            return AnswerState.COMPLETED, ReplyEnd.WHOLE
        case "incomplete":
            # What a content filter stopped is not shown further than it was.
            cut = cause == "max_output_tokens"
            return AnswerState.INCOMPLETE, ReplyEnd.CUT if cut else ReplyEnd.BROKEN
        case "in_progress" | "queued":
            return AnswerState.RUNNING, ReplyEnd.BROKEN
        case _:
            return AnswerState.FAILED, ReplyEnd.BROKEN


def _read_usage(usage: Mapping[str, Any]) -> Usage:
    details = usage.get("input_tokens_details") or {}
    return Usage(
        input_tokens=usage.get("input_tokens") or 0,
        cached_tokens=details.get("cached_tokens") or 0,
        output_tokens=usage.get("output_tokens") or 0,
    )
