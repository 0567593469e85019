"""Finding an answer to a turn's words among the items of its conversation. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.calls import Call, RemoteCall
from bot.ports import Answer, AnswerState, Item, Speaker, Usage
from db.records import NOTHING_STATED, Stated


@dataclass(frozen=True, slots=True)
class Found:
    """What stands behind our words: bubbles, and how many went along with a request to go on.

    Neither bubbles nor calls: the words are there and wait for an answer.
    """

    bubbles: tuple[str, ...]
    seen: int
    last_item_id: str
    stated: Stated = NOTHING_STATED
    calls: tuple[Call, ...] = ()
    remote: tuple[RemoteCall, ...] = ()

    def as_answer(self, response_id: str, model: str) -> Answer:
        """One that is over; what calls, and never got an id of ours, is known by its last item."""
        return Answer(
            response_id=self.last_item_id if self.calls else response_id,
            state=AnswerState.COMPLETED,
            bubbles=self.bubbles,
            last_item_id=self.last_item_id,
            usage=Usage(),
            model=model,
            stated=self.stated,
            calls=self.calls,
            remote=self.remote,
        )


def find_answer(items: Sequence[Item], words: Sequence[str]) -> Found | None:
    """Look for our words at the end of the conversation; None when they are not there."""
    start = _find_words(items, words)
    return None if start is None else _read(items, start)


def find_after(items: Sequence[Item], call_ids: Sequence[str]) -> Found | None:
    """Look for what stands behind the outputs of these calls; None when they are not there."""
    for start, item in reversed([*enumerate(items, 1)]):
        if item.answers in call_ids:
            return _read(items, start)
        if item.call and item.call.call_id in call_ids:
            return None  # an output before the call is another's, which had the same id
    return None


def _read(items: Sequence[Item], start: int) -> Found:
    said, seen = _split_continued(items[start:])
    replies = [item for item in said if item.role is Speaker.ASSISTANT]
    bubbles = tuple(bubble for item in replies for bubble in item.bubbles)
    stated = replies[-1].stated if replies else NOTHING_STATED
    calls = [
        item.call
        for at, item in enumerate(said, 1)
        if item.call and all(one.answers != item.call.call_id for one in said[at:])
    ]
    remote = tuple(item.remote for item in said if item.remote)
    return Found(bubbles, seen, items[-1].item_id, stated, tuple(calls), remote)


def _split_continued(items: Sequence[Item]) -> tuple[Sequence[Item], int]:
    """What was said behind the last request to go on, and how many messages went along with it."""
    behind = (at for at, item in enumerate(items, 1) if item.role is Speaker.DESK)
    starts = [0, *behind]
    before = items[starts[-2] : starts[-1]] if len(starts) > 1 else ()
    seen = (len(item.bubbles) for item in before if item.role is Speaker.ASSISTANT)
    return items[starts[-1] :], sum(seen)


def _find_words(items: Sequence[Item], words: Sequence[str]) -> int | None:
    """Where the items behind our words begin, searched from the end."""
    size = len(words)
    for start in reversed(range(len(items))):
        said = items[start : start + size]
        ours = all(item.role is Speaker.CLIENT for item in said)
        if size and ours and [" ".join(item.bubbles) for item in said] == list(words):
            return start + size
    return None
