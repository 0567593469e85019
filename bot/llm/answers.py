"""What comes back: responses and items, read into answers and bubbles."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.core.reply import Ending, ReplyParser, read_reply
from bot.ports import Answer, Item, Outcome, Role, Usage

_TEXTS = frozenset({"output_text", "input_text", "text"})
_ROLES = frozenset(role.value for role in Role)


@dataclass(slots=True)
class Spoken:
    """What the model says in one response, as it comes; usually one text.

    Where it is more than one, each is a reply of its own, and their bubbles follow one another.
    """

    refusal: str = ""
    given: int = 0  # bubbles
    _earlier: tuple[str, ...] = ()
    _place: object = None
    _parser: ReplyParser = field(default_factory=ReplyParser)

    @property
    def heard(self) -> bool:
        """Whether anything was said yet."""
        return self._place is not None or bool(self.refusal)

    def hear(self, delta: str, *, place: object) -> tuple[str, ...]:
        """Take a piece of the text at this place of the output; the bubbles that it closes."""
        fresh: tuple[str, ...] = ()
        if place != self._place:
            fresh = self._begin(place)
        fresh += self._parser.feed(delta)
        self.given += len(fresh)
        return fresh

    def bubbles(self, ending: Ending) -> tuple[str, ...]:
        """Every bubble, what was given included."""
        return self._earlier + self._parser.finish(ending, refusal=self.refusal)

    def _begin(self, place: object) -> tuple[str, ...]:
        self._place, self._earlier = place, self._earlier + self._parser.finish()
        self._parser = ReplyParser()
        return self._earlier[self.given :]


def read_output(output: list[Mapping[str, Any]]) -> Spoken:
    """What was said in a response that is over."""
    spoken = Spoken()
    for item in output:
        for part in item.get("content") or ():
            if part.get("type") == "refusal":
                spoken.refusal += part.get("refusal", "")
            elif part.get("type") == "output_text":
                spoken.hear(part.get("text", ""), place=id(part))
    return spoken


def read_answer(response: Mapping[str, Any], spoken: Spoken | None = None) -> Answer:
    """A response object as an answer; `spoken` is what was heard of it, if it was streamed."""
    output = response.get("output") or []
    if spoken is None or not spoken.heard:
        spoken = read_output(output)
    cause = _read_cause(response)
    outcome, ending = _read_status(response.get("status"), cause)
    if outcome is Outcome.COMPLETED and spoken.refusal:
        outcome = Outcome.REFUSED
    return Answer(
        response_id=response.get("id", ""),
        outcome=outcome,
        bubbles=spoken.bubbles(ending),
        last_item_id=output[-1].get("id") if output else None,
        usage=_read_usage(response.get("usage") or {}),
        model=response.get("model", ""),
        cause=cause,
    )


def read_item(item: Mapping[str, Any]) -> Item:
    """An item of a conversation."""
    role = item.get("role") if item.get("type") == "message" else None
    if role not in _ROLES:
        return Item(item["id"], None, ())
    if role != Role.ASSISTANT:
        return Item(item["id"], Role(role), (read_text(item),))
    ending = Ending.CUT if item.get("status") == "incomplete" else Ending.WHOLE
    refusal = "".join(part.get("refusal", "") for part in _parts(item))
    return Item(item["id"], Role.ASSISTANT, read_reply(read_text(item), ending, refusal=refusal))


def read_text(item: Mapping[str, Any]) -> str:
    """The text of a message item, as it stands there."""
    return "".join(part.get("text", "") for part in _parts(item) if part.get("type") in _TEXTS)


def _parts(item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from item.get("content") or ()


def _read_status(status: str | None, cause: str) -> tuple[Outcome, Ending]:
    match status:
        case "completed":
            return Outcome.COMPLETED, Ending.WHOLE
        case "incomplete":
            # What a content filter stopped is not shown further than it was.
            cut = cause == "max_output_tokens"
            return Outcome.INCOMPLETE, Ending.CUT if cut else Ending.BROKEN
        case "in_progress" | "queued":
            return Outcome.RUNNING, Ending.BROKEN
        case _:
            return Outcome.FAILED, Ending.BROKEN


def _read_cause(response: Mapping[str, Any]) -> str:
    error = response.get("error") or {}
    details = response.get("incomplete_details") or {}
    return str(error.get("code") or details.get("reason") or "")


def _read_usage(usage: Mapping[str, Any]) -> Usage:
    details = usage.get("input_tokens_details") or {}
    return Usage(
        input_tokens=usage.get("input_tokens") or 0,
        cached_tokens=details.get("cached_tokens") or 0,
        output_tokens=usage.get("output_tokens") or 0,
    )
